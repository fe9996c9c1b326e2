/// A job of a stream, and later its outcome.
///
/// SAFETY: A job has one owner at a time: first the feeder that makes it, then the runner that does it, then the
/// consumer that takes the outcome. Each passes it on under the window's lock.
class StreamJob: @unchecked Sendable {
  /// The share of the stream's limit that it takes up, from when it is put into the window until its outcome has been
  /// returned. It may change while the job is done.
  final var weight: Int

  init(weight: Int) { self.weight = weight }
}

/// A job for a single element, and later its outcome.
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

  /// Creates the outcome of a source that has thrown an error.
  init(_ error: Failure) {
    content = .failure(error)
    super.init(weight: 0)
  }

  private func take() -> Content {
    defer { content = .taken }
    return content
  }

  /// Makes the outcome of the element. The element is released before this returns.
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

  /// Takes the outcome out of the job, or throws its error.
  func outcome() throws(Failure) -> Outcome {
    switch take() {
    case .outcome(let outcome): return outcome
    case .failure(let error): throw error
    case .element, .taken: fatal("a stream's outcome was taken before it was there")
    }
  }
}
