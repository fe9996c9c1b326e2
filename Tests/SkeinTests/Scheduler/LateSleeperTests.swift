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

      @Test func aThreadLeavesAProcessorAndMayReturn() {
        Threads.run(1) { _ in
          for _ in 0..<100 {
            skein_processor_leave(skein_processor(), Self.all)
            #expect(skein_affinity_count() == Self.all)
          }
          skein_affinity_set(0)
          skein_processor_leave(0, Self.all)
          #expect(skein_affinity_count() == 1 && skein_processor() == 0)
        }
      }

      /// A thread on its waker's processor is on another one afterwards, unless it was moved back at once.
      @Test func aThreadOnItsWakersProcessorMoves() {
        Threads.run(1) { _ in
          let placement = Placement()
          let moves = (0..<200).count { _ in
            placement.prepare(isBetterElsewhere: true)
            let before = skein_processor()
            placement.arrive()
            return skein_processor() != before
          }
          #expect(moves > 0)
          #expect(skein_affinity_count() == Self.all)
        }
      }

      /// What bodies run on, and what threads that they start inherit.
      @Test(arguments: fewThreadCounts) func bodiesMayRunEverywhere(_ threads: Int) throws {
        let pool = try ThreadPool(threadCount: threads)
        let least = Atomic<Int32>(.max)
        for round in 0..<rounds(150, long: 5000) {
          sleep(for: .microseconds(100 * (round % 30)))
          (0..<40).parallel(in: pool).forEach { _ in
            least.min(skein_affinity_count(), ordering: .relaxed)
            spin(for: .microseconds(round % 50))
          }
        }
        #expect(least.load(ordering: .relaxed) == Self.all)
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
    }
  }
#endif
