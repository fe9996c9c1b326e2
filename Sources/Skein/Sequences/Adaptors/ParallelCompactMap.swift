/// The non-nil results of a closure for the elements of another parallel sequence.
///
/// `filter` is the same with a closure that returns the element itself.
public struct ParallelCompactMap<Base: ParallelSequence, Element>: ParallelStage {
  public typealias Failure = Base.Failure
  public typealias ChainRoot = Base.ChainRoot
  public typealias HandedValues = Base.HandedValues

  public let parts: StageParts

  @inlinable public static var isOneForOne: Bool { false }

  @inlinable
  @inline(__always)
  init(_ base: Base, _ transform: @escaping @Sendable (Base.Element) -> Element?) {
    let processBase = base.processElement
    let process: Process = { element, values in
      switch processBase(element, values) {
      case .element(let element):
        if let transformed = transform(element) { .element(transformed) } else { .nothing }
      case .nothing: .nothing
      case .failure(let error): .failure(error)
      }
    }
    let lendBase = base.lendClosures()
    let lender: ClosureLender = { body in lendBase { base in lend(Link(transform: transform, base: base), to: body) } }
    parts = (base.chainRoot, base.handedValues, process, lender)
  }

  /// The closures lent to a leaf.
  @usableFromInline
  struct Link: ~Copyable {
    @usableFromInline let transform: (Base.Element) -> Element?
    @usableFromInline let base: LentClosures

    @inlinable
    init(transform: @escaping (Base.Element) -> Element?, base: LentClosures) {
      self.transform = transform
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
        receive: { element, state in
          guard let transformed = link.transform(element) else { return true }
          return receive(transformed, &state)
        }, fail: fail)
    }
  }
}

extension ParallelSequence {
  /// Returns the non-nil results of a closure for each element; lazy and in order.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func compactMap<T>(_ transform: @escaping @Sendable (Element) -> T?) -> ParallelCompactMap<Self, T> {
    ParallelCompactMap(self, transform)
  }

  /// Like `compactMap`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func compactMap<T, E>(
    _ transform: @escaping @Sendable (Element) throws(E) -> T?
  ) -> ParallelCompactMap<ParallelThrowingMap<Self, T?, E>, T> where Failure == Never {
    map(transform).compactMap { $0 }
  }
}
