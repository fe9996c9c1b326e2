/// The UTF-8 code units of a text, in parallel.
public struct ParallelUTF8: ParallelCollection {
  public typealias Element = UInt8

  @usableFromInline let units: Substring.UTF8View
  /// The units, if the text is not stored as UTF-8.
  @usableFromInline let copy: [UInt8]
  public var plan: LoopPlan
  public let positionCount: Int

  @inlinable
  init(_ units: Substring.UTF8View, plan: LoopPlan) {
    self.units = units
    copy = unsafe units.withContiguousStorageIfAvailable { _ in [] } ?? Array(units)
    self.plan = plan
    positionCount = units.count
  }

  @inlinable
  @inline(__always)
  func withUnits<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    func call(_ units: UnsafeBufferPointer<UInt8>) -> Result {
      require(units.count == positionCount, "a text has another number of code units than it says")
      return unsafe body(units)
    }
    return unsafe units.withContiguousStorageIfAvailable(call) ?? copy.withUnsafeBufferPointer(call)
  }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    unsafe withUnits { units in
      unsafe body(UnsafeRawPointer(units.baseAddress ?? UnsafePointer(bitPattern: 1)!))
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
    let units = unsafe source.assumingMemoryBound(to: UInt8.self)
    for position in positions where unsafe !receive(units[position], &state) { return false }
    return true
  }

  @inlinable
  @inline(__always)
  public static func element(at position: Int, from source: UnsafeRawPointer, closures: LentClosures) -> Element {
    unsafe source.assumingMemoryBound(to: UInt8.self)[position]
  }
}

extension ParallelUTF8: ParallelSpanned {
  @inlinable
  public func withContiguousElements<Result>(_ body: (UnsafeBufferPointer<UInt8>?) -> Result) -> Result {
    unsafe withUnits { units in unsafe body(units) }
  }
}

extension String.UTF8View {
  /// The code units of this view, to be processed in parallel.
  @inlinable
  public var parallel: ParallelUTF8 { parallel() }

  /// Returns the code units of this view, to be processed in parallel as the parameters say, which are those of a
  /// collection's method of this name.
  @inlinable
  public func parallel(
    in pool: ThreadPool? = nil, minimumBatch: Int = 1, maximumBatch: Int = .max, maximumInFlight: Int = .max
  ) -> ParallelUTF8 {
    ParallelUTF8(
      self[...],
      plan: LoopPlan(
        pool: pool, minimumBatch: minimumBatch, maximumBatch: maximumBatch, maximumInFlight: maximumInFlight))
  }
}

extension Substring.UTF8View {
  /// The code units of this view, to be processed in parallel.
  @inlinable
  public var parallel: ParallelUTF8 { parallel() }

  /// Returns the code units of this view, to be processed in parallel as the parameters say, which are those of a
  /// collection's method of this name.
  @inlinable
  public func parallel(
    in pool: ThreadPool? = nil, minimumBatch: Int = 1, maximumBatch: Int = .max, maximumInFlight: Int = .max
  ) -> ParallelUTF8 {
    ParallelUTF8(
      self[...],
      plan: LoopPlan(
        pool: pool, minimumBatch: minimumBatch, maximumBatch: maximumBatch, maximumInFlight: maximumInFlight))
  }
}
