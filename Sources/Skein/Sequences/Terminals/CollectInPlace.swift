/// Writes the elements of an indexed sequence to their places in uninitialised memory.
///
/// SAFETY: `memory` has room for every position and is the loop's alone; each position is written by one batch. A batch
/// reports how far it came, so that exactly the initialised elements are destroyed if the loop does not reach its end.
@safe
@usableFromInline
struct CollectBody<Element, Failure: Error>: LoopBody {
  @usableFromInline typealias Partial = InitializedRanges

  @usableFromInline let leaf: BoundLeaf<UnsafeMutablePointer<Element>, Failure>
  @usableFromInline let memory: UnsafeMutablePointer<Element>

  @inlinable
  init(_ leaf: BoundLeaf<UnsafeMutablePointer<Element>, Failure>, _ memory: UnsafeMutablePointer<Element>) {
    unsafe self.leaf = unsafe leaf
    unsafe self.memory = memory
  }

  @inlinable
  func run(
    _ units: Range<Int>, into partial: inout Partial, _ control: borrowing LoopControl<Failure>,
    _ watch: inout BatchWatch
  ) -> Int {
    var next = unsafe memory + units.lowerBound
    let reached = unsafe leaf.run(units, &next, control, &watch)
    unsafe requireNoMore(than: units, end: next - memory)
    unsafe partial.append(units.lowerBound..<(next - memory))
    return reached ?? units.upperBound
  }
}

/// Ends the program if a collection of somebody's own has given more elements than it has positions. Loops that write
/// find it out after the batch, in which they have written where the elements do not belong: a check for each element
/// would cost as much as the element, and no collection of this library needs it.
@inlinable
@inline(__always)
func requireNoMore(than positions: Range<Int>, end: Int) {
  require(end <= positions.upperBound, "a parallel collection gave more elements than it said")
}

/// Ascending ranges, none adjacent to the next. Nearly always there is one, which needs no allocation.
@usableFromInline
struct InitializedRanges {
  @usableFromInline var last = 0..<0
  @usableFromInline var earlier: [Range<Int>] = []

  @inlinable
  init() {}

  @inlinable
  mutating func append(_ range: Range<Int>) {
    if range.isEmpty { return }
    if last.upperBound == range.lowerBound, !last.isEmpty {
      last = last.lowerBound..<range.upperBound
      return
    }
    if !last.isEmpty { earlier.append(last) }
    last = range
  }

  @inlinable
  mutating func append(contentsOf other: InitializedRanges) {
    for range in other.earlier { append(range) }
    append(other.last)
  }

  @usableFromInline
  func destroyElements<Element>(of memory: UnsafeMutablePointer<Element>) {
    for range in earlier + [last] { unsafe (memory + range.lowerBound).deinitialize(count: range.count) }
  }

  /// Whether this is all of `0..<count`.
  @usableFromInline
  func isComplete(_ count: Int) -> Bool { earlier.isEmpty && last == 0..<count }
}

extension LoopBody where Partial == InitializedRanges {
  @inlinable
  func makePartial() -> Partial { InitializedRanges() }

  @inlinable
  func merge(_ right: consuming Partial, into left: inout Partial, _ control: borrowing LoopControl<Failure>) {
    left.append(contentsOf: right)
  }
}

extension ParallelSequence {
  @_alwaysEmitIntoClient
  @inline(__always)
  func collectInPlace(count: Int) throws(Failure) -> [Element] where Element: Sendable {
    if count == 0 {
      plan.reportNothing()
      return []
    }
    let control = LoopControl<Failure>(plan)
    let plan = plan
    let collected = unsafe withLeaf { (element, next: inout UnsafeMutablePointer<Element>) throws(Failure) in
      unsafe next.initialize(to: element)
      unsafe next += 1
      return true
    } run: { leaf in
      unsafe [Element](uninitializedCount: count, for: plan) { buffer, initializedCount in
        let memory = buffer.baseAddress!
        let ranges = unsafe runLoop(CollectBody(leaf, memory), control, count: count, plan: plan)
        if ranges.isComplete(count) {
          initializedCount = count
        } else {
          // An error or a cancellation has left gaps, so there is nothing to return.
          unsafe ranges.destroyElements(of: memory)
        }
      }
    }
    try control.throwFirst()
    require(collected.count == count, "a parallel collection gave fewer elements than it said")
    return collected
  }
}

extension ParallelSequence {
  /// Appends the elements of an indexed sequence to an array, which is unchanged if a closure throws.
  @_alwaysEmitIntoClient
  @inline(__always)
  func collect(count: Int, behind array: inout [Element]) throws(Failure) where Element: Sendable {
    if count == 0 { return plan.reportNothing() }
    let control = LoopControl<Failure>(plan)
    let plan = plan
    let isComplete = unsafe withLeaf { (element, next: inout UnsafeMutablePointer<Element>) throws(Failure) in
      unsafe next.initialize(to: element)
      unsafe next += 1
      return true
    } run: { leaf in
      var isComplete = false
      array.append(addingCapacity: count) { span in
        unsafe span.withUnsafeMutableBufferPointer { buffer, initializedCount in
          let memory = buffer.baseAddress!
          let ranges = unsafe runLoop(CollectBody(leaf, memory), control, count: count, plan: plan)
          isComplete = ranges.isComplete(count)
          if isComplete {
            initializedCount = count
          } else {
            unsafe ranges.destroyElements(of: memory)
          }
        }
      }
      return isComplete
    }
    try control.throwFirst()
    require(isComplete, "a parallel collection gave fewer elements than it said")
  }
}
