/// A job that makes some neighbouring elements, and later those elements.
///
/// SAFETY: see `StreamJob`.
final class StreamBatch<Element: Sendable, Failure: Error>: StreamJob, @unchecked Sendable {
  /// Makes the elements, up to the first for which a closure throws, and returns what they weigh, if that has been found
  /// out only now. It may retain the source's elements.
  typealias Make = @Sendable () -> (elements: [Element], error: Failure?, weight: Int?)

  private var make: Make?
  private var elements: [Element] = []
  private(set) var error: Failure?

  init(weight: Int, _ make: @escaping Make) {
    self.make = make
    super.init(weight: weight)
  }

  /// Makes the elements. The source's elements are released before this returns.
  /// - Returns: Whether a closure has thrown.
  func run() -> Bool {
    let made = make.take()!()
    (elements, error) = (made.elements, made.error)
    if let weight = made.weight { self.weight = weight }
    // So that the consumer can remove them one by one from the end, and each is destroyed after its use.
    elements.reverse()
    return error != nil
  }

  /// Takes the elements out of the batch, in reverse order.
  func takeElements() -> [Element] {
    defer { elements = [] }
    return elements
  }
}
