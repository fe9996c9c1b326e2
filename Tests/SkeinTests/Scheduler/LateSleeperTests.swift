import CSkein
import Glibc
import InterleavingExplorer
import Synchronization
import Testing

@testable import Skein

#if os(Linux)
  private let leastSeenBySignals = Atomic<Int32>(.max)

  extension InTurn {
    /// Woken threads that are moved to another processor. (Whether one has to be moved is up to the kernel.)
    @Suite(.enabled(if: skein_affinity_count() > 1 && Int(skein_affinity_count()) == ProcessorCount.online))
    struct LateSleeperTests {
      private static var all: Int32 { Int32(ProcessorCount.online) }

      /// It is on another one afterwards, unless it was moved back at once.
      @Test func aThreadLeavesAProcessorAndMayReturn() {
        Threads.run(1) { _ in
          let moves = (0..<200).count { _ in
            let before = skein_processor()
            skein_processor_leave(before, Self.all)
            #expect(skein_affinity_count() == Self.all)
            return skein_processor() != before
          }
          #expect(moves > 0)
          skein_affinity_set(0)
          skein_processor_leave(0, Self.all)
          #expect(skein_affinity_count() == 1 && skein_processor() == 0)
        }
      }

      /// A thread moves only if there seems to be an idle processor, and the environment asks for it.
      @Test func aThreadOnItsWakersProcessorMayMove() {
        Threads.run(1) { _ in
          let placement = Placement()
          for _ in 0..<200 {
            placement.prepare(isBetterElsewhere: true)
            placement.arrive()
            #expect(skein_affinity_count() == Self.all)
          }
          #expect(skein_runnable_threads() >= 1)
        }
      }

      /// Signal handlers, and processes that they start, never see fewer processors either.
      @Test func signalHandlersMayRunEverywhere() {
        leastSeenBySignals.store(.max, ordering: .relaxed)
        let before = signal(SIGUSR2) { _ in leastSeenBySignals.min(skein_affinity_count(), ordering: .relaxed) }
        defer { _ = signal(SIGUSR2, before) }
        let mover = Atomic<pthread_t>(0)
        let isOver = Atomic(false)
        Threads.run(2) { index in
          if index == 0 {
            // Blocked at first, as in the thread that runs the test.
            var signals = sigset_t()
            unsafe sigemptyset(&signals)
            unsafe sigaddset(&signals, SIGUSR2)
            unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
            mover.store(pthread_self(), ordering: .releasing)
            for _ in 0..<rounds(1000, long: 50_000) { skein_processor_leave(skein_processor(), Self.all) }
            isOver.store(true, ordering: .releasing)
          } else {
            while mover.load(ordering: .acquiring) == 0 { yieldThread() }
            while !isOver.load(ordering: .acquiring) {
              pthread_kill(mover.load(ordering: .relaxed), SIGUSR2)
              spin(for: .microseconds(5))
            }
          }
        }
        #expect(leastSeenBySignals.load(ordering: .relaxed) == Self.all)
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
