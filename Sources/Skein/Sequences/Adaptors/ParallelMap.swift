/// The elements of another parallel sequence, transformed.
public struct ParallelMap<Base: ParallelSequence, Element>: ParallelSequence {
  public typealias Failure = Base.Failure

  @usableFromInline let base: Base
  @usableFromInline let transform: @Sendable (Base.Element) -> Element

  @inlinable
  init(_ base: Base, _ transform: @escaping @Sendable (Base.Element) -> Element) {
    self.base = base
    self.transform = transform
  }

  @inlinable public var plan: LoopPlan { base.plan }
  @inlinable public var positionCount: Int { base.positionCount }
  @inlinable public var knownCount: Int? { base.knownCount }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result { unsafe base.withSource(body) }

  @inlinable
  @inline(__always)
  public func makeLeaf<State>(
    _ receive: @escaping (Element, inout State) -> Bool, fail: @escaping (Failure, inout State) -> Void
  ) -> ParallelLeaf<State> {
    let transform = transform
    return unsafe base.makeLeaf({ receive(transform($0), &$1) }, fail: fail)
  }
}

extension ParallelMap: ParallelCollection where Base: ParallelCollection {}

/// The elements of another parallel sequence, transformed by a closure that may throw.
public struct ParallelThrowingMap<Base: ParallelSequence, Element, Failure: Error>: ParallelSequence
where Base.Failure == Never {
  @usableFromInline let base: Base
  @usableFromInline let transform: @Sendable (Base.Element) throws(Failure) -> Element

  @inlinable
  init(_ base: Base, _ transform: @escaping @Sendable (Base.Element) throws(Failure) -> Element) {
    self.base = base
    self.transform = transform
  }

  @inlinable public var plan: LoopPlan { base.plan }
  @inlinable public var positionCount: Int { base.positionCount }
  @inlinable public var knownCount: Int? { base.knownCount }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result { unsafe base.withSource(body) }

  @inlinable
  @inline(__always)
  public func makeLeaf<State>(
    _ receive: @escaping (Element, inout State) -> Bool, fail: @escaping (Failure, inout State) -> Void
  ) -> ParallelLeaf<State> {
    let transform = transform
    return unsafe base.makeLeaf(
      { element, state in
        do throws(Failure) {
          return receive(try transform(element), &state)
        } catch {
          fail(error, &state)
          return false
        }
      }, fail: { _, _ in })
  }
}

extension ParallelThrowingMap: ParallelCollection where Base: ParallelCollection {}

extension ParallelSequence {
  /// Each element transformed by a closure; lazy, in order, and of known count if this one is.
  @inlinable
  @inline(__always)
  public func map<T>(_ transform: @escaping @Sendable (Element) -> T) -> ParallelMap<Self, T> {
    ParallelMap(self, transform)
  }

  /// Each element transformed by a closure that may throw. The terminal that runs the chain throws the error of the first element
  /// in order for which the closure throws; elements after that one are not begun any more, elements before it still run.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func map<T, E>(
    _ transform: @escaping @Sendable (Element) throws(E) -> T
  ) -> ParallelThrowingMap<Self, T, E> where Failure == Never {
    ParallelThrowingMap(self, transform)
  }
}
