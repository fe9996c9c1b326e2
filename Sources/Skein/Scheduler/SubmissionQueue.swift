internal import SkeinDeque

/// Where submissions wait for a worker that waits for nothing, oldest first.
struct SubmissionQueue: ~Copyable {
  private let queue = InjectionQueue<Submission>()

  func push(_ submission: Submission) { queue.push(submission) }

  var isEmpty: Bool { queue.isEmpty }

  /// The oldest submission, claimed by `worker`; nil if there is none, or if others were faster several times in a row.
  func take(for worker: WorkerReference) -> Submission? {
    var retries = 0
    while !queue.isEmpty, retries < 8 {
      switch queue.steal() {
      case .success(let submission):
        if submission.claim(by: worker) { return submission }
      case .empty:
        return nil
      case .retry:
        retries += 1
        pause()
      }
    }
    return nil
  }
}
