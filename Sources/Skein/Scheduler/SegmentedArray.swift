internal import Synchronization

/// The sizes of the segments of a `SegmentedArray`: each has twice as many elements as the one before.
struct SegmentLayout {
  /// The first segment has two to the power of this many elements.
  let firstBits: Int
  /// The maximum number of segments.
  let count: Int

  /// The maximum number of elements.
  var capacity: Int { (1 << count - 1) << firstBits }

  func size(of segment: Int) -> Int { 1 << (firstBits + segment) }

  /// Segment *s* begins at 2ᶠ (2ˢ - 1), where *f* is `firstBits`.
  func place(_ index: Int) -> (segment: Int, offset: Int) {
    precondition(index >= 0 && index < capacity)
    let segment = Int.bitWidth - 1 - (index >> firstBits + 1).leadingZeroBitCount
    return (segment, index - (1 << segment - 1) << firstBits)
  }
}

/// Elements that never move, at indices from zero: one thread at a time adds some while others use those that they know
/// of.
///
/// SAFETY: A segment is published with its address, and freed by `free`, which is called when the array is no longer
/// used, or never. The user keeps track of which elements are initialised.
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

  /// Returns the address of an element; nil if its segment has not been made.
  func find(_ index: Int) -> UnsafeMutablePointer<Element>? {
    let (segment, offset) = layout.place(index)
    return unsafe elements(of: segment).map { unsafe $0 + offset }
  }

  /// Returns the address of an element, whose segment is made if necessary. One thread at a time calls it.
  /// - Parameter prepare: Called with the memory of a new segment before others see it.
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

  /// Deinitialises the first `count` elements, which must be all that are initialised, or by default as many as there
  /// is room for; and frees all memory.
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
