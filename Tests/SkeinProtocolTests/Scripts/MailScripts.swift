import InterleavingExplorer

extension Script {
  /// Calls that come back to the pool of a worker that is blocked.
  static let mail: [Script] = [
    Script(name: "mail: a thread outside any pool waits for its call", preemptionBound: 1) {
      let (pool, run) = (ExploredPool(1), Tally())
      return Execution(
        threads: [
          pool.free(0),
          {
            withClosureWords({ run.add() }) { pool.owner.core.submitOutside($0).waitOutsidePools() }
            if run.count != 1 { Explorer.fail("gone on before the call was done") }
            pool.close()
          },
        ], check: { run.count == 1 ? nil : "run \(run.count) times" })
    },
    Script(name: "mail: a call back into the pool of who waits", preemptionBound: 1, dailyLimit: 300) {
      let (caller, callee, run) = (ExploredPool(1), ExploredPool(1), Tally())
      return Execution(
        threads: [
          caller.on(0) { worker in
            callee.run { caller.run { run.add() } }
            if run.count != 1 { Explorer.fail("gone on before the mail was served") }
            callee.close()
            caller.close()
          }, callee.free(0),
        ], check: { run.count == 1 ? nil : "run \(run.count) times" })
    },
    Script(name: "mail: two calls back, from two workers", preemptionBound: 1, dailyLimit: 150) {
      let (caller, callee, run) = (ExploredPool(1), ExploredPool(2), Tally())
      return Execution(
        threads: [
          caller.on(0) { worker in
            callee.run {
              WorkerReference.current!.fork({ caller.run { run.add() } }, { caller.run { run.add() } })
            }
            if run.count != 2 { Explorer.fail("gone on before the mail was served") }
            callee.close()
            caller.close()
          }, callee.free(0), callee.free(1),
        ], check: { run.count == 2 ? nil : "run \(run.count) times" })
    },
    // The second comes while the first is served, or while the stand-in finds nothing more, or after that.
    Script(name: "mail: a call against the end of the one before", preemptionBound: 1) {
      let (pool, served) = (ExploredPool(1), [Tally(), Tally()])
      let context = RunContext(parent: nil, blocked: pool.worker(0))
      func caller(_ number: Int) -> () -> Void {
        {
          pool.owner.core.lifecycle.accept(isPartOfAcceptedWork: true)
          context.deliver(
            Submission(
              .owned {
                served[number].add()
                if served.allSatisfy({ $0.count == 1 }) { pool.close() }
              }, caller: .closure {}, context: nil, values: .none, addressee: context))
        }
      }
      return Execution(
        threads: [caller(0), caller(1)],
        check: { served.allSatisfy { $0.count == 1 } ? nil : "served \(served.map(\.count)) times" })
    },
  ]
}

extension ExploredPool {
  /// As `ThreadPool.run`, of a worker.
  func run(_ body: @Sendable () -> Void) { withClosureWords(body) { owner.core.runBlocking($0) } }
}
