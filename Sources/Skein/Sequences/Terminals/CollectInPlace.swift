/// Writes the elements of an indexed sequence to their places in uninitialised memory.
///
/// SAFETY: `memory` has room for every position and is the loop's alone; each position is written by one batch. A batch says how
/// far it came, so that exactly what was initialised is destroyed if the loop does not reach its end.
@safe
@usableFromInline
struct CollectBody<Base: ParallelSequence>: LoopBody {
  @usableFromInline typealias Failure = Base.Failure
  /// The initialised ranges, ascending, with no two that touch.
  @usableFromInline typealias Partial = InitializedRanges

  @usableFromInline let base: Base
  @usableFromInline let memory: UnsafeMutablePointer<Base.Element>

  @inlinable
  init(_ base: Base, _ memory: UnsafeMutablePointer<Base.Element>) {
    self.base = base
    unsafe self.memory = memory
  }

  @inlinable
  func makePartial() -> Partial { InitializedRanges() }

  @inlinable
  func run(_ units: Range<Int>, into partial: inout Partial, _ control: borrowing LoopControl<Failure>) {
    var next = unsafe memory + units.lowerBound
    do throws(Failure) {
      _ = try base.forward(units) { element in
        unsafe next.initialize(to: element)
        unsafe next += 1
        return true
      }
    } catch {
      control.note(error, at: units.lowerBound)
    }
    unsafe partial.append(units.lowerBound..<(next - memory))
  }

  @inlinable
  func merge(_ right: consuming Partial, into left: inout Partial, _ control: borrowing LoopControl<Failure>) {
    left.append(contentsOf: right)
  }
}

/// Ascending ranges that do not touch. Nearly always there is one, which needs no allocation.
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

  /// Whether this is all of `0..<count`.
  @usableFromInline
  func isComplete(_ count: Int) -> Bool { earlier.isEmpty && last == 0..<count }
}

extension ParallelSequence {
  @inlinable
  func collectInPlace(count: Int) throws(Failure) -> [Element] where Element: Sendable {
    let control = LoopControl<Failure>(plan)
    // A cancelled loop leaves gaps: then there is nothing to return.
    let collected = unsafe [Element](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      guard count > 0 else { return }
      let memory = unsafe buffer.baseAddress!
      let ranges = unsafe runLoop(CollectBody(self, memory), control, count: count, plan: plan)
      if ranges.isComplete(count) {
        initializedCount = count
      } else {
        for range in ranges.earlier + [ranges.last] {
          unsafe (memory + range.lowerBound).deinitialize(count: range.count)
        }
      }
    }
    try control.throwFirst()
    return collected
  }
}
