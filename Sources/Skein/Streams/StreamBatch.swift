/// Some neighbouring elements that are made at once, and what has come of them.
///
/// SAFETY: see `StreamJob`.
final class StreamBatch<Element: Sendable, Failure: Error>: StreamJob, @unchecked Sendable {
  /// Makes the elements, up to one for which a closure throws. It may hold on to those of the source.
  typealias Make = @Sendable () -> (elements: [Element], error: Failure?)

  private var make: Make?
  private var elements: [Element] = []
  private(set) var error: Failure?

  init(weight: Int, _ make: @escaping Make) {
    self.make = make
    super.init(weight: weight)
  }

  /// Makes the elements. Before this returns, those of the source are gone.
  /// - Returns: Whether a closure has thrown.
  func run() -> Bool {
    (elements, error) = make.take()!()
    // So that they can be handed on, and destroyed, one after the other.
    elements.reverse()
    return error != nil
  }

  /// Takes the elements out, the last one first.
  func takeElements() -> [Element] {
    defer { elements = [] }
    return elements
  }
}
