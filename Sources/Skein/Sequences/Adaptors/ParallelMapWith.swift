/// The elements of another parallel sequence, transformed by a closure that is passed a value.
public struct ParallelMapWith<Base: ParallelSequence, Value: Sendable, Element>: ParallelStage {
  public typealias Failure = Base.Failure
  public typealias ChainRoot = Base.ChainRoot
  public typealias HandedValues = (Base.HandedValues, Value)

  public let parts: StageParts

  @inlinable public static var isOneForOne: Bool { Base.isOneForOne }

  @inlinable
  @inline(__always)
  init(_ base: Base, _ value: Value, _ transform: @escaping @Sendable (Base.Element, Value) -> Element) {
    let processBase = base.processElement
    let process: Process = { element, values in
      switch processBase(element, values.0) {
      case .element(let element): .element(transform(element, values.1))
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
    @usableFromInline let transform: (Base.Element, Value) -> Element
    @usableFromInline let value: Value
    @usableFromInline let base: LentClosures

    @inlinable
    init(transform: @escaping (Base.Element, Value) -> Element, value: Value, base: LentClosures) {
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
        receive: { receive(link.transform($0, link.value), &$1) }, fail: fail)
    }
  }
}

extension ParallelMapWith: ParallelCollection where Base: ParallelCollection {
  @inlinable
  @inline(__always)
  public static func element(
    at position: Int, from source: UnsafeRawPointer, closures: LentClosures
  ) throws(Failure) -> Element {
    try closures.withLink(as: Link.self) { (link) throws(Failure) in
      link.transform(unsafe try Base.element(at: position, from: source, closures: link.base), link.value)
    }
  }
}

/// The elements of another parallel sequence, transformed by a closure that is passed a value and may throw.
public struct ParallelThrowingMapWith<Base: ParallelSequence, Value: Sendable, Element, Failure: Error>: ParallelStage
where Base.Failure == Never {
  public typealias ChainRoot = Base.ChainRoot
  public typealias HandedValues = (Base.HandedValues, Value)

  public let parts: StageParts

  @inlinable public static var isOneForOne: Bool { Base.isOneForOne }

  @inlinable
  @inline(__always)
  init(_ base: Base, _ value: Value, _ transform: @escaping @Sendable (Base.Element, Value) throws(Failure) -> Element)
  {
    let processBase = base.processElement
    let process: Process = { element, values in
      switch processBase(element, values.0) {
      case .element(let element):
        do throws(Failure) {
          return .element(try transform(element, values.1))
        } catch {
          return .failure(error)
        }
      case .nothing: return .nothing
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
    @usableFromInline let transform: (Base.Element, Value) throws(Failure) -> Element
    @usableFromInline let value: Value
    @usableFromInline let base: LentClosures

    @inlinable
    init(transform: @escaping (Base.Element, Value) throws(Failure) -> Element, value: Value, base: LentClosures) {
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
          do throws(Failure) {
            return receive(try link.transform(element, link.value), &state)
          } catch {
            fail(error, &state)
            return false
          }
        }, fail: { _, _ in })
    }
  }
}

extension ParallelThrowingMapWith: ParallelCollection where Base: ParallelCollection {
  @inlinable
  @inline(__always)
  public static func element(
    at position: Int, from source: UnsafeRawPointer, closures: LentClosures
  ) throws(Failure) -> Element {
    try closures.withLink(as: Link.self) { (link) throws(Failure) in
      try link.transform(unsafe Base.element(at: position, from: source, closures: link.base), link.value)
    }
  }
}

// A closure need not capture what it is passed; and a chain whose closures capture nothing is one loop. Each closure
// below is passed the same value with every element. The value is made once, and its references are not counted.
extension ParallelSequence {
  /// Returns each element transformed by a closure that is passed a value; lazy, in order, and of known count if this
  /// sequence is.
  ///
  ///     let scaled = Array(samples.parallel.map(with: factor) { sample, factor in sample * factor })
  ///
  /// A closure that captured the factor would be called for each element; this one becomes a part of the loop. See <doc:Making-a-loop-fast>.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func map<Value: Sendable, T>(
    with value: Value, _ transform: @escaping @Sendable (Element, Value) -> T
  ) -> ParallelMapWith<Self, Value, T> {
    ParallelMapWith(self, value, transform)
  }

  /// Like `map(with:_:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func map<Value: Sendable, T, E>(
    with value: Value, _ transform: @escaping @Sendable (Element, Value) throws(E) -> T
  ) -> ParallelThrowingMapWith<Self, Value, T, E> where Failure == Never {
    ParallelThrowingMapWith(self, value, transform)
  }

  /// Returns the concatenation of the sequences that a closure, which is passed a value, makes from each element; see
  /// `flatMap(_:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func flatMap<Value: Sendable, Inner: Sequence>(
    with value: Value, _ transform: @escaping @Sendable (Element, Value) -> Inner
  ) -> ParallelJoined<ParallelMapWith<Self, Value, Inner>> {
    map(with: value, transform).joined()
  }

  /// Like `flatMap(with:_:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func flatMap<Value: Sendable, Inner: Sequence, E>(
    with value: Value, _ transform: @escaping @Sendable (Element, Value) throws(E) -> Inner
  ) -> ParallelJoined<ParallelThrowingMapWith<Self, Value, Inner, E>> where Failure == Never {
    map(with: value, transform).joined()
  }
}
