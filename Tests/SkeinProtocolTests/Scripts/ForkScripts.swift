import InterleavingExplorer

extension Script {
  /// When a worker shows its jobs.
  static let exposure: [Script] = [
    Script(name: "exposure: the flag, against a thief that leaves too little") {
      let (pool, jobs) = (ExploredPool(2), 12)
      let (owner, thief) = (pool.worker(0), pool.worker(1))
      owner.state.forks = ForkDeque(capacity: 16)
      for job in 1...jobs { owner.state.forks.push(ForkCell(bits: UInt(job) << 4)) }
      return Execution(
        threads: [
          pool.on(0) { _ in owner.answerExposureRequest() },
          pool.on(1) { _ in
            for _ in 0..<6 { _ = thief.steal(from: owner) { _, _ in true } }
          },
        ], check: { owner.showsEnough() })
    },
    Script(name: "exposure: jobs taken back, against a thief that leaves too little") {
      let (pool, jobs) = (ExploredPool(2), 9)
      let (owner, thief) = (pool.worker(0), pool.worker(1))
      owner.state.forks = ForkDeque(capacity: 16)
      for job in 1...jobs { owner.state.forks.push(ForkCell(bits: UInt(job) << 4)) }
      owner.answerExposureRequest()
      return Execution(
        threads: [
          pool.on(0) { _ in
            for _ in 0..<2 { _ = owner.state.forks.popPrivate() || owner.state.forks.popPublic() }
            owner.requestExposureIfLittleIsShown()
          },
          pool.on(1) { _ in
            for _ in 0..<3 { _ = thief.steal(from: owner) { _, _ in true } }
          },
        ], check: { owner.showsEnough() })
    },
    Script(name: "exposure: all of them, while somebody looks for work") {
      let (pool, jobs, event) = (ExploredPool(2), 12, Event())
      let owner = pool.worker(0)
      owner.state.forks = ForkDeque(capacity: 16)
      for job in 1...jobs { owner.state.forks.push(ForkCell(bits: UInt(job) << 4)) }
      return Execution(
        threads: [
          pool.on(0) { _ in
            let isWanted = event.hasHappened
            owner.answerExposureRequest()
            if isWanted, owner.state.forks.publicCount < jobs { Explorer.fail("jobs are hidden") }
          },
          pool.on(1) { _ in
            _ = pool.owner.core.sleep.startSearching()
            event.happen()
          },
        ], check: { nil })
    },
    // The first halves end only if another worker begins the second.
    Script(name: "exposure: a fork while the other worker falls asleep", preemptionBound: 1) {
      let (pool, event) = (ExploredPool(2), Event())
      return Execution(
        threads: [
          pool.on(0) { worker in
            worker.fork({ event.await() }, { event.happen() })
            pool.close()
          }, pool.free(1),
        ], check: { nil })
    },
    Script(name: "exposure: two forks for one hungry worker", preemptionBound: 1) {
      let (pool, one, other) = (ExploredPool(2), Event(), Event())
      return Execution(
        threads: [
          pool.on(0) { worker in
            worker.fork(
              {
                worker.fork(
                  {
                    one.await()
                    other.await()
                  }, { one.happen() })
              }, { other.happen() })
            pool.close()
          }, pool.free(1),
        ], check: { nil })
    },
  ]

  /// A fork from its beginning to its end.
  static let fork: [Script] = [
    Script(name: "fork: each half is run once", preemptionBound: 1) {
      let (pool, run) = (ExploredPool(2), [Tally(), Tally()])
      return Execution(
        threads: [
          pool.on(0) { worker in
            worker.fork({ run[0].add() }, { run[1].add() })
            if run[1].count != 1 { Explorer.fail("gone on before the second half was done") }
            pool.close()
          }, pool.free(1),
        ], check: { run.map(\.count) == [1, 1] ? nil : "run \(run.map(\.count)) times" })
    },
    Script(name: "fork: inside both halves of a fork", preemptionBound: 1) {
      let (pool, run) = (ExploredPool(2), (0..<4).map { _ in Tally() })
      return Execution(
        threads: [
          pool.on(0) { worker in
            worker.fork(
              { worker.fork({ run[0].add() }, { run[1].add() }) },
              { WorkerReference.current!.fork({ run[2].add() }, { run[3].add() }) })
            if run.contains(where: { $0.count != 1 }) { Explorer.fail("gone on before all was done") }
            pool.close()
          }, pool.free(1),
        ], check: { run.allSatisfy { $0.count == 1 } ? nil : "run \(run.map(\.count)) times" })
    },
    Script(name: "fork: a thief hands back what it has begun", preemptionBound: 1) {
      let (pool, begun, finished) = (ExploredPool(2), Tally(), Tally())
      return Execution(
        threads: [
          pool.on(0) { worker in
            let half = {
              if WorkerReference.current == worker { return finished.add() }
              begun.add()
              WorkerReference.current!.handBack()
            }
            worker.fork({}, half)
            if finished.count != 1 { Explorer.fail("gone on before it was finished") }
            pool.close()
          }, pool.free(1),
        ], check: { finished.count == 1 && begun.count <= 1 ? nil : "begun \(begun.count), finished \(finished.count)" }
      )
    },
    Script(name: "fork: a waiter helps its thief", preemptionBound: 1) {
      let (pool, begun, run) = (ExploredPool(2), Event(), Tally())
      return Execution(
        threads: [
          pool.on(0) { worker in
            worker.fork(
              { begun.await() },
              {
                begun.happen()
                WorkerReference.current!.fork({ run.add() }, { run.add() })
              })
            if run.count != 2 { Explorer.fail("gone on before all was done") }
            pool.close()
          }, pool.free(1),
        ], check: { run.count == 2 ? nil : "run \(run.count) times" })
    },
    // On the thief's deque lies a job that the waiter does not wait for.
    Script(name: "fork: a waiter takes nothing that it does not wait for", preemptionBound: 1) {
      let (pool, run) = (ExploredPool(2), Tally())
      let (owner, thief) = (pool.worker(0), pool.worker(1))
      return Execution(
        threads: [
          pool.on(0) { _ in
            owner.fork(
              // Until it is stolen.
              { while !owner.state.forks.looksEmpty { Explorer.waitForOthers() } },
              { WorkerReference.current!.fork({}, { run.add() }) })
          },
          pool.on(1) { _ in
            thief.fork(
              {
                // Others have looked already, so that what lies here counts as being on show for some time.
                _ = thief.state.forks.age(at: ticks())
                while owner.state.forks.looksEmpty { Explorer.waitForOthers() }
                // The first look is that which begins to count how long the job has been on show.
                for _ in 0..<2 {
                  if case .stolen(let stolen) = thief.steal(from: owner, accept: { _, _ in true }) {
                    thief.perform(Work(stolen, from: owner))
                  }
                }
              },
              { if WorkerReference.current != thief { Explorer.fail("taken by who waits for something else") } })
          },
        ], check: { run.count == 1 ? nil : "run \(run.count) times" })
    },
  ]
}

extension WorkerReference {
  /// What is wrong with what the worker shows, in a quiet moment: as long as there is something to show, too little of it is on show, and its
  /// next fork would not look.
  fileprivate func showsEnough() -> String? {
    let hidden = state.forks.tail - state.forks.border
    let isEnough = state.forks.publicCount >= ForkDeque.fewestShown
    return hidden == 0 || isEnough || isExposureRequested ? nil : "\(hidden) jobs are hidden, and nobody asks for them"
  }
}
