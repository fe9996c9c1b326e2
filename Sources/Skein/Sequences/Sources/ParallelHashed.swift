/// The elements of a set or a dictionary, or the keys or values of one, in parallel, in the order of sequential iteration.
///
/// Where this library knows the layout of the hash table, it divides the table itself: positions, and what the limits
/// of batches count, are its buckets, about half of which hold an element. Elsewhere (on Apple's systems a set may be
/// an Objective-C object) the calling thread traverses the indices once before the loop, without reading elements, and
/// positions are elements.
public struct ParallelHashed<Base: HashedCollection & Sendable>: ParallelSequence where Base.Element: Sendable {
  public typealias Element = Base.Element

  @usableFromInline let base: Base
  public let plan: LoopPlan
  public let positionCount: Int
  @usableFromInline let readsTable: Bool

  @inlinable
  init(_ base: Base, plan: LoopPlan, readsTable: Bool = HashTable.isKnown) {
    self.base = base
    self.plan = plan
    self.readsTable = readsTable
    positionCount =
      if base.isEmpty || !readsTable {
        base.count
      } else {
        unsafe withUnsafePointer(to: base) { unsafe HashTable(of: $0, hasValues: Base.hasValues).bucketCount }
      }
  }

  /// The source of the leaf: a table, or the collection with the index of every sixteenth element.
  ///
  /// SAFETY: All addresses are valid until `withSource` returns.
  @unsafe
  @usableFromInline
  struct Source {
    @usableFromInline let table: HashTable?
    @usableFromInline let base: UnsafePointer<Base>
    @usableFromInline let marks: UnsafePointer<Base.Index>?

    @inlinable
    init(table: HashTable?, base: UnsafePointer<Base>, marks: UnsafePointer<Base.Index>?) {
      unsafe self.table = table
      unsafe self.base = base
      unsafe self.marks = marks
    }

    /// The number of elements from one mark to the next.
    @inlinable static var distance: Int { 16 }
  }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    unsafe withUnsafePointer(to: base) { base in
      func call(_ table: HashTable?, _ marks: UnsafePointer<Base.Index>?) -> Result {
        let source = unsafe Source(table: table, base: base, marks: marks)
        return unsafe withUnsafePointer(to: source) { unsafe body(UnsafeRawPointer($0)) }
      }
      if positionCount == 0 { return call(nil, nil) }
      if readsTable { return unsafe call(HashTable(of: base, hasValues: Base.hasValues), nil) }
      return unsafe marks().withUnsafeBufferPointer { unsafe call(nil, $0.baseAddress) }
    }
  }

  @usableFromInline
  func marks() -> [Base.Index] {
    var marks: [Base.Index] = []
    unsafe marks.reserveCapacity(positionCount / Source.distance + 1)
    var index = base.startIndex
    for offset in 0..<positionCount {
      if unsafe offset % Source.distance == 0 { marks.append(index) }
      base.formIndex(after: &index)
    }
    return marks
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
    let source = unsafe source.assumingMemoryBound(to: Source.self)
    if let table = unsafe source.pointee.table {
      return table.forEachBucket(in: positions) { bucket in
        receive(unsafe Base.element(in: bucket, keys: table.keys, values: table.values), &state)
      }
    }
    let base = unsafe source.pointee.base
    var index = unsafe source.pointee.marks![positions.lowerBound / Source.distance]
    for _ in 0..<(unsafe positions.lowerBound % Source.distance) { unsafe base.pointee.formIndex(after: &index) }
    for _ in positions {
      if unsafe !receive(base.pointee[index], &state) { return false }
      unsafe base.pointee.formIndex(after: &index)
    }
    return true
  }

  /// Returns the number of elements.
  /// - Complexity: O(1).
  @inlinable
  public func count() -> Int { base.count }
}

/// A collection of the standard library whose elements are stored in a hash table: a set, a dictionary, its keys or its
/// values.
///
/// No other type may conform: the hash tables of these are read directly.
public protocol HashedCollection: Collection {
  /// Whether the table has values beside the keys.
  static var hasValues: Bool { get }

  /// Returns the element in an occupied bucket.
  static func element(in bucket: Int, keys: UnsafeRawPointer, values: UnsafeRawPointer) -> Element
}

extension HashedCollection where Self: Sendable, Element: Sendable {
  /// The elements of this collection, to be processed in parallel; see ``ParallelHashed``.
  @inlinable
  public var parallel: ParallelHashed<Self> { ParallelHashed(self, plan: LoopPlan()) }

  /// Returns the elements of this collection, to be processed in parallel as the parameters say; see
  /// ``ParallelHashed``.
  ///
  /// - Parameters:
  ///   - pool: The pool to run in. By default the current one, or `ThreadPool.shared` outside any.
  ///   - minimumBatch: No worker is given fewer positions than this at once (except the rest at the end).
  ///   - maximumBatch: No worker runs more positions than this without checking whether another worker is hungry.
  ///   - maximumInFlight: At most this many iterations are open at once.
  /// - Precondition: All numbers are at least 1.
  @inlinable
  public func parallel(
    in pool: ThreadPool? = nil, minimumBatch: Int = 1, maximumBatch: Int = .max, maximumInFlight: Int = .max
  ) -> ParallelHashed<Self> {
    ParallelHashed(
      self,
      plan: LoopPlan(
        pool: pool, minimumBatch: minimumBatch, maximumBatch: maximumBatch, maximumInFlight: maximumInFlight))
  }
}

extension Set: HashedCollection {
  @inlinable public static var hasValues: Bool { false }

  @inlinable
  @inline(__always)
  public static func element(in bucket: Int, keys: UnsafeRawPointer, values: UnsafeRawPointer) -> Element {
    unsafe keys.assumingMemoryBound(to: Element.self)[bucket]
  }
}

extension Dictionary: HashedCollection {
  @inlinable public static var hasValues: Bool { true }

  @inlinable
  @inline(__always)
  public static func element(in bucket: Int, keys: UnsafeRawPointer, values: UnsafeRawPointer) -> Element {
    unsafe (keys.assumingMemoryBound(to: Key.self)[bucket], values.assumingMemoryBound(to: Value.self)[bucket])
  }
}

extension Dictionary.Keys: HashedCollection {
  @inlinable public static var hasValues: Bool { true }

  @inlinable
  @inline(__always)
  public static func element(in bucket: Int, keys: UnsafeRawPointer, values: UnsafeRawPointer) -> Element {
    unsafe keys.assumingMemoryBound(to: Key.self)[bucket]
  }
}

extension Dictionary.Values: HashedCollection {
  @inlinable public static var hasValues: Bool { true }

  @inlinable
  @inline(__always)
  public static func element(in bucket: Int, keys: UnsafeRawPointer, values: UnsafeRawPointer) -> Element {
    unsafe values.assumingMemoryBound(to: Value.self)[bucket]
  }
}
