import InterleavingExplorer

/// A worker's queue of jobs as a script sees it, and what each thread got. Jobs are numbers, all different.
final class ExploredJobs {
  let queue: UnsafeMutablePointer<JobQueue>
  private let others: UnsafeMutablePointer<JobQueue>
  private(set) var taken: [Int] = []
  private var pushed: [Int] = []

  init(capacity: Int = 4, jobs: [Int] = []) {
    queue = .allocate(capacity: 1)
    queue.initialize(to: JobQueue(capacity: capacity))
    others = .allocate(capacity: 1)
    others.initialize(to: JobQueue(capacity: 4))
    for job in jobs { push(job) }
  }

  deinit {
    for queue in [queue, others] {
      queue.pointee.free()
      queue.deinitialize(count: 1)
      queue.deallocate()
    }
  }

  /// On the owner's thread.
  func push(_ job: Int) {
    pushed.append(job)
    queue.pointee.push(AsyncJob(bits: UInt(job)))
  }

  /// On any thread.
  @discardableResult
  func take() -> Int? {
    guard let job = queue.pointee.take() else { return nil }
    taken.append(Int(job.bits))
    return Int(job.bits)
  }

  /// On the thread of the other worker: takes the oldest of some jobs, and moves the rest to that worker's own queue.
  func takeSome(upTo limit: Int = 8) {
    if let job = others.pointee.takeSome(from: queue.pointee, upTo: limit) { taken.append(Int(job.bits)) }
  }

  /// On a third thread.
  func takeFromOther() {
    if let job = others.pointee.take() { taken.append(Int(job.bits)) }
  }

  /// Takes what is left, and says whether every job was there once.
  func check() -> String? {
    while take() != nil {}
    while let job = others.pointee.take() { taken.append(Int(job.bits)) }
    return taken.sorted() == pushed.sorted() ? nil : "pushed \(pushed), taken \(taken)"
  }
}

extension Script {
  private static func jobs(
    _ name: String, _ jobs: @escaping @Sendable () -> ExploredJobs,
    _ threads: @escaping @Sendable (ExploredJobs) -> [() -> Void]
  ) -> Script {
    Script(name: "jobs: \(name)") {
      let jobs = jobs()
      return Execution(threads: threads(jobs), check: { jobs.check() })
    }
  }

  static let jobQueue: [Script] = [
    jobs("the last one, two takers", { ExploredJobs(jobs: [1]) }) { jobs in
      [{ jobs.take() }, { jobs.take() }]
    },
    jobs("a push against a taker", { ExploredJobs() }) { jobs in
      [{ for job in 1...2 { jobs.push(job) } }, { for _ in 0..<2 { jobs.take() } }]
    },
    // The cell of the first one is written again, once that has been taken.
    jobs("the ring goes around", { ExploredJobs(capacity: 2, jobs: [1, 2]) }) { jobs in
      [
        {
          if jobs.take() != nil { jobs.push(3) }
        }, { for _ in 0..<2 { jobs.take() } },
      ]
    },
    jobs("the ring doubles", { ExploredJobs(capacity: 2, jobs: [1, 2]) }) { jobs in
      [{ for job in 3...4 { jobs.push(job) } }, { for _ in 0..<3 { jobs.take() } }]
    },
    jobs("half of them move to another queue", { ExploredJobs(jobs: [1, 2, 3, 4]) }) { jobs in
      [{ for _ in 0..<2 { jobs.take() } }, { jobs.takeSome() }]
    },
    jobs("some move while others come", { ExploredJobs(capacity: 2, jobs: [1, 2]) }) { jobs in
      [{ jobs.push(3) }, { jobs.takeSome() }]
    },
    jobs("some move, and one of them is taken on", { ExploredJobs(jobs: [1, 2, 3]) }) { jobs in
      [{ jobs.takeSome() }, { jobs.takeFromOther() }, { jobs.take() }]
    },
  ]
}
