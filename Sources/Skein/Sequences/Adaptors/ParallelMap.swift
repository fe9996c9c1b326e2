/// The elements of another parallel sequence, transformed.
public struct ParallelMap<Base: ParallelSequence, Element>: ParallelStage {
  public typealias Failure = Base.Failure
  public typealias ChainRoot = Base.ChainRoot
  public typealias HandedValues = Base.HandedValues

  public let parts: StageParts

  @inlinable public static var isOneForOne: Bool { Base.isOneForOne }

  @inlinable
  @inline(__always)
  init(_ base: Base, _ transform: @escaping @Sendable (Base.Element) -> Element) {
    let processBase = base.processElement
    let process: Process = { element, values in
      switch processBase(element, values) {
      case .element(let element): .element(transform(element))
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
    @usableFromInline let transform: (Base.Element) -> Element
    @usableFromInline let base: LentClosures

    @inlinable
    init(transform: @escaping (Base.Element) -> Element, base: LentClosures) {
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
        receive: { receive(link.transform($0), &$1) }, fail: fail)
    }
  }
}

extension ParallelMap: ParallelCollection where Base: ParallelCollection {
  @inlinable
  @inline(__always)
  public static func element(
    at position: Int, from source: UnsafeRawPointer, closures: LentClosures
  ) throws(Failure) -> Element {
    try closures.withLink(as: Link.self) { (link) throws(Failure) in
      link.transform(unsafe try Base.element(at: position, from: source, closures: link.base))
    }
  }
}

/// The elements of another parallel sequence, transformed by a closure that may throw.
public struct ParallelThrowingMap<Base: ParallelSequence, Element, Failure: Error>: ParallelStage
where Base.Failure == Never {
  public typealias ChainRoot = Base.ChainRoot
  public typealias HandedValues = Base.HandedValues

  public let parts: StageParts

  @inlinable public static var isOneForOne: Bool { Base.isOneForOne }

  @inlinable
  @inline(__always)
  init(_ base: Base, _ transform: @escaping @Sendable (Base.Element) throws(Failure) -> Element) {
    let processBase = base.processElement
    let process: Process = { element, values in
      switch processBase(element, values) {
      case .element(let element):
        do throws(Failure) {
          return .element(try transform(element))
        } catch {
          return .failure(error)
        }
      case .nothing: return .nothing
      }
    }
    let lendBase = base.lendClosures()
    let lender: ClosureLender = { body in lendBase { base in lend(Link(transform: transform, base: base), to: body) } }
    parts = (base.chainRoot, base.handedValues, process, lender)
  }

  /// The closures lent to a leaf.
  @usableFromInline
  struct Link: ~Copyable {
    @usableFromInline let transform: (Base.Element) throws(Failure) -> Element
    @usableFromInline let base: LentClosures

    @inlinable
    init(transform: @escaping (Base.Element) throws(Failure) -> Element, base: LentClosures) {
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
          do throws(Failure) {
            return receive(try link.transform(element), &state)
          } catch {
            fail(error, &state)
            return false
          }
        }, fail: { _, _ in })
    }
  }
}

extension ParallelThrowingMap: ParallelCollection where Base: ParallelCollection {
  @inlinable
  @inline(__always)
  public static func element(
    at position: Int, from source: UnsafeRawPointer, closures: LentClosures
  ) throws(Failure) -> Element {
    try closures.withLink(as: Link.self) { (link) throws(Failure) in
      try link.transform(unsafe Base.element(at: position, from: source, closures: link.base))
    }
  }
}

extension ParallelSequence {
  /// Returns each element transformed by a closure; lazy, in order, and of known count if this sequence is.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func map<T>(_ transform: @escaping @Sendable (Element) -> T) -> ParallelMap<Self, T> {
    ParallelMap(self, transform)
  }

  /// Returns each element transformed by a closure that may throw.
  ///
  /// The terminal that runs the chain throws the error of the first element in order for which the closure throws;
  /// elements after that one are not begun any more, elements before it still run.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func map<T, E>(
    _ transform: @escaping @Sendable (Element) throws(E) -> T
  ) -> ParallelThrowingMap<Self, T, E> where Failure == Never {
    ParallelThrowingMap(self, transform)
  }
}
