/// A parallel sequence made of two others.
public protocol ParallelPair<First, Second>: ParallelSequence {
  /// The type of the sequence whose plan is used.
  associatedtype First: ParallelSequence
  /// The type of the other sequence.
  associatedtype Second: ParallelSequence where Second.Failure == Failure, First.Failure == Failure

  /// The sequence whose plan is used.
  var first: First { get }
  /// The other sequence.
  var second: Second { get }
}

extension ParallelPair {
  /// The plan of the first sequence.
  @inlinable public var plan: LoopPlan { first.plan }

  @inlinable
  @inline(__always)
  public func lendClosures() -> ClosureLender {
    let lendFirst = first.lendClosures()
    let lendSecond = second.lendClosures()
    return { body in
      lendFirst { first in lendSecond { second in lend(PairLink(first: first, second: second), to: body) } }
    }
  }

  /// Calls `body` with the address of both sources and a value.
  @inlinable
  @inline(__always)
  func withPairedSources<Value, Result>(_ value: Value, _ body: (UnsafeRawPointer) -> Result) -> Result {
    unsafe first.withSource { first in
      unsafe second.withSource { second in
        let paired = unsafe PairedSources(first: first, second: second, value: value)
        return unsafe withUnsafePointer(to: paired) { unsafe body(UnsafeRawPointer($0)) }
      }
    }
  }
}

/// The sources of a leaf that reads from two sequences.
///
/// SAFETY: Both pointers are valid until the `withSource` that provided them returns.
@unsafe
@usableFromInline
struct PairedSources<Value> {
  @usableFromInline let first: UnsafeRawPointer
  @usableFromInline let second: UnsafeRawPointer
  @usableFromInline let value: Value

  @inlinable
  @inline(__always)
  init(first: UnsafeRawPointer, second: UnsafeRawPointer, value: Value) {
    unsafe self.first = first
    unsafe self.second = second
    unsafe self.value = value
  }
}

/// The closures lent to such a leaf.
@usableFromInline
struct PairLink: ~Copyable {
  @usableFromInline let first: LentClosures
  @usableFromInline let second: LentClosures

  @inlinable
  init(first: LentClosures, second: LentClosures) {
    self.first = first
    self.second = second
  }
}

extension UnsafeRawPointer {
  /// Returns the sources at an address from `withPairedSources`.
  @inlinable
  @inline(__always)
  func paired<Value>(with value: Value.Type) -> UnsafePointer<PairedSources<Value>> {
    unsafe assumingMemoryBound(to: PairedSources<Value>.self)
  }
}
