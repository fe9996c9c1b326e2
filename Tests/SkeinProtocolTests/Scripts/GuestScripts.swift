import CSkein
import InterleavingExplorer

extension Script {
  /// Guests, their hosts, and who has something for those.
  static let guest: [Script] = [
    Script(name: "guest: two callers for one place") {
      let (pool, there, event) = (ExploredPool(1), Tally(), Event())
      pool.asGuest { _ in }
      let caller = {
        skein_thread_here().pointee.place = 0
        if let guest = pool.owner.core.takeCallerAsGuest(at: nil) {
          there.add()
          if there.count > 1 { Explorer.fail("two guests in one place") }
          event.happen()
          there.remove()
          guest.leaveAsGuest()
        }
      }
      return Execution(threads: [caller, caller], check: { nil })
    },
    // W2: no more of the call's work is open at once than there are places.
    Script(name: "guest: its host takes none of its jobs", preemptionBound: 1) {
      let pool = ExploredPool(2)
      pool.asGuest { _ in }
      let host = pool.worker(0)
      return Execution(
        threads: [
          pool.free(0),
          {
            pool.asGuest { guest in
              guest.fork(
                {
                  // Others have looked already, so that what lies here counts as being on show for some time.
                  _ = guest.state.forks.age(at: ticks())
                  while !host.state.parker.isAnnounced(.free) { Explorer.waitForOthers() }
                }, { if WorkerReference.current == host { Explorer.fail("taken by the host") } })
            }
            pool.close()
          },
        ], check: { nil })
    },
    // The fork's first half ends only if the host begins the second, which it may when the guest has left. It was passed over, or fell asleep
    // beside the job.
    Script(name: "guest: a job for its host, when it has left", preemptionBound: 1, dailyLimit: 1000) {
      let (pool, event) = (ExploredPool(2), Event())
      pool.asGuest { _ in }
      let producer = pool.worker(1)
      return Execution(
        threads: [
          pool.free(0),
          {
            // Until the job is on show, or gone.
            pool.asGuest { _ in
              while producer.state.forks.looksEmpty, !event.hasHappened { Explorer.waitForOthers() }
            }
          },
          pool.on(1) { _ in
            producer.fork({ event.await() }, { event.happen() })
            pool.close()
          },
        ], check: { nil })
    },
    // It leaves only when the closure has been run.
    Script(name: "guest: a closure for its host", preemptionBound: 1) {
      let (pool, event) = (ExploredPool(1), Event())
      pool.asGuest { _ in }
      return Execution(
        threads: [
          pool.free(0),
          {
            pool.asGuest { _ in event.await() }
            pool.close()
          }, { pool.spawn { event.happen() } },
        ], check: { nil })
    },
    // It stays, and its host has been passed over for something else.
    Script(name: "guest: a job for another worker than its host", preemptionBound: 1) {
      let (pool, event) = (ExploredPool(3), Event())
      pool.putHostToSleep()
      return Execution(
        threads: [
          pool.on(1) { worker in
            worker.fork({ event.await() }, { event.happen() })
            pool.close()
          }, pool.free(2),
        ], check: { nil })
    },
    // Whoever has shown a job finds nobody but the host, twice. Between the two looks the guest leaves, relies on that one, and comes back.
    Script(name: "guest: it leaves and comes back while somebody is sent", preemptionBound: 1) {
      let (pool, sent) = (ExploredPool(2), Event())
      let guest = pool.putGuest(at: 0)
      pool.putToSleep(0)
      pool.worker(1).state.forks.push(ForkCell(bits: 16))
      pool.worker(1).state.forks.expose(1)
      return Execution(
        threads: [
          // Until it is woken.
          pool.on(0) { host in host.state.parker.sleep(.free) },
          {
            guest.leaveAsGuest()
            pool.asGuest { _ in sent.await() }
          },
          {
            pool.owner.core.wakeFreeWorker()
            sent.happen()
          },
        ], check: { nil })
    },
    // Whoever shows the job relies on a worker that looks for work. A guest takes its place before it has seen the job. Another one sleeps.
    Script(name: "guest: a job shown while its host looked for work", preemptionBound: 1, dailyLimit: 500) {
      let (pool, event, searches) = (ExploredPool(3), Event(), Event())
      let producer = pool.worker(1)
      return Execution(
        threads: [
          pool.on(0) { host in
            pool.awaitSleep(of: 2)
            host.state.isSearching = pool.owner.core.sleep.startSearching()
            searches.happen()
            while producer.state.forks.looksEmpty, !event.hasHappened { Explorer.waitForOthers() }
            _ = pool.putGuest(at: 0)
            skein_worker_set(UnsafeMutableRawPointer(host.pointer))
            var vigil = Vigil()
            _ = vigil.look(hasFound: false)
            host.sleepFree(&vigil)
          },
          pool.on(1) { _ in
            searches.await()
            producer.fork({ event.await() }, { event.happen() })
            pool.close()
          }, pool.free(2),
        ], check: { nil })
    },
    // The first task ends only if another host begins the second. All places are guests'.
    Script(name: "guest: two tasks of a scope from outside, for two hosts", preemptionBound: 1, dailyLimit: 300) {
      let (pool, event) = (ExploredPool(2), Event())
      for place in 0..<2 { _ = pool.putGuest(at: place) }
      // So that no execution is the first one to have a scope.
      pool.openScopeOutside().close()
      return Execution(
        threads: [
          pool.free(0), pool.free(1),
          {
            let opened = pool.openScopeOutside()
            opened.spawn(isNumbered: false) { event.await() }
            opened.spawn(isNumbered: false) { event.happen() }
            opened.close()
            pool.close()
          },
        ], check: { nil })
    },
    // Who leaves the closure there relies on a searcher that has been counted in vain, for a job that the host may not take.
    Script(name: "guest: a closure for its host while somebody is sent for a job", preemptionBound: 1) {
      let (pool, event) = (ExploredPool(2), Event())
      _ = pool.putGuest(at: 0)
      pool.putToSleep(0)
      return Execution(
        threads: [
          pool.on(0) { host in
            host.state.parker.sleep(.free)
            if let work = host.findWork() { host.perform(work) } else { Explorer.fail("woken for nothing") }
          },
          { pool.owner.core.wakeFreeWorker() },
          { pool.spawn { event.happen() } },
        ], check: { event.hasHappened ? nil : "the closure was not run" })
    },
    // W2: the guest waits for a share that its host runs, and the host may be inside the loop that the job belongs to.
    Script(name: "guest: it helps with no share of a call on each thread", preemptionBound: 1, dailyLimit: 300) {
      let pool = ExploredPool(2)
      // So that no execution is the first one to have a scope.
      pool.asGuest { _ in withParallelScope { _ in } }
      return Execution(
        threads: [
          pool.free(0), pool.free(1),
          {
            pool.asGuest { guest in
              withParallelScope { scope in
                scope.spawnOnEachThread { _ in
                  let host = WorkerReference.current!
                  host.fork(
                    {
                      // Others have looked already, so that what lies here counts as being on show for some time.
                      _ = host.state.forks.age(at: ticks())
                      while !guest.state.parker.isAnnounced { Explorer.waitForOthers() }
                    }, { if WorkerReference.current == guest { Explorer.fail("taken by the guest") } })
                }
              }
            }
            pool.close()
          },
        ], check: { nil })
    },
  ]

  /// Callers who wake nobody, and whoever watches for them.
  static let watcher: [Script] = [
    Script(name: "watcher: a call where somebody watches", preemptionBound: 1) {
      let (pool, event) = (ExploredPool(2), Event())
      pool.expectShortCalls()
      pool.owner.core.sleep.noteCall()
      return Execution(
        threads: [pool.callPatiently(event), pool.free(1)], timePasses: true, check: { nil })
    },
    Script(name: "watcher: a call while a worker falls asleep", preemptionBound: 1) {
      let (pool, event) = (ExploredPool(2), Event())
      pool.expectShortCalls()
      return Execution(
        threads: [pool.callPatiently(event), pool.free(1)], timePasses: true, check: { nil })
    },
    // It may not take what it sees.
    Script(name: "watcher: the host watches while another worker sleeps", preemptionBound: 1, dailyLimit: 1000) {
      let (pool, event) = (ExploredPool(2), Event())
      pool.expectShortCalls()
      let call = pool.callPatiently(event)
      return Execution(
        threads: [
          pool.free(1),
          {
            pool.awaitSleep(of: 0)
            call()
          },
          {
            pool.awaitSleep(of: 1)
            pool.owner.core.sleep.noteCall()
            pool.free(0)()
          },
        ], timePasses: true, check: { nil })
    },
  ]
}

extension ExploredPool {
  /// A place in the program.
  private static var site: UInt { 1 }

  /// Lets a guest in the first place have made short calls.
  fileprivate func expectShortCalls() {
    asGuest { guest in
      for _ in 0..<CallPatience.shortCalls { guest.state.shortLoops.note(ExploredPool.site, isShort: true) }
    }
  }

  /// A call as those before. Its first half ends only if another worker begins the second.
  fileprivate func callPatiently(_ event: Event) -> () -> Void {
    {
      self.asGuest(at: ExploredPool.site) { guest in guest.fork({ event.await() }, { event.happen() }) }
      self.close()
    }
  }

  fileprivate func awaitSleep(of index: Int) {
    while !worker(index).state.parker.isAnnounced(.free) { Explorer.waitForOthers() }
  }

  /// Opens a scope of a thread outside any pool that is no guest.
  fileprivate func openScopeOutside() -> ScopeHandle {
    let scope = owner.core.openScopeOutside()
    return ScopeHandle(scope: scope, generation: scope.state.generation)
  }

  /// Lets a guest be in a place, whose thread is none of those that are explored.
  fileprivate func putGuest(at place: Int) -> WorkerReference {
    skein_thread_here().pointee.place = UInt32(place)
    let guest = owner.core.takeCallerAsGuest(at: nil)!
    skein_worker_set(nil)
    return guest
  }

  /// Lets a worker be asleep, as others see it, until its thread sleeps.
  fileprivate func putToSleep(_ index: Int) {
    owner.core.sleep.fallAsleep(.free)
    worker(index).state.parker.announce(.free)
    owner.core.sleep.list(worker(index))
  }

  /// Has the first worker passed over, as one that sleeps while a guest works in its place.
  fileprivate func putHostToSleep() {
    _ = putGuest(at: 0)
    owner.core.sleep.fallAsleep(.free)
    owner.core.sleep.list(worker(0))
    owner.core.wakeFreeWorker()
  }
}
