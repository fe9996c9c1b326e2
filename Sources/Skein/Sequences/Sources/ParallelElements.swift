/// The elements of a random-access collection, in parallel.
public struct ParallelElements<Base: RandomAccessCollection & Sendable>: ParallelCollection
where Base.Element: Sendable {
  public typealias Element = Base.Element

  @usableFromInline var base: Base
  public var plan: LoopPlan
  public let positionCount: Int

  @inlinable
  init(_ base: Base, plan: LoopPlan) {
    self.base = base
    self.plan = plan
    positionCount = base.count
  }

  /// Returns the index of the element at an offset from the start.
  @inlinable
  func index(_ offset: Int) -> Base.Index { base.index(base.startIndex, offsetBy: offset) }

  /// The source of the leaf.
  ///
  /// SAFETY: both addresses are valid until `withSource` returns.
  @unsafe
  @usableFromInline
  struct Source {
    /// The first element, if the collection keeps them in contiguous memory.
    @usableFromInline let contiguous: UnsafePointer<Element>?
    @usableFromInline let base: UnsafePointer<Base>

    @inlinable
    init(contiguous: UnsafePointer<Element>?, base: UnsafePointer<Base>) {
      unsafe self.contiguous = contiguous
      unsafe self.base = base
    }
  }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    unsafe withUnsafePointer(to: base) { base in
      func call(_ contiguous: UnsafePointer<Element>?) -> Result {
        let source = unsafe Source(contiguous: contiguous, base: base)
        return unsafe withUnsafePointer(to: source) { unsafe body(UnsafeRawPointer($0)) }
      }
      return unsafe withContiguousElements { unsafe call($0.baseAddress) } ?? call(nil)
    }
  }

  /// Calls `body` with the elements if the collection keeps them in contiguous memory. Traps if there are not as many
  /// as it says: positions are not checked after that.
  @inlinable
  @inline(__always)
  func withContiguousElements<Result>(_ body: (UnsafeBufferPointer<Element>) -> Result) -> Result? {
    base.withContiguousStorageIfAvailable { elements in
      require(elements.count == positionCount, "a collection has another number of elements than it says")
      return unsafe body(elements)
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
    let source = unsafe source.assumingMemoryBound(to: Source.self).pointee
    // Contiguous elements are traversed by pointer, from which the optimiser makes the code of the sequential loop.
    if let elements = unsafe source.contiguous {
      for index in positions where unsafe !receive(elements[index], &state) { return false }
      return true
    }
    let base = unsafe source.base.pointee
    let start = base.index(base.startIndex, offsetBy: positions.lowerBound)
    let end = base.index(start, offsetBy: positions.count)
    // The receiver has room for this many.
    var left = positions.count
    for element in base[start..<end] {
      left -= 1
      require(left >= 0, "a slice of a collection has more elements than its indices say")
      if !receive(element, &state) { return false }
    }
    require(left == 0, "a slice of a collection has fewer elements than its indices say")
    return true
  }

  @inlinable
  @inline(__always)
  public static func element(
    at position: Int, from source: UnsafeRawPointer, closures: LentClosures
  ) -> Element {
    let source = unsafe source.assumingMemoryBound(to: Source.self)
    // Those of an array are: a test for each element would take as long as the rest of a short loop.
    if Base.self == [Element].self { return unsafe source.pointee.contiguous.unsafelyUnwrapped[position] }
    if let elements = unsafe source.pointee.contiguous { return unsafe elements[position] }
    let base = unsafe source.pointee.base
    return unsafe base.pointee[base.pointee.index(base.pointee.startIndex, offsetBy: position)]
  }
}

extension RandomAccessCollection where Self: Sendable, Element: Sendable {
  /// The elements of this collection, to be processed in parallel.
  @inlinable
  public var parallel: ParallelElements<Self> { ParallelElements(self, plan: LoopPlan()) }

  /// Returns the elements of this collection, to be processed in parallel as the parameters say.
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
  ) -> ParallelElements<Self> {
    ParallelElements(
      self,
      plan: LoopPlan(
        pool: pool, minimumBatch: minimumBatch, maximumBatch: maximumBatch, maximumInFlight: maximumInFlight))
  }
}
