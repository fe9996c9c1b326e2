internal import SkeinDeque

/// Where submissions wait for a worker that waits for nothing, oldest first.
struct SubmissionQueue: ~Copyable {
  private let queue = InjectionQueue<Submission>()

  func push(_ submission: Submission) { queue.push(submission) }

  var isEmpty: Bool { queue.isEmpty }

  /// The oldest submission; nil if there is none, or if others were faster several times in a row.
  func take() -> Submission? {
    guard !queue.isEmpty else { return nil }
    for _ in 0..<8 {
      let result = queue.steal()
      if !result.isRetry { return result.element }
      pause()
    }
    return nil
  }
}
