/// The elements of another parallel sequence, transformed by a closure that is passed a scratch value and may throw.
public struct ParallelThrowingScratchMap<Base: ParallelSequence, Scratch, Element, Failure: Error>: ParallelAdaptor
where Base.Failure == Never {
  public let base: Base
  @usableFromInline let makeScratch: @Sendable () -> sending Scratch
  @usableFromInline let transform: @Sendable (inout Scratch, Base.Element) throws(Failure) -> Element

  @inlinable
  init(
    _ base: Base, _ makeScratch: @escaping @Sendable () -> sending Scratch,
    _ transform: @escaping @Sendable (inout Scratch, Base.Element) throws(Failure) -> Element
  ) {
    self.base = base
    self.makeScratch = makeScratch
    self.transform = transform
  }

  @inlinable public var knownCount: Int? { base.knownCount }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    unsafe withScratchSource(of: Scratch.self, body)
  }

  /// The closures lent to a leaf.
  @usableFromInline
  struct Link: ~Copyable {
    @usableFromInline let makeScratch: () -> Scratch
    @usableFromInline let transform: (inout Scratch, Base.Element) throws(Failure) -> Element
    @usableFromInline let base: LentClosures

    @inlinable
    init(
      makeScratch: @escaping () -> Scratch,
      transform: @escaping (inout Scratch, Base.Element) throws(Failure) -> Element,
      base: LentClosures
    ) {
      self.makeScratch = makeScratch
      self.transform = transform
      self.base = base
    }
  }

  @inlinable
  @inline(__always)
  public func lendClosures() -> ClosureLender {
    let makeScratch = makeScratch
    let transform = transform
    let lendBase = base.lendClosures()
    return { body in
      lendBase { base in lend(Link(makeScratch: makeScratch, transform: transform, base: base), to: body) }
    }
  }

  @inlinable
  @inline(__always)
  public static func forEachElement<State>(
    from source: UnsafeRawPointer, at positions: Range<Int>, closures: LentClosures, state: inout State,
    receive: (Element, inout State) -> Bool, fail: (Failure, inout State) -> Void
  ) -> Bool {
    let linked = unsafe source.linked(to: ScratchPool<Scratch>.self)
    return closures.withLink(as: Link.self) { link in
      unsafe linked.pointee.value.idle.pointee.withValue(makeValue: link.makeScratch) { scratch in
        unsafe Base.forEachElement(
          from: linked.pointee.base, at: positions, closures: link.base, state: &state,
          receive: { element, state in
            do throws(Failure) {
              return receive(try link.transform(&scratch, element), &state)
            } catch {
              fail(error, &state)
              return false
            }
          }, fail: { _, _ in })
      }
    }
  }

  @inlinable
  public static func supply(from source: UnsafeRawPointer, upTo end: Int) -> Int {
    unsafe Base.supply(from: source.linked(to: ScratchPool<Scratch>.self).pointee.base, upTo: end)
  }

  @inlinable
  public static func turn(_ source: UnsafeRawPointer) {
    unsafe Base.turn(source.linked(to: ScratchPool<Scratch>.self).pointee.base)
  }

  @inlinable
  @inline(__always)
  public static func isExhausted(_ source: UnsafeRawPointer) -> Bool {
    unsafe Base.isExhausted(source.linked(to: ScratchPool<Scratch>.self).pointee.base)
  }
}

extension ParallelThrowingScratchMap: ParallelCollection where Base: ParallelCollection {
  @inlinable
  @inline(__always)
  public static func element(
    at position: Int, from source: UnsafeRawPointer, closures: LentClosures
  ) throws(Failure) -> Element {
    let linked = unsafe source.linked(to: ScratchPool<Scratch>.self)
    return try closures.withLink(as: Link.self) { (link) throws(Failure) in
      unsafe try linked.pointee.value.idle.pointee.withValue(makeValue: link.makeScratch) { (scratch) throws(Failure) in
        try link.transform(
          &scratch, unsafe Base.element(at: position, from: linked.pointee.base, closures: link.base))
      }
    }
  }
}

extension ParallelSequence where Failure == Never {
  /// Like `map(withScratch:_:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func map<Scratch, T, E>(
    withScratch makeScratch: @escaping @Sendable () -> sending Scratch,
    _ transform: @escaping @Sendable (inout Scratch, Element) throws(E) -> T
  ) -> ParallelThrowingScratchMap<Self, Scratch, T, E> {
    ParallelThrowingScratchMap(self, makeScratch, transform)
  }

  /// Like `forEach(withScratch:_:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func forEach<Scratch, E>(
    withScratch makeScratch: @escaping @Sendable () -> sending Scratch,
    _ body: @escaping @Sendable (inout Scratch, Element) throws(E) -> Void
  ) throws(E) {
    try map(withScratch: makeScratch, body).run()
  }
}
