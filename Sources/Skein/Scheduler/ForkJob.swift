public import CSkein
public import Synchronization

/// The second half of a fork, on the frame of the function that forked it.
///
/// SAFETY: The frame outlives every use: `fork` does not return before it has either taken the job back from its own deque (then
/// nobody else has seen it) or seen `status` say that its thief is finished with it (the last thing that a thief does with it). The
/// plain fields are immutable, and a thief reads them after its claim.
@unsafe
@usableFromInline
struct ForkJob: ~Copyable {
  /// The second closure, as two words.
  @usableFromInline let closure: skein_closure

  /// On whose behalf the job is to run: on whose its owner ran when it forked. (Not when it showed the job: jobs are shown by
  /// whatever code runs on top of them, which may belong to another call.)
  @usableFromInline let context: ContextReference?

  /// The task-local values that it is to see: those that its owner saw when it forked.
  @usableFromInline let values: TaskLocalValues

  /// `pending`; then the ticket of the thief that took it; then `done`, or `handedBack`.
  @usableFromInline let status: Atomic<UInt64>

  static var pending: UInt64 { 0 }
  static var done: UInt64 { .max }
  /// A thief has run a part of it and left the rest to the owner.
  static var handedBack: UInt64 { .max - 1 }

  @inlinable
  @inline(__always)
  init(_ closure: skein_closure, context: ContextReference?, values: TaskLocalValues) {
    unsafe self.closure = closure
    unsafe self.context = context
    unsafe self.values = values
    unsafe self.status = Atomic(0)
  }
}

/// A fork job as it lies in a deque: its address and, in the low bits, how deeply nested in loops it was made. Or the mark of a
/// scope's task, which lies beside it.
///
/// What decides whether a thief may have a job travels in the word that it reads before its claim, so it never has to look into
/// a job that is not yet its own.
///
/// SAFETY: the address in it is used only by `job`, which says who may.
@safe
@usableFromInline
struct ForkCell: Equatable {
  @usableFromInline let bits: UInt

  /// The deepest level that a cell can tell apart; deeper ones all say this. A job lies at a multiple of eight bytes, so three bits
  /// of its address are free; the last of their values marks a task.
  @inlinable static var deepestLevel: UInt { 6 }

  /// The cell of a scope's task.
  static var task: ForkCell { ForkCell(bits: 7) }
  /// In the place of a job that is gone: some fork below may be open.
  static var gone: ForkCell { ForkCell(bits: 0) }

  @inlinable
  @inline(__always)
  init(bits: UInt) { self.bits = bits }

  @inlinable
  @inline(__always)
  init(_ job: UnsafeMutablePointer<ForkJob>, level: UInt) {
    bits = UInt(bitPattern: job) | level
  }

  /// Whether it is no fork's.
  var isTask: Bool { bits == ForkCell.task.bits }

  /// How deep it is known to be at least.
  var level: UInt { isTask ? 0 : bits & 7 }

  /// SAFETY: only the owner of the deque, or the thief whose claim has succeeded, may look behind the address.
  var job: UnsafeMutablePointer<ForkJob> {
    unsafe UnsafeMutablePointer(bitPattern: bits & ~7)!
  }
}
