/// The results of folding chunks of neighbouring elements of a parallel collection.
public struct ParallelFoldedChunks<Base: ParallelCollection, Element: Sendable>: ParallelAdaptor {
  public typealias Failure = Base.Failure

  public let base: Base
  @usableFromInline let count: Int
  @usableFromInline let initial: Element
  @usableFromInline let fold: @Sendable (inout Element, Base.Element) throws(Failure) -> Void

  @inlinable
  init(
    _ base: Base, count: Int, initial: Element,
    _ fold: @escaping @Sendable (inout Element, Base.Element) throws(Failure) -> Void
  ) {
    require(count >= 1, "chunks have at least 1 element, not \(count)")
    base.requireCountable()
    self.base = base
    self.count = count
    self.initial = initial
    self.fold = fold
  }

  @inlinable public var positionCount: Int { base.positionCount / count + (base.positionCount % count == 0 ? 0 : 1) }

  /// The size of the chunks, and the start value of each.
  @usableFromInline
  struct Cut {
    @usableFromInline let size: Int
    @usableFromInline let elementCount: Int
    @usableFromInline let initial: Element

    @inlinable
    init(size: Int, elementCount: Int, initial: Element) {
      self.size = size
      self.elementCount = elementCount
      self.initial = initial
    }

    @inlinable
    func positions(of chunk: Int) -> Range<Int> {
      let start = chunk * size
      return start..<(elementCount - start > size ? start + size : elementCount)
    }
  }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    unsafe withLinkedSource(Cut(size: count, elementCount: base.positionCount, initial: initial), body)
  }

  /// The closures lent to a leaf.
  @usableFromInline
  struct Link: ~Copyable {
    @usableFromInline let fold: (inout Element, Base.Element) throws(Failure) -> Void
    @usableFromInline let base: LentClosures

    @inlinable
    init(fold: @escaping (inout Element, Base.Element) throws(Failure) -> Void, base: LentClosures) {
      self.fold = fold
      self.base = base
    }
  }

  @inlinable
  @inline(__always)
  public func lendClosures() -> ClosureLender {
    let fold = fold
    let lendBase = base.lendClosures()
    return { body in lendBase { base in lend(Link(fold: fold, base: base), to: body) } }
  }

  @inlinable
  @inline(__always)
  public static func forEachElement<State>(
    from source: UnsafeRawPointer, at positions: Range<Int>, closures: LentClosures, state: inout State,
    receive: (Element, inout State) -> Bool, fail: (Failure, inout State) -> Void
  ) -> Bool {
    unsafe askForEachElement(
      from: source, at: positions, closures: closures, state: &state, receive: receive, fail: fail)
  }
}

extension ParallelFoldedChunks: ParallelCollection {
  @inlinable
  @inline(__always)
  public static func element(
    at position: Int, from source: UnsafeRawPointer, closures: LentClosures
  ) throws(Failure) -> Element {
    let linked = unsafe source.linked(to: Cut.self)
    var state = LeafState<Element, Failure>(unsafe linked.pointee.value.initial, at: 0..<0)
    closures.withLink(as: Link.self) { link in
      _ = unsafe Base.forEachElement(
        from: linked.pointee.base, at: linked.pointee.value.positions(of: position), closures: link.base,
        state: &state,
        receive: { element, state in
          do throws(Failure) {
            try link.fold(&state.value, element)
            return true
          } catch {
            state.error = error
            return false
          }
        }, fail: { $1.error = $0 })
    }
    if let error = state.error { throw error }
    return state.value
  }
}

extension ParallelCollection {
  /// Returns the results of folding chunks of `count` neighbouring elements, each by one thread into a copy of
  /// `initial`; the last chunk may be shorter. Lazy, in order, and of known count.
  ///
  /// The limits of batches count chunks.
  /// - Precondition: `count` is at least 1.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func foldChunks<Value: Sendable>(
    ofCount count: Int, into initial: Value, _ fold: @escaping @Sendable (inout Value, Element) -> Void
  ) -> ParallelFoldedChunks<Self, Value> {
    ParallelFoldedChunks(self, count: count, initial: initial) { (value, element) throws(Failure) in
      fold(&value, element)
    }
  }
}

extension ParallelCollection where Failure == Never {
  /// Like `foldChunks(ofCount:into:_:)`, with a closure that may throw, which ends its chunk.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func foldChunks<Value: Sendable, E>(
    ofCount count: Int, into initial: Value, _ fold: @escaping @Sendable (inout Value, Element) throws(E) -> Void
  ) -> ParallelFoldedChunks<ParallelMayThrow<Self, E>, Value> {
    ParallelFoldedChunks(mayThrow(E.self), count: count, initial: initial, fold)
  }
}

extension ParallelCollection where Element: Sendable {
  /// Returns chunks of `count` neighbouring elements as arrays; the last array may be shorter.
  ///
  /// The limits of batches count chunks. A collection's own `parallel.chunks(ofCount:)` returns slices instead, which
  /// copy nothing.
  /// - Precondition: `count` is at least 1.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func chunks(ofCount count: Int) -> ParallelFoldedChunks<Self, [Element]> {
    foldChunks(ofCount: count, into: []) { $0.append($1) }
  }
}
