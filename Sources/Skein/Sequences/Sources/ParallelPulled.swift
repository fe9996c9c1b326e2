/// The elements of a plain sequence, in parallel.
///
/// One thread at a time advances its iterator. Elements are handed out in blocks, of at most 16 384 elements and 1 MiB
/// (not counting what elements refer to): while the workers run one block, one of them fetches the next. So at most two
/// blocks of elements are held at a time, and a search that ends early leaves the rest of the sequence alone.
public struct ParallelPulled<Base: Sequence & Sendable>: ParallelSequence where Base.Element: Sendable {
  public typealias Element = Base.Element

  @usableFromInline let base: Base
  public let plan: LoopPlan

  @inlinable
  init(_ base: Base, plan: LoopPlan) {
    self.base = base
    self.plan = plan
  }

  /// Not known, and never asked for.
  @inlinable public var positionCount: Int { .max }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    unsafe PulledSource.with(base.makeIterator(), body)
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
    unsafe PulledSource<Base.Iterator>.at(source).forEachElement(at: positions, state: &state, receive: receive)
  }

  @inlinable public static var isSupplied: Bool { true }

  @inlinable
  public static func supply(from source: UnsafeRawPointer, upTo end: Int) -> Int {
    unsafe PulledSource<Base.Iterator>.at(source).puller.pointee.pull(upTo: end)
  }

  @inlinable
  public static func turn(_ source: UnsafeRawPointer) { unsafe PulledSource<Base.Iterator>.at(source).turn() }
}

/// The source of the leaf, and the puller that fetches more.
///
/// SAFETY: Both are on the frame of `withSource`. While a block is run, its threads read `current`, and one thread has
/// `puller` to itself; between blocks one thread has both.
@unsafe
@usableFromInline
struct PulledSource<Iterator: IteratorProtocol> {
  @usableFromInline let current: UnsafeMutablePointer<PulledBlock<Iterator.Element>>
  @usableFromInline let puller: UnsafeMutablePointer<BlockPuller<Iterator>>

  @inlinable
  init(
    current: UnsafeMutablePointer<PulledBlock<Iterator.Element>>, puller: UnsafeMutablePointer<BlockPuller<Iterator>>
  ) {
    unsafe self.current = current
    unsafe self.puller = puller
  }

  /// Calls `body` with the address of a source that pulls elements from an iterator.
  @inlinable
  @inline(__always)
  static func with<Result>(_ iterator: consuming Iterator, _ body: (UnsafeRawPointer) -> Result) -> Result {
    var current = PulledBlock<Iterator.Element>(start: 0, capacity: 0)
    var puller = BlockPuller(iterator)
    defer {
      current.destroy()
      puller.next.destroy()
    }
    return unsafe withUnsafeMutablePointer(to: &current) { current in
      unsafe withUnsafeMutablePointer(to: &puller) { puller in
        let source = unsafe PulledSource(current: current, puller: puller)
        return unsafe withUnsafePointer(to: source) { unsafe body(UnsafeRawPointer($0)) }
      }
    }
  }

  /// Returns the source at an address from `with`.
  @inlinable
  @inline(__always)
  static func at(_ source: UnsafeRawPointer) -> PulledSource {
    unsafe source.assumingMemoryBound(to: PulledSource.self).pointee
  }

  /// The leaf of a sequence that has this source.
  @inlinable
  @inline(__always)
  func forEachElement<State>(
    at positions: Range<Int>, state: inout State, receive: (Iterator.Element, inout State) -> Bool
  ) -> Bool {
    let block = unsafe current.pointee
    for position in positions.clamped(to: block.positions) {
      if unsafe !receive(block.memory[position - block.start], &state) { return false }
    }
    return true
  }

  @inlinable
  func turn() {
    unsafe current.pointee.destroy()
    unsafe current.pointee = puller.pointee.takeNext()
  }
}

/// Neighbouring elements of a sequence.
///
/// SAFETY: The first `count` elements are initialised; `destroy` is called once for each block.
@safe
@usableFromInline
struct PulledBlock<Element> {
  @usableFromInline let memory: UnsafeMutablePointer<Element>
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
  mutating func append(_ element: consuming Element) {
    unsafe (memory + count).initialize(to: element)
    count += 1
  }

  @inlinable
  func destroy() {
    unsafe memory.deinitialize(count: count)
    unsafe memory.deallocate()
  }
}

/// An iterator, and the next block of its elements.
@usableFromInline
struct BlockPuller<Iterator: IteratorProtocol> {
  @usableFromInline var next = PulledBlock<Iterator.Element>(start: 0, capacity: 0)
  @usableFromInline var iterator: Iterator
  @usableFromInline var isExhausted = false

  @inlinable
  init(_ iterator: Iterator) { self.iterator = iterator }

  /// Fetches the next block.
  /// - Returns: The end of its positions.
  @inlinable
  mutating func pull(upTo end: Int) -> Int {
    let start = next.start
    if isExhausted || start >= end { return start }
    next.destroy()
    next = PulledBlock(start: start, capacity: end - start)
    while next.count < next.capacity {
      // An iterator need not keep returning nil.
      guard let element = iterator.next() else {
        isExhausted = true
        break
      }
      next.append(element)
    }
    return next.positions.upperBound
  }

  /// Moves the fetched block out.
  @inlinable
  mutating func takeNext() -> PulledBlock<Iterator.Element> {
    defer { next = PulledBlock(start: next.positions.upperBound, capacity: 0) }
    return next
  }
}

extension Sequence where Self: Sendable, Element: Sendable {
  /// The elements of this sequence, to be processed in parallel; see ``ParallelPulled``.
  @inlinable
  public var parallel: ParallelPulled<Self> { ParallelPulled(self, plan: LoopPlan()) }

  /// Returns the elements of this sequence, to be processed in parallel as the parameters say; see ``ParallelPulled``.
  ///
  /// - Parameters:
  ///   - pool: The pool to run in. By default the current one, or `ThreadPool.shared` outside any.
  ///   - minimumBatch: No worker is given fewer elements than this at once (except the rest at the end).
  ///   - maximumBatch: No worker runs more elements than this without checking whether another worker is hungry.
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
