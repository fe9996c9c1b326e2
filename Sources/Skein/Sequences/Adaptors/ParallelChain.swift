/// The elements of a parallel sequence, then those of another one.
public struct ParallelChain<First: ParallelSequence, Second: ParallelSequence>: ParallelPair
where First.Failure == Second.Failure, First.Element == Second.Element {
  public typealias Element = First.Element
  public typealias Failure = First.Failure

  public let first: First
  public let second: Second
  public let positionCount: Int

  @inlinable
  init(_ first: First, _ second: Second) {
    self.first = first
    self.second = second
    if Self.isSupplied {
      require(
        first.plan.blocks == .none,
        "a loop in blocks needs to know how many elements there are, which no plain sequence knows, nor a chain with one"
      )
      positionCount = .max
      return
    }
    let (count, overflows) = first.positionCount.addingReportingOverflow(second.positionCount)
    require(!overflows, "the chained sequences have more positions than an Int can count")
    positionCount = count
  }

  @inlinable public var knownCount: Int? { first.knownCount == nil || second.knownCount == nil ? nil : positionCount }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    var borders = ChainBorders(first.positionCount, secondCount: second.positionCount)
    return unsafe withUnsafeMutablePointer(to: &borders) { borders in
      unsafe withPairedSources(borders, body)
    }
  }

  @inlinable
  @inline(__always)
  public static func forEachElement<State>(
    from source: UnsafeRawPointer, at positions: Range<Int>, closures: LentClosures, state: inout State,
    receive: (Element, inout State) -> Bool, fail: (Failure, inout State) -> Void
  ) -> Bool {
    let sources = unsafe source.paired(with: ChainBorders.Address.self)
    let border = unsafe sources.pointee.value.pointee.leaves
    return closures.withLink(as: PairLink.self) { link in
      if positions.lowerBound < border {
        let isComplete = unsafe First.forEachElement(
          from: sources.pointee.first, at: positions.lowerBound..<Swift.min(border, positions.upperBound),
          closures: link.first, state: &state, receive: receive, fail: fail)
        if !isComplete { return false }
      }
      if positions.upperBound <= border { return true }
      let others = Swift.max(0, positions.lowerBound - border)..<positions.upperBound - border
      // Blocks of supplied positions may have room for more than there are; see `Supply`.
      let count = unsafe Self.isSupplied ? sources.pointee.value.pointee.secondCount : .max
      return unsafe Second.forEachElement(
        from: sources.pointee.second, at: others.clamped(to: 0..<count), closures: link.second, state: &state,
        receive: receive, fail: fail)
    }
  }

  @inlinable
  @inline(__always)
  public static func isExhausted(_ source: UnsafeRawPointer) -> Bool {
    let sources = unsafe source.paired(with: ChainBorders.Address.self)
    return unsafe First.isExhausted(sources.pointee.first) && Second.isExhausted(sources.pointee.second)
  }

  @inlinable public static var isSupplied: Bool { First.isSupplied || Second.isSupplied }

  @inlinable
  public static func supply(from source: UnsafeRawPointer, upTo end: Int) -> Int {
    let sources = unsafe source.paired(with: ChainBorders.Address.self)
    let borders = unsafe sources.pointee.value
    let supplied = unsafe borders.pointee.supplied
    if unsafe supplied < borders.pointee.supplier {
      if unsafe First.isExhausted(sources.pointee.first) {
        unsafe borders.pointee.supplier = supplied
      } else if First.isSupplied {
        let firstEnd = unsafe First.supply(from: sources.pointee.first, upTo: end)
        if firstEnd < end { unsafe borders.pointee.supplier = firstEnd }
      }
    }
    let border = unsafe borders.pointee.supplier
    if end <= border {
      unsafe borders.pointee.supplied = end
    } else if !Second.isSupplied {
      unsafe borders.pointee.supplied = border + Swift.min(end - border, borders.pointee.secondCount)
    } else if unsafe Second.isExhausted(sources.pointee.second) {
      unsafe borders.pointee.supplied = Swift.max(supplied, border)
    } else {
      unsafe borders.pointee.supplied = border + Second.supply(from: sources.pointee.second, upTo: end - border)
    }
    return unsafe borders.pointee.supplied
  }

  @inlinable
  public static func turn(_ source: UnsafeRawPointer) {
    let sources = unsafe source.paired(with: ChainBorders.Address.self)
    unsafe sources.pointee.value.pointee.turn()
    if First.isSupplied { unsafe First.turn(sources.pointee.first) }
    if Second.isSupplied { unsafe Second.turn(sources.pointee.second) }
  }
}

/// Where the positions of the second of two chained sequences begin.
///
/// If the first one is supplied, this is known when it has ended. One thread may find it out while others read the
/// block before, so there are two: for the leaves, and for the supplier. The leaves' one changes between blocks.
@usableFromInline
struct ChainBorders {
  @usableFromInline typealias Address = UnsafeMutablePointer<ChainBorders>

  /// The border for leaves; `Int.max` if it is not known.
  @usableFromInline var leaves: Int
  /// The border for the supplier.
  @usableFromInline var supplier: Int
  /// The end of the positions that have been supplied.
  @usableFromInline var supplied = 0
  /// The number of positions of the second sequence.
  @usableFromInline let secondCount: Int

  /// - Parameter firstCount: The number of positions of the first sequence, or `Int.max`.
  @inlinable
  init(_ firstCount: Int, secondCount: Int) {
    leaves = firstCount
    supplier = firstCount
    self.secondCount = secondCount
  }

  @inlinable
  mutating func turn() { leaves = supplier }
}

extension ParallelChain: ParallelCollection where First: ParallelCollection, Second: ParallelCollection {
  @inlinable
  @inline(__always)
  public static func element(
    at position: Int, from source: UnsafeRawPointer, closures: LentClosures
  ) throws(Failure) -> Element {
    let sources = unsafe source.paired(with: ChainBorders.Address.self)
    let border = unsafe sources.pointee.value.pointee.leaves
    return try closures.withLink(as: PairLink.self) { (link) throws(Failure) in
      if position < border {
        return unsafe try First.element(at: position, from: sources.pointee.first, closures: link.first)
      }
      return unsafe try Second.element(at: position - border, from: sources.pointee.second, closures: link.second)
    }
  }
}

/// Returns the elements of a parallel sequence followed by those of another one; lazy, in order, and of known count if
/// both are.
///
/// The loop runs by the plan of the first sequence.
/// - Precondition: That plan has no blocks (`inBlocks`, `inGrowingBlocks`) if the length of either is not known beforehand,
///   as that of a plain `Sequence`.
@_alwaysEmitIntoClient
@inline(__always)
public func chain<First: ParallelSequence, Second: ParallelSequence>(
  _ first: First, _ second: Second
) -> ParallelChain<First, Second> where First.Failure == Second.Failure, First.Element == Second.Element {
  ParallelChain(first, second)
}

/// As `chain`, for a first sequence whose closures cannot throw.
@_alwaysEmitIntoClient
@inline(__always)
@_disfavoredOverload
public func chain<First: ParallelSequence, Second: ParallelSequence>(
  _ first: First, _ second: Second
) -> ParallelChain<ParallelMayThrow<First, Second.Failure>, Second>
where First.Failure == Never, First.Element == Second.Element {
  ParallelChain(first.mayThrow(Second.Failure.self), second)
}

/// As `chain`, for a second sequence whose closures cannot throw.
@_alwaysEmitIntoClient
@inline(__always)
@_disfavoredOverload
public func chain<First: ParallelSequence, Second: ParallelSequence>(
  _ first: First, _ second: Second
) -> ParallelChain<First, ParallelMayThrow<Second, First.Failure>>
where Second.Failure == Never, First.Element == Second.Element {
  ParallelChain(first, second.mayThrow(First.Failure.self))
}
