import InterleavingExplorer

extension Script {
  /// A sleeper's word.
  static let parker: [Script] = [
    Script(name: "parker: what it waits for comes while it falls asleep") {
      let (parker, event) = (Box(Parker()), Event())
      return Execution(
        threads: [
          { parker.sleep(.waiting, until: event) },
          {
            event.happen()
            parker.value.wakeFromWaiting()
          },
        ], check: { nil })
    },
    Script(name: "parker: two wakers, one of which wakes") {
      let (parker, event, woken) = (Box(Parker()), Event(), Tally())
      let waker = {
        event.happen()
        if parker.value.wake(.free) { woken.add() }
      }
      return Execution(
        threads: [
          {
            parker.value.announce(.free)
            if event.hasHappened { parker.value.stayAwake() } else { parker.value.sleep(.free) }
          }, waker, waker,
        ], check: { woken.count <= 1 ? nil : "woken twice" })
    },
    Script(name: "parker: who is sent is told so once") {
      let (parker, sent, told) = (Box(Parker()), Tally(), Tally())
      let event = Event()
      let waker = {
        event.happen()
        if parker.value.send() { sent.add() }
      }
      return Execution(
        threads: [
          {
            for _ in 0..<2 {
              parker.value.announce(.free)
              let isSent = event.hasHappened ? parker.value.stayAwake() : parker.value.sleep(.free)
              if isSent { told.add() }
            }
          }, waker, waker,
        ], check: { sent.count == told.count ? nil : "sent \(sent.count) times, told \(told.count) times" })
    },
    Script(name: "parker: each kind is woken for its own") {
      let (parker, event) = (Box(Parker()), Event())
      return Execution(
        threads: [
          { parker.sleep(.blocked, until: event) },
          {
            if parker.value.wake(.free) || parker.value.wake(.waiting) { Explorer.fail("woken for another kind") }
            event.happen()
            parker.value.wakeFromWaiting()
          },
        ], check: { nil })
    },
    Script(name: "parker: a thread outside any pool waits") {
      let (parker, event) = (Box(Parker()), Event())
      return Execution(
        threads: [
          { parker.value.wait { event.hasHappened } },
          {
            event.happen()
            parker.value.wakeFromWaiting()
          },
        ], check: { nil })
    },
  ]

  /// Free workers and those who have something for them.
  static let sleep: [Script] = [
    Script(name: "sleep: a closure for one free worker", preemptionBound: 2) {
      let (pool, run) = (ExploredPool(1), Tally())
      return Execution(
        threads: [
          pool.free(0),
          {
            pool.spawn {
              run.add()
              pool.close()
            }
          },
        ], check: { run.count == 1 ? nil : "run \(run.count) times" })
    },
    // The first closure ends only if somebody else begins the second.
    Script(name: "sleep: two closures for two free workers", preemptionBound: 1) {
      let (pool, event) = (ExploredPool(2), Event())
      return Execution(
        threads: [
          pool.free(0), pool.free(1),
          {
            pool.spawn {
              event.await()
              pool.close()
            }
            pool.spawn { event.happen() }
          },
        ], check: { nil })
    },
    // Its first one is not said to be done before the worker looks for work again, or has gone to sleep.
    Script(name: "sleep: the next call of a thread outside any pool", preemptionBound: 1) {
      let (pool, run) = (ExploredPool(1), Tally())
      return Execution(
        threads: [
          pool.free(0),
          {
            for count in 1...2 {
              withClosureWords({ run.add() }) { pool.owner.core.submitOutside($0).waitOutsidePools() }
              if run.count != count { Explorer.fail("gone on before the call was done") }
              // In this order: who stops looking counts itself asleep before.
              if pool.owner.core.sleep.searchingCount == 0, pool.owner.core.sleep.count(.free) == 0 {
                Explorer.fail("nobody looks for the next call, and nobody could be woken for it")
              }
            }
            pool.close()
          },
        ], check: { pool.owner.core.sleep.searchingCount == 0 ? nil : "somebody counts as looking for work" })
    },
    Script(name: "sleep: two producers, who rely on each other's wake-up", preemptionBound: 1, dailyLimit: 1000) {
      let (pool, event) = (ExploredPool(2), Event())
      return Execution(
        threads: [
          pool.free(0), pool.free(1),
          {
            pool.spawn {
              event.await()
              pool.close()
            }
          }, { pool.spawn { event.happen() } },
        ], check: { nil })
    },
    // Each may leave the task to the other, but one of them must stay awake, to take it in the end.
    Script(name: "sleep: two thieves that spare the owner of a task", preemptionBound: 1, dailyLimit: 1000) {
      let (pool, event) = (ExploredPool(3), Event())
      let end = skein_ticks() + 8_000_000
      for thief in [pool.worker(0), pool.worker(1)] {
        thief.state.spared = pool.worker(2)
        thief.state.sparedSince = end
      }
      return Execution(
        threads: [
          pool.free(0), pool.free(1),
          pool.on(2) { _ in
            withParallelScope { scope in
              scope.spawn { event.happen() }
              event.await()
            }
            pool.close()
          },
        ], check: { nil })
    },
  ]
}

/// A value at a fixed address.
final class Box<Value: ~Copyable & Sendable>: Sendable {
  let value: Value
  init(_ value: consuming Value) { self.value = value }
}

extension Box where Value == Parker {
  /// Sleeps, as often as it takes, until something has happened.
  fileprivate func sleep(_ kind: Parker.Kind, until event: Event) {
    while !event.hasHappened {
      value.announce(kind)
      if event.hasHappened { value.stayAwake() } else { value.sleep(kind) }
    }
  }
}
