/// Slices of a random-access collection that begin at equal distances, in parallel.
public struct ParallelSlices<Base: RandomAccessCollection & Sendable>: ParallelCollection {
  public typealias Element = Base.SubSequence

  @usableFromInline let base: Base
  public var plan: LoopPlan
  public let positionCount: Int
  @usableFromInline let cut: Cut

  /// - Parameters:
  ///   - size: The number of elements in a slice; the last may have fewer.
  ///   - step: The distance from the beginning of one slice to that of the next: 1, or the size.
  @inlinable
  init(_ base: Base, plan: LoopPlan, positionCount: Int, size: Int, step: Int) {
    self.base = base
    self.plan = plan
    self.positionCount = positionCount
    cut = Cut(size: size, step: step, elementCount: base.count)
  }

  /// The positions of the slices.
  @usableFromInline
  struct Cut: Sendable {
    @usableFromInline let size: Int
    @usableFromInline let step: Int
    @usableFromInline let elementCount: Int

    @inlinable
    init(size: Int, step: Int, elementCount: Int) {
      self.size = size
      self.step = step
      self.elementCount = elementCount
    }
  }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    unsafe withUnsafePointer(to: base) { base in
      let linked = unsafe LinkedSource(UnsafeRawPointer(base), cut)
      return unsafe withUnsafePointer(to: linked) { unsafe body(UnsafeRawPointer($0)) }
    }
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
    if positions.isEmpty { return true }
    let linked = unsafe source.linked(to: Cut.self)
    let base = unsafe linked.pointee.base.assumingMemoryBound(to: Base.self)
    let cut = unsafe linked.pointee.value
    var offset = positions.lowerBound * cut.step
    var (start, end) = unsafe bounds(at: offset, in: base, cut)
    var left = positions.count
    while unsafe receive(base.pointee[start..<end], &state) {
      left &-= 1
      if left == 0 { return true }
      // Windows move by one element, chunks by their size.
      if cut.step == 1 {
        unsafe base.pointee.formIndex(after: &start)
        unsafe base.pointee.formIndex(after: &end)
      } else {
        offset &+= cut.step
        start = end
        unsafe base.pointee.formIndex(&end, offsetBy: Swift.min(cut.size, cut.elementCount &- offset))
      }
    }
    return false
  }

  @inlinable
  @inline(__always)
  public static func element(at position: Int, from source: UnsafeRawPointer, closures: LentClosures) -> Element {
    let linked = unsafe source.linked(to: Cut.self)
    let base = unsafe linked.pointee.base.assumingMemoryBound(to: Base.self)
    let cut = unsafe linked.pointee.value
    let (start, end) = unsafe bounds(at: position * cut.step, in: base, cut)
    return unsafe base.pointee[start..<end]
  }

  /// The bounds of the slice that begins at an offset.
  @inlinable
  @inline(__always)
  static func bounds(at offset: Int, in base: UnsafePointer<Base>, _ cut: Cut) -> (Base.Index, Base.Index) {
    let start = unsafe base.pointee.index(base.pointee.startIndex, offsetBy: offset)
    return unsafe (start, base.pointee.index(start, offsetBy: Swift.min(cut.size, cut.elementCount - offset)))
  }
}

extension ParallelSlices {
  @inlinable
  init(_ base: Base, _ elementCount: Int, _ plan: LoopPlan, chunksOf count: Int) {
    require(count >= 1, "chunks have at least 1 element, not \(count)")
    let chunks = elementCount / count + (elementCount % count == 0 ? 0 : 1)
    self.init(base, plan: plan, positionCount: chunks, size: count, step: count)
  }

  @inlinable
  init(_ base: Base, _ elementCount: Int, _ plan: LoopPlan, windowsOf count: Int) {
    require(count >= 1, "windows have at least 1 element, not \(count)")
    let windows = elementCount < count ? 0 : elementCount - count + 1
    self.init(base, plan: plan, positionCount: windows, size: count, step: 1)
  }
}

extension ParallelElements {
  /// Returns slices of `count` neighbouring elements, one after another; the last may be shorter. They copy nothing.
  ///
  /// The limits of batches count slices.
  /// - Precondition: `count` is at least 1.
  @inlinable
  public func chunks(ofCount count: Int) -> ParallelSlices<Base> {
    ParallelSlices(base, positionCount, plan, chunksOf: count)
  }

  /// Returns slices of `count` neighbouring elements, one beginning at each element that is followed by enough others.
  /// They copy nothing.
  /// - Precondition: `count` is at least 1.
  @inlinable
  public func windows(ofCount count: Int) -> ParallelSlices<Base> {
    ParallelSlices(base, positionCount, plan, windowsOf: count)
  }
}
