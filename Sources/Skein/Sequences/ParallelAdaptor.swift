/// A parallel sequence made of another one, at whose positions its elements come about.
///
/// What it does not say otherwise is as in its base: where that is run and in what batches, the positions, and what a leaf reads from.
public protocol ParallelAdaptor<Base>: ParallelSequence {
  /// The type of what it is made of.
  associatedtype Base: ParallelSequence

  /// The sequence that it is made of.
  var base: Base { get }
}

extension ParallelAdaptor {
  @inlinable public var plan: LoopPlan { base.plan }
  @inlinable public var positionCount: Int { base.positionCount }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result { unsafe base.withSource(body) }

  @inlinable public static var isSupplied: Bool { Base.isSupplied }

  @inlinable
  public static func supply(from source: UnsafeRawPointer, upTo end: Int) -> Int {
    unsafe Base.supply(from: source, upTo: end)
  }

  @inlinable
  public static func turn(_ source: UnsafeRawPointer) { unsafe Base.turn(source) }
}

/// What a leaf reads from that needs more than its base's leaf does: a count, a value, a place for scratch.
///
/// Whatever is not a closure goes this way, not with the closures: what they capture is seen by the optimiser as unknown; see
/// `ClosureLender`.
///
/// SAFETY: `base` is good until the `withSource` that gave it returns.
@unsafe
@usableFromInline
struct LinkedSource<Value> {
  @usableFromInline let base: UnsafeRawPointer
  @usableFromInline let value: Value

  @inlinable
  @inline(__always)
  init(_ base: UnsafeRawPointer, _ value: Value) {
    unsafe self.base = base
    unsafe self.value = value
  }
}

extension ParallelAdaptor {
  /// Calls `body` with the address of the base's source and a value.
  @inlinable
  @inline(__always)
  func withLinkedSource<Value, Result>(_ value: Value, _ body: (UnsafeRawPointer) -> Result) -> Result {
    unsafe base.withSource { source in
      let linked = unsafe LinkedSource(source, value)
      return unsafe withUnsafePointer(to: linked) { unsafe body(UnsafeRawPointer($0)) }
    }
  }
}

extension UnsafeRawPointer {
  /// What lies at the address that `withLinkedSource` gave.
  @inlinable
  @inline(__always)
  func linked<Value>(to value: Value.Type) -> UnsafePointer<LinkedSource<Value>> {
    unsafe assumingMemoryBound(to: LinkedSource<Value>.self)
  }
}
