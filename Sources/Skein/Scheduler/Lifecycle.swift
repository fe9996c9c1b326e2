internal import Synchronization

/// Whether a pool is open, and how much of what it accepted is unfinished.
///
///     open ──close──▶ closing ──last submission finished──▶ over
struct Lifecycle: ~Copyable {
  /// Twice the number of unfinished submissions, plus one when the pool is closed.
  private let word = Atomic<Int>(0)

  /// Counts one more submission. A closed pool accepts only those that the accepted work itself makes.
  func accept(isPartOfAcceptedWork: Bool) {
    let before = word.add(2, ordering: .sequentiallyConsistent).oldValue
    // A pool that is over has nothing unfinished, so a submission cannot be part of it, though a handler at a thread's
    // end may claim so.
    if before == 1 || before & 1 == 1 && !isPartOfAcceptedWork {
      fatal("work was submitted to a thread pool after its shut-down")
    }
  }

  /// Counts one more submission, unless the pool is closed and the submission is not part of the accepted work.
  /// - Returns: Whether it was counted; and whether uncounting it ended the pool (again).
  func acceptIfOpen(isPartOfAcceptedWork: @autoclosure () -> Bool) -> (isAccepted: Bool, isOver: Bool) {
    let before = word.add(2, ordering: .sequentiallyConsistent).oldValue
    if before & 1 == 0 || before > 1 && isPartOfAcceptedWork() { return (true, false) }
    return (false, finish())
  }

  /// Keeps the pool from ending: for a worker that has, or looks for, something which is not counted itself.
  func hold() { word.add(2, ordering: .sequentiallyConsistent) }

  /// - Returns: Whether that was the last submission of a closed pool.
  func finish() -> Bool {
    word.subtract(2, ordering: .sequentiallyConsistent).newValue == 1
  }

  /// - Returns: Whether this call closed the pool.
  func close() -> Bool {
    word.bitwiseOr(1, ordering: .sequentiallyConsistent).oldValue & 1 == 0
  }

  var isClosed: Bool { word.load(ordering: .sequentiallyConsistent) & 1 == 1 }
  var isOver: Bool { word.load(ordering: .sequentiallyConsistent) == 1 }
}
