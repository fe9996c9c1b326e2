/// The elements of a plain sequence, in parallel.
///
/// Somebody has to ask its iterator for one element after the other. They are handed out in blocks, of at most 16 384 elements and 1 MiB (what the
/// elements refer to not counted): while the workers run one block, one of them fetches the next. So at most two blocks of elements
/// are held at a time, and a search that ends early leaves the rest of the sequence alone.
public struct ParallelPulled<Base: Sequence & Sendable>: ParallelSequence where Base.Element: Sendable {
  public typealias Element = Base.Element

  @usableFromInline let base: Base
  public let plan: LoopPlan

  @inlinable
  init(_ base: Base, plan: LoopPlan) {
    self.base = base
    self.plan = plan
  }

  /// Not known; nobody asks for it.
  @inlinable public var positionCount: Int { .max }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    var blocks = PulledBlocks(base.makeIterator())
    defer { blocks.destroy() }
    return unsafe withUnsafeMutablePointer(to: &blocks) { unsafe body(UnsafeRawPointer($0)) }
  }

  @inlinable
  @inline(__always)
  public func lendClosures() -> ClosureLender { lendNothing }

  @inlinable
  @inline(__always)
  public static func forEachElement<State>(
    from source: UnsafeRawPointer, at positions: Range<Int>, closures: LentClosures, state: inout State,
    receive: (Element, inout State) -> Bool, fail: (Failure, inout State) -> Void
  ) -> Bool {
    let block = unsafe source.assumingMemoryBound(to: PulledBlocks<Base.Iterator>.self).pointee.current
    for position in positions.clamped(to: block.positions) {
      if unsafe !receive(block.memory[position - block.start], &state) { return false }
    }
    return true
  }

  @inlinable public static var isSupplied: Bool { true }

  @inlinable
  public static func supply(from source: UnsafeRawPointer, upTo end: Int) -> Int {
    let blocks = unsafe UnsafeMutableRawPointer(mutating: source).assumingMemoryBound(
      to: PulledBlocks<Base.Iterator>.self)
    return unsafe blocks.pointee.pull(upTo: end)
  }

  @inlinable
  public static func turn(_ source: UnsafeRawPointer) {
    let blocks = unsafe UnsafeMutableRawPointer(mutating: source).assumingMemoryBound(
      to: PulledBlocks<Base.Iterator>.self)
    unsafe blocks.pointee.turn()
  }
}

/// The block that the workers read from, and the one that is being made ready.
///
/// SAFETY: While a loop runs, only the thread that supplies touches the iterator and the next block, and nobody changes the current one.
/// Between blocks nobody else is there. Whoever makes one calls `destroy` once.
@safe
@usableFromInline
struct PulledBlocks<Iterator: IteratorProtocol> {
  /// SAFETY: The first `count` elements are initialised; `destroy` is called once.
  @safe
  @usableFromInline
  struct Block {
    @usableFromInline let memory: UnsafeMutablePointer<Iterator.Element>
    @usableFromInline let capacity: Int
    @usableFromInline let start: Int
    @usableFromInline var count = 0

    @inlinable
    init(start: Int, capacity: Int) {
      unsafe memory = .allocate(capacity: capacity)
      self.capacity = capacity
      self.start = start
    }

    @inlinable var positions: Range<Int> { start..<start + count }

    @inlinable
    func destroy() {
      unsafe memory.deinitialize(count: count)
      unsafe memory.deallocate()
    }
  }

  @usableFromInline var current = Block(start: 0, capacity: 0)
  @usableFromInline var next = Block(start: 0, capacity: 0)
  @usableFromInline var iterator: Iterator
  @usableFromInline var isExhausted = false

  @inlinable
  init(_ iterator: Iterator) { self.iterator = iterator }

  @inlinable
  mutating func pull(upTo end: Int) -> Int {
    let start = current.positions.upperBound
    if isExhausted || start == end { return start }
    next.destroy()
    next = Block(start: start, capacity: end - start)
    while next.count < next.capacity {
      // An iterator need not go on giving nil once it has.
      guard let element = iterator.next() else {
        isExhausted = true
        break
      }
      unsafe (next.memory + next.count).initialize(to: element)
      next.count += 1
    }
    return next.positions.upperBound
  }

  @inlinable
  mutating func turn() {
    current.destroy()
    current = next
    next = Block(start: current.positions.upperBound, capacity: 0)
  }

  @inlinable
  func destroy() {
    current.destroy()
    next.destroy()
  }
}

extension Sequence where Self: Sendable, Element: Sendable {
  /// The elements of this sequence, to be processed in parallel; see ``ParallelPulled``.
  @inlinable
  public var parallel: ParallelPulled<Self> { ParallelPulled(self, plan: LoopPlan()) }

  /// The elements of this sequence, to be processed in parallel in a way of your choice; see ``ParallelPulled``.
  ///
  /// - Parameters:
  ///   - pool: The pool to run in. By default the current one, or `ThreadPool.shared` outside any.
  ///   - minimumBatch: No worker is given fewer elements than this at once (but for the rest at the end).
  ///   - maximumBatch: No worker runs more elements than this without a look whether another one is hungry.
  ///   - maximumInFlight: At most this many iterations are open at once.
  /// - Precondition: All numbers are at least 1.
  @inlinable
  public func parallel(
    in pool: ThreadPool? = nil, minimumBatch: Int = 1, maximumBatch: Int = .max, maximumInFlight: Int = .max
  ) -> ParallelPulled<Self> {
    ParallelPulled(
      self,
      plan: LoopPlan(
        pool: pool, minimumBatch: minimumBatch, maximumBatch: maximumBatch, maximumInFlight: maximumInFlight))
  }
}
