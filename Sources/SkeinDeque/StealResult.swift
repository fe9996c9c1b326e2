/// The result of one attempt at stealing.
///
/// A lost race is distinct from finding nothing: a scheduler may sleep after ``empty``, but must look again after
/// ``retry``.
@frozen
public enum StealResult<Element: ~Copyable>: ~Copyable {
  /// The claimed element, which no other thread has.
  case success(Element)
  /// There was no element when the thief looked.
  case empty
  /// Another thread was faster; there may be more to take.
  case retry
}

extension StealResult: Copyable where Element: Copyable {}
extension StealResult: Sendable where Element: Sendable & ~Copyable {}
extension StealResult: Equatable where Element: Equatable {}
extension StealResult: Hashable where Element: Hashable {}

extension StealResult where Element: ~Copyable {
  /// Whether there was no element to steal.
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

  /// Returns the stolen element, or `nil` for both kinds of failure; consumes the result.
  ///
  /// For copyable elements there is the property ``element``.
  @inlinable
  public consuming func takeElement() -> Element? {
    switch consume self {
    case .success(let element): element
    default: nil
    }
  }

  /// Returns this result if it is a success, otherwise that of `other`; a lost race is remembered.
  ///
  /// | this | `other` | result |
  /// |---|---|---|
  /// | success | not evaluated | this success |
  /// | empty | anything | the result of `other` |
  /// | retry | success | the success of `other` |
  /// | retry | empty or retry | retry |
  ///
  /// - Parameter other: an attempt at the next place; called at most once.
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

  /// Returns the first success in `attempts`, evaluating nothing after it.
  ///
  /// Without a success the result is ``retry`` if any attempt lost a race, and ``empty`` otherwise. Pass a lazy
  /// sequence, so that each attempt is made only when its element is requested:
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
