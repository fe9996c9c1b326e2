// Work O(n) calls and at most 2n moves; span O(log n) calls and, of the moves, 2 MiB for each part of that size that has little room
// before it, and an addition for every 4096 elements. Scratch: n/8 bytes and 2 MiB; for elements that are more than plain bytes, as many
// as lie between the first that goes and the last that stays. Stable.
//
// What stays moves to lower addresses, where the loops must not overwrite what others have not moved yet. So it is moved in waves: one
// that fits into the gap before it moves straight there, any division of it safe; another one goes by way of scratch memory. The gap
// grows, and with it the waves.

/// Copies what stays of some groups to where it goes.
///
/// SAFETY: `target` does not overlap the groups, or they are run in order by one thread. Each group has a part of it that is its alone.
/// The elements are plain bytes: what is overwritten need not be destroyed.
@safe
@usableFromInline
struct CompactBody<Element>: LoopBody {
  @usableFromInline typealias Failure = Never
  @usableFromInline typealias Partial = Void

  @usableFromInline let elements: UnsafeMutablePointer<Element>
  @usableFromInline let marks: ElementMarks
  @usableFromInline let firstGroup: Int
  @usableFromInline let target: UnsafeMutablePointer<Element>

  @inlinable
  init(
    _ elements: UnsafeMutablePointer<Element>, _ marks: ElementMarks, from firstGroup: Int,
    to target: UnsafeMutablePointer<Element>
  ) {
    unsafe self.elements = elements
    self.marks = marks
    self.firstGroup = firstGroup
    unsafe self.target = target
  }

  @inlinable
  func run(_ units: Range<Int>, into partial: inout Void, _ control: borrowing LoopControl<Never>) {
    for group in firstGroup + units.lowerBound..<firstGroup + units.upperBound {
      var next = unsafe target + (marks.unmarked(beforeGroup: group) - marks.unmarked(beforeGroup: firstGroup))
      for word in marks.words(of: group) {
        let source = unsafe elements + marks.positions(of: word).lowerBound
        var bits = unsafe ~marks.words[word] & marks.valid(word)
        if bits.nonzeroBitCount > 48 {
          // Few gaps: runs at once.
          while bits != 0 {
            let start = bits.trailingZeroBitCount
            let length = (~(bits &>> UInt64(start))).trailingZeroBitCount
            unsafe next.update(from: source + start, count: length)
            unsafe next += length
            bits &= start + length == 64 ? 0 : ~0 &<< UInt64(start + length)
          }
        } else {
          while bits != 0 {
            unsafe next.pointee = source[bits.trailingZeroBitCount]
            unsafe next += 1
            bits &= bits &- 1
          }
        }
      }
    }
  }
}

extension ElementMarks {
  /// How many elements before a group are not marked.
  @inlinable
  @inline(__always)
  func unmarked(beforeGroup group: Int) -> Int { unsafe min(group * 64 << shift, count) - before[group] }

  /// Moves the elements that are not marked to the front, in order. What is behind them afterwards is unspecified.
  /// - Precondition: The elements are plain bytes.
  @inlinable
  func compact<Element>(_ elements: UnsafeMutablePointer<Element>, plan: LoopPlan) {
    var start = 0
    while start < groupCount, unsafe before[start + 1] == 0 { start += 1 }
    let waveLength = max(1, (1 << 21) / max(1, MemoryLayout<Element>.stride) / (64 << shift))
    if groupCount - start <= waveLength || WorkerReference.current!.isAlone {
      let target = unsafe elements + unmarked(beforeGroup: start)
      let control = LoopControl<Never>(plan, isCancellable: false)
      var nothing: Void = ()
      unsafe CompactBody(elements, self, from: start, to: target).run(0..<groupCount - start, into: &nothing, control)
      return
    }
    let plan = plan.moving(minimumBatch: 1)
    var scratch: UnsafeMutablePointer<Element>?
    defer { unsafe scratch?.deallocate() }
    while start < groupCount {
      var end = min(start + waveLength, groupCount)
      let gap = unsafe before[start]
      let target = unsafe elements + unmarked(beforeGroup: start)
      func kept(_ end: Int) -> Int { unmarked(beforeGroup: end) - unmarked(beforeGroup: start) }
      if kept(end) <= gap {
        while end < groupCount, kept(min(2 * end - start, groupCount)) <= gap { end = min(2 * end - start, groupCount) }
        unsafe runMovingLoop(
          CompactBody(elements, self, from: start, to: target), count: end - start, plan: plan)
      } else {
        let memory = unsafe scratch ?? .allocate(capacity: waveLength * 64 << shift)
        unsafe scratch = memory
        unsafe runMovingLoop(
          CompactBody(elements, self, from: start, to: memory), count: end - start, plan: plan)
        unsafe runMovingLoop(
          MoveElementsBody(from: memory, to: target), count: kept(end), plan: plan.moving(minimumBatch: 4096))
      }
      start = end
    }
  }
}

/// Moves the elements that the leaf does not mark to the front, in order, and gives their number. The others are behind them, or
/// anything in their place if they are plain bytes.
@inlinable
func moveRemaining<Element, E>(
  _ elements: UnsafeMutableBufferPointer<Element>, plan: LoopPlan, _ leaf: @escaping MarkLeaf<Element, E>
) throws(E) -> Int {
  unsafe try ElementMarks.of(elements, plan: plan, leaf, otherwise: elements.count) { marks in
    let start = elements.baseAddress!
    unsafe _isPOD(Element.self) ? marks.compact(start, plan: plan) : marks.separate(start, plan: plan)
    return marks.count - marks.marked
  }
}

extension ParallelElements where Base: MutableCollection & RangeReplaceableCollection {
  /// Removes all elements that satisfy a condition, and keeps the order of the others.
  ///
  ///     particles.parallel.removeAll { $0.energy < threshold }
  ///
  /// The array keeps its memory, and its capacity with it. What is removed is destroyed on the calling thread.
  ///
  /// - Throws: The error of the first element in order whose call throws. Then nothing has been removed.
  /// - Precondition: The collection keeps its elements in contiguous memory, as arrays do.
  /// - Complexity: Work O(*n*); span O(log *n*) and the longest of the calls, and the time to destroy what is removed. Scratch: *n*/8
  ///   bytes and 2 MiB; up to *n* elements if they are more than plain bytes.
  @inlinable
  @inline(__always)
  public mutating func removeAll<E>(
    where shouldBeRemoved: @escaping @Sendable (Element) throws(E) -> Bool
  ) throws(E) {
    let plan = plan
    let leaf = unsafe markLeaf(shouldBeRemoved)
    let count = unsafe try withMutableElements { (elements) throws(E) in
      unsafe try Skein.moveRemaining(elements, plan: plan, leaf)
    }
    base.removeSubrange(index(count)...)
    self = ParallelElements(base, plan: plan)
  }
}
