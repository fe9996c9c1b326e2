/// For a leaf with any number of elements at a position: tells it from time to time whether its batch is useless
/// because the loop ends before it. Between batches the engine checks this itself.
@usableFromInline
struct Endurance {
  @usableFromInline var count: UInt8 = 0

  @inlinable
  @inline(__always)
  init() {}

  /// Whether to give up; called for each element.
  @inlinable
  @inline(__always)
  mutating func isOver() -> Bool {
    count &+= 1
    return count == 0 && isBatchInVain
  }

  @usableFromInline
  @inline(never)
  var isBatchInVain: Bool { WorkerReference.current?.isBatchInVain ?? false }
}
