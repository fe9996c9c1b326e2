/// The elements of another parallel sequence, transformed by a closure that is passed a scratch value.
public struct ParallelScratchMap<Base: ParallelSequence, Scratch, Element>: ParallelAdaptor {
  public typealias Failure = Base.Failure

  public let base: Base
  @usableFromInline let makeScratch: @Sendable () -> sending Scratch
  @usableFromInline let transform: @Sendable (inout Scratch, Base.Element) -> Element

  @inlinable
  init(
    _ base: Base, _ makeScratch: @escaping @Sendable () -> sending Scratch,
    _ transform: @escaping @Sendable (inout Scratch, Base.Element) -> Element
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
    @usableFromInline let transform: (inout Scratch, Base.Element) -> Element
    @usableFromInline let base: LentClosures

    @inlinable
    init(
      makeScratch: @escaping () -> Scratch, transform: @escaping (inout Scratch, Base.Element) -> Element,
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
          receive: { receive(link.transform(&scratch, $0), &$1) }, fail: fail)
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

extension ParallelScratchMap: ParallelCollection where Base: ParallelCollection {
  @inlinable
  @inline(__always)
  public static func element(
    at position: Int, from source: UnsafeRawPointer, closures: LentClosures
  ) throws(Failure) -> Element {
    let linked = unsafe source.linked(to: ScratchPool<Scratch>.self)
    return try closures.withLink(as: Link.self) { (link) throws(Failure) in
      unsafe try linked.pointee.value.idle.pointee.withValue(makeValue: link.makeScratch) { (scratch) throws(Failure) in
        link.transform(
          &scratch, unsafe try Base.element(at: position, from: linked.pointee.base, closures: link.base))
      }
    }
  }
}

/// The scratch values of one loop that no batch is using.
///
/// SAFETY: `idle` is on the frame of `withScratchPool`, inside which the loop runs.
@unsafe
@usableFromInline
struct ScratchPool<Scratch> {
  @usableFromInline let idle: UnsafePointer<IdleValues<Scratch>>

  @inlinable
  init(_ idle: UnsafePointer<IdleValues<Scratch>>) { unsafe self.idle = idle }
}

extension ParallelAdaptor {
  /// Calls `body` with the address of the base's source and of a store for scratch values, which are destroyed at the
  /// end.
  @inlinable
  @inline(__always)
  func withScratchSource<Scratch, Result>(
    of type: Scratch.Type, _ body: (UnsafeRawPointer) -> Result
  ) -> Result {
    unsafe plan.withScratchPool(of: Scratch.self) { pool in unsafe withLinkedSource(pool, body) }
  }
}

extension LoopPlan {
  /// Calls `body` with a store for the scratch values of a loop, which are destroyed at the end.
  @inlinable
  @inline(__always)
  func withScratchPool<Scratch, Result, E>(
    of type: Scratch.Type, _ body: (ScratchPool<Scratch>) throws(E) -> Result
  ) throws(E) -> Result {
    let idle = IdleValues<Scratch>(positions: (pool ?? .current ?? .shared).threadCount)
    defer { idle.destroy() }
    return unsafe try withUnsafePointer(to: idle) { (idle) throws(E) in unsafe try body(ScratchPool(idle)) }
  }
}

extension ParallelSequence {
  /// Returns each element transformed by a closure that is passed a scratch value; lazy, in order, and of known count
  /// if this sequence is.
  ///
  ///     let spectra = Array(blocks.parallel.map(withScratch: { Workspace() }) { workspace, block in workspace.spectrum(of: block) })
  ///
  /// A scratch value is made when a batch finds none idle: at most one for each thread of the pool and loop, unless
  /// iterations nest (under the wait policy `.anyWork`), and then as many as are open at once. No two batches use the
  /// same one at the same time. They are destroyed when the loop ends, however it ends. A scratch value keeps the state
  /// that earlier calls left in it, in no particular order of elements: the result should not depend on it.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func map<Scratch, T>(
    withScratch makeScratch: @escaping @Sendable () -> sending Scratch,
    _ transform: @escaping @Sendable (inout Scratch, Element) -> T
  ) -> ParallelScratchMap<Self, Scratch, T> {
    ParallelScratchMap(self, makeScratch, transform)
  }

  /// Calls a closure with each element and a scratch value, in any order, on several threads at once; see
  /// `map(withScratch:_:)` and `forEach(_:)`.
  /// - Throws: The error of the first element in order whose closures throw, once those before it are done.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func forEach<Scratch>(
    withScratch makeScratch: @escaping @Sendable () -> sending Scratch,
    _ body: @escaping @Sendable (inout Scratch, Element) -> Void
  ) throws(Failure) {
    try map(withScratch: makeScratch, body).run()
  }
}
