import Foundation
import Testing

@testable import Skein

/// Large rings come back from whoever needed them.
@Suite struct LargeRingsTests {
  /// No task ends before all have been spawned.
  private func spawnMany() {
    withParallelScope { scope in
      let areSpawned = Flag()
      for _ in 0..<10_000 { scope.spawn { while !areSpawned.isSet { sched_yield() } } }
      areSpawned.set()
    }
  }

  /// Takes the rings that are left in a pool, once there is one, and puts them back.
  private func leavesRing(_ pool: ThreadPool) -> Bool {
    eventually {
      guard let ring = pool.owner.largeRings.take(ofAtLeast: 8192) else { return false }
      pool.owner.largeRings.leave([ring])
      return true
    }
  }

  @Test func ofAWorker() throws {
    let pool = try ThreadPool(threadCount: 2)
    #expect(pool.owner.largeRings.take(ofAtLeast: 4096) == nil)
    pool.run { spawnMany() }
    #expect(leavesRing(pool))
  }

  @Test func ofAGuest() {
    let thread = OutsideThread { spawnMany() }
    thread.join()
    #expect(leavesRing(.shared))
  }

  @Test func ofAStandIn() throws {
    let pool = try ThreadPool(threadCount: 1)
    let goOn = Flag()
    pool.spawn { ThreadPool.withBlocking { while !goOn.isSet {} } }
    // Spawned after that one, so a stand-in begins it.
    pool.spawn {
      spawnMany()
      goOn.set()
    }
    #expect(leavesRing(pool))
  }

  /// As many as are in use at the same time, whichever workers use them.
  @Test func areNotMadeForEachWorker() throws {
    let pool = try ThreadPool(threadCount: 8)
    for round in 0..<16 {
      _ = pool.onEachThread { index in if index == round % 8 { spawnMany() } }
      // The call may be over before the worker has left its ring.
      #expect(leavesRing(pool))
    }
    var rings: [ForkRing] = []
    while let ring = pool.owner.largeRings.take(ofAtLeast: 16_384) { rings.append(ring) }
    #expect(rings.count == 1)
    pool.owner.largeRings.leave(rings[...])
  }
}
