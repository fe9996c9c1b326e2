/// Some neighbouring elements that are made at once, and later the results.
///
/// SAFETY: see `StreamJob`.
final class StreamBatch<Element: Sendable, Failure: Error>: StreamJob, @unchecked Sendable {
  /// Makes the elements, up to one for which a closure throws. It may retain the elements of the source.
  typealias Make = @Sendable () -> (elements: [Element], error: Failure?)

  private var make: Make?
  private var elements: [Element] = []
  private(set) var error: Failure?

  init(weight: Int, _ make: @escaping Make) {
    self.make = make
    super.init(weight: weight)
  }

  /// Makes the elements. Before this returns, those of the source are released.
  /// - Returns: Whether a closure has thrown.
  func run() -> Bool {
    (elements, error) = make.take()!()
    // So that they can be returned, and destroyed, one after another.
    elements.reverse()
    return error != nil
  }

  /// Takes the elements out, in reverse order.
  func takeElements() -> [Element] {
    defer { elements = [] }
    return elements
  }
}
