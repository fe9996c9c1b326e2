public import Synchronization

/// A parallel sequence of which it does not matter which elements come first.
///
/// What is called on it may give another answer than it would in order, and another one each time; but no thread waits for the
/// elements before its own. What it gives keeps the order of the elements.
public struct ParallelUnordered<Base: ParallelSequence> {
  @usableFromInline let base: Base

  @inlinable
  init(_ base: Base) { self.base = base }
}

extension ParallelSequence {
  /// This sequence, where it does not matter which of its elements come first.
  @inlinable
  public var unordered: ParallelUnordered<Self> { ParallelUnordered(self) }
}

/// Some number of the elements of a parallel sequence, or all but some number: whichever the threads come to first.
public struct ParallelUnorderedPart<Base: ParallelSequence>: ParallelAdaptor {
  public typealias Element = Base.Element
  public typealias Failure = Base.Failure

  public let base: Base
  @usableFromInline let count: Int
  /// Whether it is the first `count` elements that belong to it, or the others.
  @usableFromInline let isPrefix: Bool

  @inlinable
  init(_ base: Base, count: Int, isPrefix: Bool) {
    require(count >= 0, "at least 0 elements are taken or dropped, not \(count)")
    self.base = base
    self.count = count
    self.isPrefix = isPrefix
  }

  /// SAFETY: `met` lies on the frame of `withSource`.
  @unsafe
  @usableFromInline
  struct Rule {
    /// How many elements the threads have met.
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
    // Relaxed, here and below: only the number counts; what it counts belongs to the thread that counts it.
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

/// Elements of a parallel sequence until one is met that does not satisfy a condition, or from then on.
public struct ParallelUnorderedWhile<Base: ParallelSequence>: ParallelAdaptor {
  public typealias Element = Base.Element
  public typealias Failure = Base.Failure

  public let base: Base
  @usableFromInline let condition: @Sendable (Element) -> Bool
  /// Whether the elements met before belong to it, or the others.
  @usableFromInline let isPrefix: Bool

  @inlinable
  init(_ base: Base, isPrefix: Bool, _ condition: @escaping @Sendable (Element) -> Bool) {
    self.base = base
    self.condition = condition
    self.isPrefix = isPrefix
  }

  /// SAFETY: `isOver` lies on the frame of `withSource`.
  @unsafe
  @usableFromInline
  struct Rule {
    /// Whether an element has been met that does not satisfy the condition.
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

  /// What a leaf is lent.
  @usableFromInline
  struct Link: ~Copyable {
    @usableFromInline let condition: (Element) -> Bool
    @usableFromInline let base: LentClosures

    @inlinable
    init(condition: @escaping (Element) -> Bool, base: LentClosures) {
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
    // Relaxed, here and below: which elements are met first is left open.
    if unsafe rule.isPrefix && rule.isOver.pointee.load(ordering: .relaxed) { return true }
    var isOver = false
    let isComplete = closures.withLink(as: Link.self) { link in
      unsafe Base.forEachElement(
        from: linked.pointee.base, at: positions, closures: link.base, state: &state,
        receive: { element, state in
          isOver = unsafe rule.isOver.pointee.load(ordering: .relaxed)
          if !isOver, !link.condition(element) {
            unsafe rule.isOver.pointee.store(true, ordering: .relaxed)
            isOver = true
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
  /// `maximumCount` of the elements, or all if there are not so many: those that the threads come to first.
  ///
  /// When they have been found, no closure is called for others, but for the first element of each batch that is begun, and the loop ends.
  /// - Precondition: `maximumCount` is not negative.
  @inlinable
  @inline(__always)
  public func prefix(_ maximumCount: Int) -> ParallelUnorderedPart<Base> {
    ParallelUnorderedPart(base, count: maximumCount, isPrefix: true)
  }

  /// All elements but `count`: those that the threads come to first are left out.
  /// - Precondition: `count` is not negative.
  @inlinable
  @inline(__always)
  public func dropFirst(_ count: Int = 1) -> ParallelUnorderedPart<Base> {
    ParallelUnorderedPart(base, count: count, isPrefix: false)
  }

  /// The elements that the threads come to before one of them meets an element that does not satisfy the condition.
  @inlinable
  @inline(__always)
  public func prefix(
    while condition: @escaping @Sendable (Base.Element) -> Bool
  ) -> ParallelUnorderedWhile<Base> {
    ParallelUnorderedWhile(base, isPrefix: true, condition)
  }

  /// The elements that the threads come to once one of them has met an element that does not satisfy the condition, that one included.
  @inlinable
  @inline(__always)
  public func drop(
    while condition: @escaping @Sendable (Base.Element) -> Bool
  ) -> ParallelUnorderedWhile<Base> {
    ParallelUnorderedWhile(base, isPrefix: false, condition)
  }
}
