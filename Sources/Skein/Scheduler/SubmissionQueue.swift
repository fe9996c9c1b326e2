internal import CSkein
internal import SkeinDeque

/// The queue of submissions for workers that wait for nothing, oldest first.
struct SubmissionQueue: ~Copyable {
  private let queue = InjectionQueue<Submission>()

  func push(_ submission: Submission) { queue.push(submission) }

  var isEmpty: Bool { queue.isEmpty }

  /// Takes the oldest submission, claimed by `worker`; returns nil if there is none, or if others were faster several
  /// times in a row.
  func take(for worker: WorkerReference) -> Submission? {
    while let submission = queue.takeOldest() {
      if submission.claim(by: worker) { return submission }
    }
    return nil
  }
}

extension InjectionQueue {
  /// Takes the oldest element; returns nil if there is none, or if others were faster several times in a row.
  func takeOldest() -> Element? {
    for _ in 0..<8 {
      if isEmpty { return nil }
      switch steal() {
      case .success(let element): return element
      case .empty: return nil
      case .retry: pause()
      }
    }
    return nil
  }
}

/// A detached closure, which belongs to whichever thread takes it.
///
/// SAFETY: its words are turned into a closure again once, by `run`, which the thread that takes it from the pool's
/// queue calls.
@safe
struct DetachedClosure: BitwiseCopyable, @unchecked Sendable {
  private let closure: skein_closure

  init(_ body: consuming @escaping @Sendable () -> Void) { unsafe closure = ownedClosureWords(body) }

  /// Runs it. When this function returns, it is destroyed, with everything that it holds.
  @inline(never)
  func run() {
    let body = unsafe ownedClosure(closure)
    do { try body() } catch { fatal("a closure threw that cannot throw") }
  }
}
