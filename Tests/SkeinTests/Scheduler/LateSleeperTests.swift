import CSkein
import InterleavingExplorer
import Synchronization
import Testing

@testable import Skein

#if os(Linux)
  extension InTurn {
    /// Woken threads that are moved to another processor. (Whether one has to be moved is up to the kernel.)
    @Suite(.enabled(if: skein_affinity_count() > 1 && Int(skein_affinity_count()) == ProcessorCount.online))
    struct LateSleeperTests {
      private static var all: Int32 { Int32(ProcessorCount.online) }

      @Test func aThreadLeavesAProcessorAndReturns() {
        Threads.run(1) { _ in
          let thread = skein_thread_number()
          #expect(skein_affinity_leave_here(thread, Self.all))
          #expect(skein_affinity_count() == Self.all - 1)
          // Somebody has restricted it.
          #expect(!skein_affinity_leave_here(thread, Self.all))
          #expect(skein_affinity_count() == Self.all - 1)
          skein_affinity_reset(thread)
          #expect(skein_affinity_count() == Self.all)
        }
      }

      @Test func aThreadOnItsWakersProcessorMoves() {
        Threads.run(1) { _ in
          let placement = Placement()
          placement.prepare(isBetterElsewhere: true)
          placement.arrive()  // has not begun
          placement.begin()
          for isBetterElsewhere in [true, false] {
            for _ in 0..<100 {
              placement.prepare(isBetterElsewhere: isBetterElsewhere)
              placement.arrive()
              #expect(skein_affinity_count() == Self.all)
            }
          }
        }
      }

      /// Whoever is moved, and whenever it arrives, may run everywhere afterwards.
      @Test func aLateThreadIsMovedAndFreed() {
        let begun = Atomic<Int>(0)
        let checked = Atomic<Int>(0)
        let arrived = Atomic<Int>(0)
        let placement = Shared(Placement())
        let count = rounds(2000, long: 50_000)
        Threads.run(2) { index in
          if index == 1 { placement.value.begin() }
          for round in 1...count {
            if index == 0 {
              placement.value.prepare(isBetterElsewhere: round % 4 != 0)
              begun.store(round, ordering: .releasing)
              while checked.load(ordering: .acquiring) < round { yieldProcessor() }
              spin(for: .nanoseconds(round % 7 * 500))
              placement.value.move { arrived.load(ordering: .sequentiallyConsistent) < round }
              while arrived.load(ordering: .acquiring) < round { yieldProcessor() }
            } else {
              while begun.load(ordering: .acquiring) < round { yieldProcessor() }
              // Both are done with the round before.
              #expect(skein_affinity_count() == Self.all)
              checked.store(round, ordering: .releasing)
              spin(for: .nanoseconds(round % 5 * 500))
              arrived.store(round, ordering: .sequentiallyConsistent)
              placement.value.arrive()
            }
          }
        }
      }

      /// Threads that somebody has bound stay bound.
      @Test func aBoundThreadStays() throws {
        var configuration = ThreadPool.Configuration(threadCount: 2)
        configuration.affinity = [0, 1]
        let pool = try ThreadPool(configuration)
        for _ in 0..<20 {
          sleep(for: .milliseconds(2))
          _ = (0..<20).parallel(in: pool).map { _ in spin(for: .microseconds(50)) }.count()
        }
        #expect(pool.onEachThread { _ in skein_affinity_count() } == [1, 1])
      }

      @Test func workersMayRunEverywhere() throws {
        let pool = try ThreadPool(threadCount: 3)
        for round in 0..<rounds(50, long: 2000) {
          sleep(for: .microseconds(100 * (round % 30)))
          (0..<40).parallel(in: pool).forEach { _ in spin(for: .microseconds(round % 50)) }
        }
        let counts = pool.onEachThread { _ in
          _ = eventually { skein_affinity_count() == Self.all }
          return skein_affinity_count()
        }
        #expect(counts == [Self.all, Self.all, Self.all])
      }
    }

    /// Something that several threads share.
    private final class Shared<Value: ~Copyable & Sendable>: Sendable {
      let value: Value
      init(_ value: consuming Value) { self.value = value }
    }
  }
#endif
