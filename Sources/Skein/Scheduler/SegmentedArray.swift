internal import Synchronization

/// How many elements the segments of a `SegmentedArray` have: each twice as many as the one before.
struct SegmentLayout {
  /// The first segment has two to the power of this.
  let firstBits: Int
  /// How many segments there can be.
  let count: Int

  /// How many elements there can be.
  var capacity: Int { (1 << count - 1) << firstBits }

  func size(of segment: Int) -> Int { 1 << (firstBits + segment) }

  /// Segment *s* begins at 2ᶠ (2ˢ - 1), where *f* is `firstBits`.
  func place(_ index: Int) -> (segment: Int, offset: Int) {
    precondition(index >= 0 && index < capacity)
    let segment = Int.bitWidth - 1 - (index >> firstBits + 1).leadingZeroBitCount
    return (segment, index - (1 << segment - 1) << firstBits)
  }
}

/// Elements that never move, at indices from zero: one thread at a time adds some while others use those that they know of.
///
/// SAFETY: A segment is published with its address, and freed by `free`, which is called when nobody uses the array any more, or never. Which
/// elements are initialised is for the user to know.
@safe
struct SegmentedArray<Element: ~Copyable>: ~Copyable, @unchecked Sendable {
  private let layout: SegmentLayout
  private let segments: UnsafeMutablePointer<Atomic<UInt>>

  init(_ layout: SegmentLayout) {
    self.layout = layout
    unsafe segments = .allocate(capacity: layout.count)
    for segment in 0..<layout.count { unsafe (segments + segment).initialize(to: Atomic(0)) }
  }

  private func elements(of segment: Int) -> UnsafeMutablePointer<Element>? {
    unsafe UnsafeMutablePointer(bitPattern: segments[segment].load(ordering: .acquiring))  // pairs with `make`
  }

  /// The place with this index; nil if its segment has not been made.
  func find(_ index: Int) -> UnsafeMutablePointer<Element>? {
    let (segment, offset) = layout.place(index)
    return unsafe elements(of: segment).map { unsafe $0 + offset }
  }

  /// The place with this index, whose segment is made if there is none. One thread at a time calls it.
  /// - Parameter prepare: Called with the places of a new segment before others see it.
  func make(
    _ index: Int, _ prepare: (_ first: UnsafeMutablePointer<Element>, _ count: Int) -> Void = { _, _ in }
  ) -> UnsafeMutablePointer<Element> {
    if let place = unsafe find(index) { return unsafe place }
    let (segment, offset) = layout.place(index)
    let first = UnsafeMutablePointer<Element>.allocate(capacity: layout.size(of: segment))
    unsafe prepare(first, layout.size(of: segment))
    unsafe segments[segment].store(UInt(bitPattern: first), ordering: .releasing)  // pairs with `elements(of:)`
    return unsafe first + offset
  }

  /// Ends the first `count` elements, which are those that have been initialised, or else all for which there is room; and frees all memory.
  func free(count: Int = .max) {
    var left = count
    for segment in 0..<layout.count {
      guard let first = unsafe elements(of: segment) else { continue }
      let size = layout.size(of: segment)
      unsafe first.deinitialize(count: min(left, size))
      unsafe first.deallocate()
      left -= min(left, size)
    }
    unsafe segments.deinitialize(count: layout.count)
    unsafe segments.deallocate()
  }
}
