public import Synchronization

/// A parallel sequence whose operations may pick any elements, not the first in order.
///
/// Its operations may return something else than they would in order, and differ from run to run; but no thread waits
/// for the elements before its own. The results keep the order of the elements.
public struct ParallelUnordered<Base: ParallelSequence> {
  @usableFromInline let base: Base

  @inlinable
  init(_ base: Base) { self.base = base }
}

extension ParallelSequence {
  /// This sequence, as one of which any elements may come first.
  @inlinable
  public var unordered: ParallelUnordered<Self> { ParallelUnordered(self) }
}

/// Some number of the elements of a parallel sequence, or all but some number: those that the threads reach first.
public struct ParallelUnorderedPart<Base: ParallelSequence>: ParallelAdaptor {
  public typealias Element = Base.Element
  public typealias Failure = Base.Failure

  public let base: Base
  @usableFromInline let count: Int
  /// Whether the first `count` elements belong to it, or the others.
  @usableFromInline let isPrefix: Bool

  @inlinable
  init(_ base: Base, count: Int, isPrefix: Bool) {
    require(count >= 0, "at least 0 elements are taken or dropped, not \(count)")
    self.base = base
    self.count = count
    self.isPrefix = isPrefix
  }

  /// SAFETY: `met` is on the frame of `withSource`.
  @unsafe
  @usableFromInline
  struct Rule {
    /// How many elements the threads have reached.
    @usableFromInline let met: UnsafePointer<Atomic<Int>>
    @usableFromInline let count: Int
    @usableFromInline let isPrefix: Bool

    @inlinable
    init(met: UnsafePointer<Atomic<Int>>, count: Int, isPrefix: Bool) {
      unsafe self.met = met
      unsafe self.count = count
      unsafe self.isPrefix = isPrefix
    }
  }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    let met = Atomic<Int>(0)
    return unsafe withUnsafePointer(to: met) { met in
      unsafe withLinkedSource(Rule(met: met, count: count, isPrefix: isPrefix), body)
    }
  }

  @inlinable
  @inline(__always)
  public func lendClosures() -> ClosureLender { base.lendClosures() }

  @inlinable
  @inline(__always)
  public static func forEachElement<State>(
    from source: UnsafeRawPointer, at positions: Range<Int>, closures: LentClosures, state: inout State,
    receive: (Element, inout State) -> Bool, fail: (Failure, inout State) -> Void
  ) -> Bool {
    let linked = unsafe source.linked(to: Rule.self)
    let rule = unsafe linked.pointee.value
    // Relaxed, here and below: only the number matters; the elements belong to the thread that counts them.
    if unsafe rule.isPrefix && rule.met.pointee.load(ordering: .relaxed) >= rule.count { return true }
    var isOver = false
    let isComplete = unsafe Base.forEachElement(
      from: linked.pointee.base, at: positions, closures: closures, state: &state,
      receive: { element, state in
        let isFirst =
          unsafe rule.met.pointee.load(ordering: .relaxed) < rule.count
          && rule.met.pointee.add(1, ordering: .relaxed).oldValue < rule.count
        if unsafe !rule.isPrefix { return isFirst || receive(element, &state) }
        isOver = !isFirst
        return isFirst && receive(element, &state)
      }, fail: fail)
    return isComplete || isOver
  }

  @inlinable
  public static func supply(from source: UnsafeRawPointer, upTo end: Int) -> Int {
    unsafe Base.supply(from: source.linked(to: Rule.self).pointee.base, upTo: end)
  }

  @inlinable
  public static func turn(_ source: UnsafeRawPointer) { unsafe Base.turn(source.linked(to: Rule.self).pointee.base) }

  @inlinable
  @inline(__always)
  public static func isExhausted(_ source: UnsafeRawPointer) -> Bool {
    let linked = unsafe source.linked(to: Rule.self)
    let rule = unsafe linked.pointee.value
    return unsafe rule.isPrefix && rule.met.pointee.load(ordering: .relaxed) >= rule.count
      || Base.isExhausted(linked.pointee.base)
  }
}

/// The elements of a parallel sequence before one is reached that does not satisfy a condition, or those from then on.
public struct ParallelUnorderedWhile<Base: ParallelSequence>: ParallelAdaptor {
  public typealias Element = Base.Element
  public typealias Failure = Base.Failure

  public let base: Base
  @usableFromInline let condition: @Sendable (Element) throws(Failure) -> Bool
  /// Whether the elements reached before belong to it, or the others.
  @usableFromInline let isPrefix: Bool

  @inlinable
  init(_ base: Base, isPrefix: Bool, _ condition: @escaping @Sendable (Element) throws(Failure) -> Bool) {
    self.base = base
    self.condition = condition
    self.isPrefix = isPrefix
  }

  /// SAFETY: `isOver` is on the frame of `withSource`.
  @unsafe
  @usableFromInline
  struct Rule {
    /// Whether an element has been reached that does not satisfy the condition.
    @usableFromInline let isOver: UnsafePointer<Atomic<Bool>>
    @usableFromInline let isPrefix: Bool

    @inlinable
    init(isOver: UnsafePointer<Atomic<Bool>>, isPrefix: Bool) {
      unsafe self.isOver = isOver
      unsafe self.isPrefix = isPrefix
    }
  }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    let isOver = Atomic<Bool>(false)
    return unsafe withUnsafePointer(to: isOver) { isOver in
      unsafe withLinkedSource(Rule(isOver: isOver, isPrefix: isPrefix), body)
    }
  }

  /// The closures lent to a leaf.
  @usableFromInline
  struct Link: ~Copyable {
    @usableFromInline let condition: (Element) throws(Failure) -> Bool
    @usableFromInline let base: LentClosures

    @inlinable
    init(condition: @escaping (Element) throws(Failure) -> Bool, base: LentClosures) {
      self.condition = condition
      self.base = base
    }
  }

  @inlinable
  @inline(__always)
  public func lendClosures() -> ClosureLender {
    let condition = condition
    let lendBase = base.lendClosures()
    return { body in lendBase { base in lend(Link(condition: condition, base: base), to: body) } }
  }

  @inlinable
  @inline(__always)
  public static func forEachElement<State>(
    from source: UnsafeRawPointer, at positions: Range<Int>, closures: LentClosures, state: inout State,
    receive: (Element, inout State) -> Bool, fail: (Failure, inout State) -> Void
  ) -> Bool {
    let linked = unsafe source.linked(to: Rule.self)
    let rule = unsafe linked.pointee.value
    // Relaxed, here and below: the order in which elements are reached is left open.
    if unsafe rule.isPrefix && rule.isOver.pointee.load(ordering: .relaxed) { return true }
    var isOver = false
    let isComplete = closures.withLink(as: Link.self) { link in
      unsafe Base.forEachElement(
        from: linked.pointee.base, at: positions, closures: link.base, state: &state,
        receive: { element, state in
          isOver = unsafe rule.isOver.pointee.load(ordering: .relaxed)
          if !isOver {
            do throws(Failure) {
              isOver = try !link.condition(element)
            } catch {
              fail(error, &state)
              return false
            }
            if isOver { unsafe rule.isOver.pointee.store(true, ordering: .relaxed) }
          }
          if unsafe rule.isPrefix { return !isOver && receive(element, &state) }
          return !isOver || receive(element, &state)
        }, fail: fail)
    }
    return unsafe isComplete || (rule.isPrefix && isOver)
  }

  @inlinable
  public static func supply(from source: UnsafeRawPointer, upTo end: Int) -> Int {
    unsafe Base.supply(from: source.linked(to: Rule.self).pointee.base, upTo: end)
  }

  @inlinable
  public static func turn(_ source: UnsafeRawPointer) { unsafe Base.turn(source.linked(to: Rule.self).pointee.base) }

  @inlinable
  @inline(__always)
  public static func isExhausted(_ source: UnsafeRawPointer) -> Bool {
    let linked = unsafe source.linked(to: Rule.self)
    let rule = unsafe linked.pointee.value
    return unsafe rule.isPrefix && rule.isOver.pointee.load(ordering: .relaxed) || Base.isExhausted(linked.pointee.base)
  }
}

extension ParallelUnordered {
  /// Returns `maximumCount` of the elements, or all if there are fewer: those that the threads reach first.
  ///
  /// Once they have been found, closures are called for no others, except the first element of each batch that is
  /// begun, and the loop ends.
  /// - Precondition: `maximumCount` is not negative.
  @inlinable
  @inline(__always)
  public func prefix(_ maximumCount: Int) -> ParallelUnorderedPart<Base> {
    ParallelUnorderedPart(base, count: maximumCount, isPrefix: true)
  }

  /// Returns all elements but `count`: those that the threads reach first are left out.
  /// - Precondition: `count` is not negative.
  @inlinable
  @inline(__always)
  public func dropFirst(_ count: Int = 1) -> ParallelUnorderedPart<Base> {
    ParallelUnorderedPart(base, count: count, isPrefix: false)
  }

  /// Returns the elements that the threads reach before one of them reaches an element that does not satisfy the
  /// condition.
  @inlinable
  @inline(__always)
  public func prefix(
    while condition: @escaping @Sendable (Base.Element) -> Bool
  ) -> ParallelUnorderedWhile<Base> {
    ParallelUnorderedWhile(base, isPrefix: true) { (element) throws(Base.Failure) in condition(element) }
  }

  /// Like `prefix(while:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func prefix<E>(
    while condition: @escaping @Sendable (Base.Element) throws(E) -> Bool
  ) -> ParallelUnorderedWhile<ParallelMayThrow<Base, E>> where Base.Failure == Never {
    ParallelUnorderedWhile(base.mayThrow(E.self), isPrefix: true, condition)
  }

  /// Returns the elements that the threads reach once one of them has reached an element that does not satisfy the
  /// condition, that one included.
  @inlinable
  @inline(__always)
  public func drop(
    while condition: @escaping @Sendable (Base.Element) -> Bool
  ) -> ParallelUnorderedWhile<Base> {
    ParallelUnorderedWhile(base, isPrefix: false) { (element) throws(Base.Failure) in condition(element) }
  }

  /// Like `drop(while:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func drop<E>(
    while condition: @escaping @Sendable (Base.Element) throws(E) -> Bool
  ) -> ParallelUnorderedWhile<ParallelMayThrow<Base, E>> where Base.Failure == Never {
    ParallelUnorderedWhile(base.mayThrow(E.self), isPrefix: false, condition)
  }
}
