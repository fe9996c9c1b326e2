/// A parallel sequence made of two others.
public protocol ParallelPair<First, Second>: ParallelSequence {
  /// The type of the one whose plan holds.
  associatedtype First: ParallelSequence
  /// The type of the other one.
  associatedtype Second: ParallelSequence where Second.Failure == Failure, First.Failure == Failure

  /// The one whose plan holds.
  var first: First { get }
  /// The other one.
  var second: Second { get }
}

extension ParallelPair {
  /// Where the first one runs.
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

/// What a leaf reads from that reads from two sequences.
///
/// SAFETY: Both pointers are good until the `withSource` that gave them returns.
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

/// What such a leaf is lent.
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
  /// What lies at the address that `withPairedSources` gave.
  @inlinable
  @inline(__always)
  func paired<Value>(with value: Value.Type) -> UnsafePointer<PairedSources<Value>> {
    unsafe assumingMemoryBound(to: PairedSources<Value>.self)
  }
}
