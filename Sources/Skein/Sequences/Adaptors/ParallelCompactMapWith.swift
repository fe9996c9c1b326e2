/// The non-nil results of a closure for the elements of another parallel sequence; the closure is passed a value.
public struct ParallelCompactMapWith<Base: ParallelSequence, Value: Sendable, Element>: ParallelStage {
  public typealias Failure = Base.Failure
  public typealias ChainRoot = Base.ChainRoot
  public typealias HandedValues = (Base.HandedValues, Value)

  public let parts: StageParts

  @inlinable public static var isOneForOne: Bool { false }

  @inlinable
  @inline(__always)
  init(_ base: Base, _ value: Value, _ transform: @escaping @Sendable (Base.Element, Value) -> Element?) {
    let processBase = base.processElement
    let process: Process = { element, values in
      switch processBase(element, values.0) {
      case .element(let element):
        if let transformed = transform(element, values.1) { .element(transformed) } else { .nothing }
      case .nothing: .nothing
      case .failure(let error): .failure(error)
      }
    }
    let lendBase = base.lendClosures()
    let lender: ClosureLender = { body in
      lendBase { base in lend(Link(transform: transform, value: value, base: base), to: body) }
    }
    parts = (base.chainRoot, (base.handedValues, value), process, lender)
  }

  /// The closures lent to a leaf.
  @usableFromInline
  struct Link: ~Copyable {
    @usableFromInline let transform: (Base.Element, Value) -> Element?
    @usableFromInline let value: Value
    @usableFromInline let base: LentClosures

    @inlinable
    init(transform: @escaping (Base.Element, Value) -> Element?, value: Value, base: LentClosures) {
      self.transform = transform
      self.value = value
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
          guard let transformed = link.transform(element, link.value) else { return true }
          return receive(transformed, &state)
        }, fail: fail)
    }
  }
}

extension ParallelSequence {
  /// Returns the non-nil results of a closure for each element; the closure is passed a value, see `map(with:_:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func compactMap<Value: Sendable, T>(
    with value: Value, _ transform: @escaping @Sendable (Element, Value) -> T?
  ) -> ParallelCompactMapWith<Self, Value, T> {
    ParallelCompactMapWith(self, value, transform)
  }

  /// Like `compactMap(with:_:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func compactMap<Value: Sendable, T, E>(
    with value: Value, _ transform: @escaping @Sendable (Element, Value) throws(E) -> T?
  ) -> ParallelCompactMap<ParallelThrowingMapWith<Self, Value, T?, E>, T> where Failure == Never {
    map(with: value, transform).compactMap { $0 }
  }

  /// Returns the elements that satisfy a condition, which is passed a value; see `map(with:_:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func filter<Value: Sendable>(
    with value: Value, _ isIncluded: @escaping @Sendable (Element, Value) -> Bool
  ) -> ParallelCompactMapWith<Self, Value, Element> {
    compactMap(with: value) { isIncluded($0, $1) ? $0 : nil }
  }

  /// Like `filter(with:_:)`, with a condition that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func filter<Value: Sendable, E>(
    with value: Value, _ isIncluded: @escaping @Sendable (Element, Value) throws(E) -> Bool
  ) -> ParallelCompactMap<ParallelThrowingMapWith<Self, Value, Element?, E>, Element> where Failure == Never {
    compactMap(with: value) { (element, value) throws(E) in try isIncluded(element, value) ? element : nil }
  }
}
