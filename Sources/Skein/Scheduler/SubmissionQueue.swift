internal import Synchronization

struct SubmissionQueue: ~Copyable {
  private let q = Mutex<[Submission]>([])
  private let n = Atomic<Int>(0)
  func push(_ s: Submission) { q.withLock { $0.append(s) }; n.add(1, ordering: .sequentiallyConsistent) }
  var isEmpty: Bool { n.load(ordering: .sequentiallyConsistent) == 0 }
  func take() -> Submission? {
    guard !isEmpty else { return nil }
    let s = q.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    if s != nil { n.subtract(1, ordering: .sequentiallyConsistent) }
    return s
  }
}
