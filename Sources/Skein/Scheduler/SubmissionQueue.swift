internal import CSkein
internal import SkeinDeque

/// Where submissions wait for a worker that waits for nothing, oldest first.
struct SubmissionQueue: ~Copyable {
  private let queue = InjectionQueue<Submission>()

  func push(_ submission: Submission) { queue.push(submission) }

  var isEmpty: Bool { queue.isEmpty }

  /// The oldest submission, claimed by `worker`; nil if there is none, or if others were faster several times in a row.
  func take(for worker: WorkerReference) -> Submission? {
    while let submission = queue.takeOldest() {
      if submission.claim(by: worker) { return submission }
    }
    return nil
  }
}

extension InjectionQueue {
  /// The oldest element; nil if there is none, or if others were faster several times in a row.
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

/// A closure that nobody waits for. Whoever has it owns it.
///
/// SAFETY: the words in it are turned into a closure again once, by `run`, which whoever takes it from the pool's queue calls.
@safe
struct DetachedClosure: BitwiseCopyable, @unchecked Sendable {
  private let closure: skein_closure

  init(_ body: consuming @escaping @Sendable () -> Void) { unsafe closure = ownedClosureWords(body) }

  /// Runs it. At the end of this function it is gone, with all that it holds.
  @inline(never)
  func run() {
    let body = unsafe ownedClosure(closure)
    do { try body() } catch { fatal("a closure threw that cannot throw") }
  }
}
