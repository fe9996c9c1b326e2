/// The elements of another parallel sequence that satisfy a condition.
public struct ParallelFilter<Base: ParallelSequence>: ParallelStage {
  public typealias Element = Base.Element
  public typealias Failure = Base.Failure
  public typealias ChainRoot = Base.ChainRoot
  public typealias HandedValues = Base.HandedValues

  public let parts: StageParts

  @inlinable public static var isOneForOne: Bool { false }

  @inlinable
  @inline(__always)
  init(_ base: Base, _ isIncluded: @escaping @Sendable (Element) -> Bool) {
    let processBase = base.processElement
    let process: Process = { element, values in
      switch processBase(element, values) {
      case .element(let element): isIncluded(element) ? .element(element) : .nothing
      case .nothing: .nothing
      case .failure(let error): .failure(error)
      }
    }
    let lendBase = base.lendClosures()
    let lender: ClosureLender = { body in lendBase { base in lend(Link(isIncluded: isIncluded, base: base), to: body) }
    }
    parts = (base.chainRoot, base.handedValues, process, lender)
  }

  /// The closures lent to a leaf.
  @usableFromInline
  struct Link: ~Copyable {
    @usableFromInline let isIncluded: (Element) -> Bool
    @usableFromInline let base: LentClosures

    @inlinable
    init(isIncluded: @escaping (Element) -> Bool, base: LentClosures) {
      self.isIncluded = isIncluded
      self.base = base
    }
  }

  @inlinable
  @inline(__always)
  public static func forEachElement<State>(
    from source: UnsafeRawPointer, at positions: Range<Int>, closures: LentClosures, state: inout State,
    receive: (Element, inout State) -> Bool, fail: (Failure, inout State) -> Void
  ) -> Bool {
    closures.withLink(as: Link.self) { link in
      unsafe Base.forEachElement(
        from: source, at: positions, closures: link.base, state: &state,
        receive: { link.isIncluded($0) ? receive($0, &$1) : true }, fail: fail)
    }
  }
}

extension ParallelSequence {
  /// Returns the elements that satisfy a condition; lazy and in order.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func filter(_ isIncluded: @escaping @Sendable (Element) -> Bool) -> ParallelFilter<Self> {
    ParallelFilter(self, isIncluded)
  }

  /// Like `filter`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func filter<E>(
    _ isIncluded: @escaping @Sendable (Element) throws(E) -> Bool
  ) -> ParallelCompactMap<ParallelThrowingMap<Self, Element?, E>, Element> where Failure == Never {
    compactMap { (element) throws(E) in try isIncluded(element) ? element : nil }
  }
}
