// Work O(n) calls and at most 2n moves; span O(log n) and a block of them for each wave of elements. Scratch: 1 MiB for
// each thread and a little, and n/8 bytes besides if the condition may throw; for elements that are not bitwise
// copyable, n/8 bytes and as many elements as lie between the first removed and the last kept. Stable.
//
// Bitwise-copyable elements are removed in waves that fit a processor's cache. The blocks of a wave copy the elements
// they keep to scratch memory. When all have been read and the destination of each block is known, they are copied back
// to the array: no thread overwrites what another has yet to read, however little has been removed so far.

/// Copies the kept elements among some positions to `target`, and returns their number. It may write to as many places
/// as there are positions.
@usableFromInline
typealias RemainingLeaf<Element> =
  (_ elements: UnsafePointer<Element>, _ positions: Range<Int>, _ target: UnsafeMutablePointer<Element>) -> Int

/// Made where the closure can still be seen, as `modifyLeaf` is.
@_alwaysEmitIntoClient
@inline(__always)
func remainingLeaf<Element>(_ isRemoved: @escaping (Element, Int) -> Bool) -> RemainingLeaf<Element> {
  { elements, positions, target in
    var next = unsafe target
    for position in positions {
      let isRemoved = unsafe isRemoved(elements[position], position)
      if MemoryLayout<Element>.size <= 32 {
        // No branch depends on the answer: a removed element is copied too, and the next one overwrites it.
        unsafe next.initialize(to: elements[position])
        unsafe next += isRemoved ? 0 : 1
      } else if !isRemoved {
        unsafe next.initialize(to: elements[position])
        unsafe next += 1
      }
    }
    return unsafe next - target
  }
}

/// A part of the array that is compacted at once, in blocks.
///
/// SAFETY: Each block has its own part of the scratch memory, its own count, and its own part of the array to copy back
/// to.
@safe
@usableFromInline
struct RemovalWave<Element> {
  /// The whole array.
  @usableFromInline let elements: UnsafeMutablePointer<Element>
  @usableFromInline let range: Range<Int>
  @usableFromInline let blockLength: Int
  @usableFromInline let scratch: UnsafeMutablePointer<Element>
  /// How many elements each block keeps; later, how many all blocks before it keep.
  @usableFromInline let counts: UnsafeMutablePointer<Int>

  /// How many elements a wave has for each thread: a mebibyte, to fit the cache of its core.
  @inlinable static var lengthPerThread: Int { max(1, 1 << 20 / max(1, MemoryLayout<Element>.stride)) }
  @inlinable static var blocksPerThread: Int { 128 }

  @inlinable
  init(
    _ range: Range<Int>, of elements: UnsafeMutablePointer<Element>, scratch: UnsafeMutablePointer<Element>,
    counts: UnsafeMutablePointer<Int>, largestBlockCount: Int
  ) {
    self.range = range
    unsafe self.elements = elements
    blockLength = (range.count + largestBlockCount - 1) / largestBlockCount
    unsafe self.scratch = scratch
    unsafe self.counts = counts
  }

  @inlinable var blockCount: Int { (range.count + blockLength - 1) / blockLength }

  @inlinable
  func positions(of block: Int) -> Range<Int> {
    let start = range.lowerBound + block * blockLength
    return start..<min(start + blockLength, range.upperBound)
  }

  /// Where a block's kept elements are collected.
  @inlinable
  func scratch(of block: Int) -> UnsafeMutablePointer<Element> { unsafe scratch + block * blockLength }
}

extension RemovalWave {
  /// Copies the kept elements of each block to the scratch memory.
  ///
  /// SAFETY: The leaf writes to the block's part of the scratch memory.
  @safe
  @usableFromInline
  struct Asking: LoopBody {
    @usableFromInline typealias Failure = Never
    @usableFromInline typealias Partial = Void
    @usableFromInline let wave: RemovalWave
    @usableFromInline let leaf: RemainingLeaf<Element>

    @inlinable
    init(wave: RemovalWave, leaf: @escaping RemainingLeaf<Element>) {
      self.wave = wave
      unsafe self.leaf = leaf
    }

    @inlinable
    func run(
      _ units: Range<Int>, into partial: inout Void, _ control: borrowing LoopControl<Never>, _ watch: inout BatchWatch
    ) -> Int {
      watch.forEach(in: units) { block in
        unsafe wave.counts[block] = leaf(wave.elements, wave.positions(of: block), wave.scratch(of: block))
        return true
      }
    }
  }

  /// Asks about the elements, moves those that stay behind the first `before` of the array, and gives their number.
  @inlinable
  func remove(behind before: Int, plan: LoopPlan, _ leaf: @escaping RemainingLeaf<Element>) -> Int {
    unsafe runLoop(
      Asking(wave: self, leaf: leaf), LoopControl<Never>(plan, unitSize: blockLength),
      count: blockCount, unitSize: blockLength, plan: plan)
    let kept = unsafe Counts(counts, blockCount).makeOffsets()
    if before == range.lowerBound, kept == range.count { return kept }
    // SAFETY: each block has a part of the array that is its alone, behind what was there before.
    let target = unsafe elements + before
    runMovingLoop(count: blockCount, plan: plan.moving(minimumBatch: max(1, 4096 / blockLength))) { blocks in
      for block in blocks {
        let before = unsafe counts[block]
        unsafe (target + before).update(from: scratch(of: block), count: counts[block + 1] - before)
      }
    }
    return kept
  }
}

/// Moves the kept elements to the front, in order, and returns their number. What is behind them is unspecified.
/// - Precondition: The elements are bitwise copyable.
@inlinable
func removePlain<Element>(
  _ elements: UnsafeMutableBufferPointer<Element>, plan: LoopPlan, _ leaf: @escaping RemainingLeaf<Element>
) -> Int {
  guard let start = elements.baseAddress, elements.count > 0 else { return 0 }
  return plan.onWorker {
    let threadCount = WorkerReference.current!.poolThreadCount
    let length = min(RemovalWave<Element>.lengthPerThread * threadCount, elements.count)
    let largestBlockCount = RemovalWave<Element>.blocksPerThread * threadCount
    let scratch = UnsafeMutablePointer<Element>.allocate(capacity: length)
    let counts = UnsafeMutablePointer<Int>.allocate(capacity: largestBlockCount + 1)
    defer {
      unsafe scratch.deallocate()
      unsafe counts.deallocate()
    }
    var kept = 0
    var next = 0
    while next < elements.count {
      let range = next..<min(next + length, elements.count)
      let wave = unsafe RemovalWave(
        range, of: start, scratch: scratch, counts: counts, largestBlockCount: largestBlockCount)
      kept += unsafe wave.remove(behind: kept, plan: plan, leaf)
      next = range.upperBound
    }
    return kept
  }
}

/// Moves the kept elements to the front, in order, and returns their number. The removed ones are behind them; if
/// elements are bitwise copyable, what is there is unspecified.
@_alwaysEmitIntoClient
@inline(__always)
func moveRemaining<Element, E>(
  _ elements: UnsafeMutableBufferPointer<Element>, plan: LoopPlan,
  _ isRemoved: @escaping @Sendable (Element) throws(E) -> Bool
) throws(E) -> Int {
  if _isPOD(Element.self), E.self == Never.self {
    let leaf: RemainingLeaf<Element> = unsafe remainingLeaf { element, _ in
      do { return try isRemoved(element) } catch { return false }
    }
    return unsafe removePlain(elements, plan: plan, leaf)
  }
  // A condition that may throw is called for all elements before the first of them moves.
  return unsafe try ElementMarks.of(elements, plan: plan, markLeaf(isRemoved), ifEmpty: 0) { marks in
    if _isPOD(Element.self) {
      let leaf: RemainingLeaf<Element> = unsafe remainingLeaf { _, position in marks.isMarked(position) }
      return unsafe removePlain(elements, plan: plan.moving(minimumBatch: 1), leaf)
    }
    unsafe marks.separate(elements.baseAddress!, plan: plan)
    return marks.count - marks.marked
  }
}

extension ParallelElements where Base: MutableCollection & RangeReplaceableCollection {
  /// Removes all elements that satisfy a condition, keeping the order of the others.
  ///
  ///     particles.parallel.removeAll { $0.energy < threshold }
  ///
  /// The array keeps its memory, and so its capacity. Removed elements are destroyed on the calling thread.
  ///
  /// - Throws: The error of the first element in order whose call throws. Then nothing has been removed.
  /// - Complexity: Work O(*n*); span O(log *n*) and a few hundred of the calls for each MiB of elements, and the time
  ///   to destroy the removed elements. Scratch: 1 MiB for each thread, and *n*/8 bytes if the condition may throw; up
  ///   to *n* elements if they are not bitwise copyable.
  @_alwaysEmitIntoClient
  @inline(__always)
  public mutating func removeAll<E>(
    where shouldBeRemoved: @escaping @Sendable (Element) throws(E) -> Bool
  ) throws(E) {
    let plan = plan
    let count = unsafe try withMutableElements { (elements) throws(E) in
      unsafe try Skein.moveRemaining(elements, plan: plan, shouldBeRemoved)
    }
    base.removeSubrange(index(count)...)
    self = ParallelElements(base, plan: plan)
  }
}
