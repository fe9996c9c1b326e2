/// What one attempt at stealing gave.
///
/// A lost race is an answer of its own, apart from "nothing there": a scheduler may sleep after ``empty``, but has to look
/// again after ``retry``.
@frozen
public enum StealResult<Element: ~Copyable>: ~Copyable {
  /// The element that was claimed; nobody else has it.
  case success(Element)
  /// Nothing was there at the moment of looking.
  case empty
  /// Another thread was faster; there may be more to take.
  case retry
}

extension StealResult: Copyable where Element: Copyable {}
extension StealResult: Sendable where Element: Sendable & ~Copyable {}
extension StealResult: Equatable where Element: Equatable {}
extension StealResult: Hashable where Element: Hashable {}

extension StealResult where Element: ~Copyable {
  /// Whether there was nothing to steal.
  @inlinable
  public var isEmpty: Bool {
    switch self {
    case .empty: true
    default: false
    }
  }

  /// Whether an element was stolen.
  @inlinable
  public var isSuccess: Bool {
    switch self {
    case .success: true
    default: false
    }
  }

  /// Whether the attempt lost a race and is worth repeating.
  @inlinable
  public var isRetry: Bool {
    switch self {
    case .retry: true
    default: false
    }
  }

  /// The stolen element, or `nil` for both kinds of failure; consumes the result.
  ///
  /// For copyable elements there is the property ``element``.
  @inlinable
  public consuming func takeElement() -> Element? {
    switch consume self {
    case .success(let element): element
    default: nil
    }
  }

  /// This result if it is a success, otherwise what `other` gives; a lost race is remembered.
  ///
  /// | this | `other` | answer |
  /// |---|---|---|
  /// | success | not evaluated | this success |
  /// | empty | anything | what `other` gave |
  /// | retry | success | the success of `other` |
  /// | retry | empty or retry | retry |
  ///
  /// - Parameter other: the next place to steal from; called at most once.
  @inlinable
  public consuming func orElse<Failure: Error>(
    _ other: () throws(Failure) -> StealResult<Element>
  ) throws(Failure) -> StealResult<Element> {
    switch consume self {
    case .success(let element):
      return .success(element)
    case .empty:
      return try other()
    case .retry:
      switch try other() {
      case .success(let element): return .success(element)
      default: return .retry
      }
    }
  }
}

extension StealResult {
  /// The stolen element, or `nil` for both kinds of failure.
  @inlinable
  public var element: Element? { takeElement() }

  /// The first success in `attempts`, evaluating nothing after it.
  ///
  /// Without a success the answer is ``retry`` if any attempt lost a race, and ``empty`` otherwise. Give a lazy sequence, so
  /// that each element is an attempt made only when it is asked for:
  ///
  ///     let result = StealResult.firstSuccess(of: stealers.lazy.map { $0.steal() })
  ///
  /// - Complexity: as many attempts as it takes to succeed, at most all.
  @inlinable
  public static func firstSuccess(of attempts: some Sequence<StealResult<Element>>) -> StealResult<Element> {
    var lostRace = false
    for attempt in attempts {
      switch attempt {
      case .success: return attempt
      case .retry: lostRace = true
      case .empty: break
      }
    }
    return lostRace ? .retry : .empty
  }
}

extension StealResult: CustomStringConvertible {
  public var description: String {
    switch self {
    case .success(let element): "success(\(element))"
    case .empty: "empty"
    case .retry: "retry"
    }
  }
}
