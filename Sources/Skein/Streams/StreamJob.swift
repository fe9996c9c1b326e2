/// A job of a stream, and later its outcome.
///
/// SAFETY: A job has one owner at a time: the feeder that makes it, the runner that does it, the consumer that takes
/// the outcome. Each passes it on through the lock of the window.
class StreamJob: @unchecked Sendable {
  /// Its weight from when it is put into the window until its outcome is returned.
  final let weight: Int

  init(weight: Int) { self.weight = weight }
}

/// A single element, and later its outcome.
///
/// SAFETY: see `StreamJob`.
final class StreamElement<Element, Outcome, Failure: Error>: StreamJob, @unchecked Sendable {
  private enum Content {
    case element(Element)
    case outcome(Outcome)
    case failure(Failure)
    case taken
  }

  private var content: Content

  init(_ element: consuming Element, weight: Int) {
    content = .element(element)
    super.init(weight: weight)
  }

  /// An error of the source.
  init(_ error: Failure) {
    content = .failure(error)
    super.init(weight: 0)
  }

  private func take() -> Content {
    defer { content = .taken }
    return content
  }

  /// Makes the outcome of the element. Before this returns, the element is released.
  /// - Returns: Whether the closure has thrown.
  func run(_ transform: (Element) throws(Failure) -> Outcome) -> Bool {
    guard case .element(let element) = take() else { fatal("a stream's job was done twice") }
    do throws(Failure) {
      content = .outcome(try transform(element))
      return false
    } catch {
      content = .failure(error)
      return true
    }
  }

  /// Takes out the outcome of the element.
  func outcome() throws(Failure) -> Outcome {
    switch take() {
    case .outcome(let outcome): return outcome
    case .failure(let error): throw error
    case .element, .taken: fatal("a stream's outcome was taken before it was there")
    }
  }
}
