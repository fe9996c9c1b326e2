public import CSkein
public import Synchronization

/// The second half of a fork, on the frame of the function that forked it.
///
/// SAFETY: The frame outlives every use: `fork` does not return before it has either taken the job back from its own
/// deque (then no other thread has seen it) or seen in `status` that its thief is finished with it (a thief's last
/// access). The plain fields are immutable, and a thief reads them after its claim.
@unsafe
@usableFromInline
struct ForkJob: ~Copyable {
  /// The second closure, as two words.
  @usableFromInline let closure: skein_closure

  /// The context in which the job is to run: its owner's when it forked. (Not when it exposed the job: jobs are exposed
  /// by whatever code runs on top of them, which may belong to another call.)
  @usableFromInline let context: ContextReference?

  /// The task-local values that the job is to see: its owner's when it forked.
  @usableFromInline var values = TaskLocalValues.none

  /// `pending`; then the ticket of the thief that took it; then `done`, or `handedBack`.
  @usableFromInline let status: Atomic<UInt64>

  static var pending: UInt64 { 0 }
  static var done: UInt64 { .max }
  /// A thief has run a part of it and left the rest to the owner.
  static var handedBack: UInt64 { .max - 1 }

  @inlinable
  @inline(__always)
  init(_ closure: skein_closure, context: ContextReference?) {
    unsafe self.closure = closure
    unsafe self.context = context
    unsafe self.status = Atomic(0)
  }
}

/// A fork job as it is stored in a deque: its address and, in the low bits, how deeply nested in loops it was made. Or
/// the mark of a scope's task, which is stored beside it.
///
/// What decides whether a thief may take a job is in the word that it reads before its claim, so it never has to read a
/// job that is not yet its own.
///
/// SAFETY: the address in it is used only by `job`, which states who may use it.
@safe
@usableFromInline
struct ForkCell: Equatable {
  @usableFromInline let bits: UInt

  /// The deepest level that a cell can represent; all deeper ones are given as this. A job's address is a multiple of
  /// eight, so three bits are free; the last of their values marks a task.
  @inlinable static var deepestLevel: UInt { 6 }

  /// The cell of a scope's task.
  static var task: ForkCell { ForkCell(bits: 7) }
  /// Replaces a job that is gone: some fork below may be open.
  static var gone: ForkCell { ForkCell(bits: 0) }

  @inlinable
  @inline(__always)
  init(bits: UInt) { self.bits = bits }

  @inlinable
  @inline(__always)
  init(_ job: UnsafeMutablePointer<ForkJob>, level: UInt) {
    bits = UInt(bitPattern: job) | level
  }

  /// Whether it belongs to no fork.
  var isTask: Bool { bits == ForkCell.task.bits }

  /// A lower bound for its level.
  var level: UInt { isTask ? 0 : bits & 7 }

  /// SAFETY: only the owner of the deque, or the thief whose claim has succeeded, may use the address.
  var job: UnsafeMutablePointer<ForkJob> {
    unsafe UnsafeMutablePointer(bitPattern: bits & ~7)!
  }
}
