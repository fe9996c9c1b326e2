/// A parallel sequence made of another one, with the same positions.
///
/// By default everything is as in its base: the plan, the positions, and the source of a leaf.
public protocol ParallelAdaptor<Base>: ParallelSequence {
  /// The type of the sequence that it is made of.
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

/// The source of a leaf that needs more than its base's leaf does: a count, a value, a store for scratch.
///
/// Everything but closures is passed this way, not with the closures, whose captures the optimiser cannot see; see
/// `ClosureLender`.
///
/// SAFETY: `base` is valid until the `withSource` that provided it returns.
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
  /// Returns the source at an address from `withLinkedSource`.
  @inlinable
  @inline(__always)
  func linked<Value>(to value: Value.Type) -> UnsafePointer<LinkedSource<Value>> {
    unsafe assumingMemoryBound(to: LinkedSource<Value>.self)
  }
}
