import Synchronization
import Testing

@testable import Skein

extension InTurn {
  /// L8: a batch that turns out long is ended, and what is left of it divided.
  @Suite struct LongBatchTests {
    /// A loop whose first half ends with elements that take long until another thread runs one of them. Its thread alone runs all that is before
    /// them, in batches that grow; so they are in the last one, or in the last two.
    private final class Course: Sendable {
      let count = 40_000
      let longCount = 48
      private let released = Flag()
      private let isShared = Flag()
      private let farDone = Counter()
      private let runner = Atomic(-1)
      private var half: Int { count / 2 }

      /// Keeps the pool's other thread until the first long element begins, and runs the loop meanwhile.
      func run<Result: Sendable>(_ loop: @Sendable () -> Result) throws -> Result {
        let pool = try ThreadPool(threadCount: 2)
        return withTimeout {
          pool.run {
            let isHeld = Flag()
            let released = released
            pool.spawn {
              isHeld.set()
              while !released.isSet { yieldThread() }
            }
            while !isHeld.isSet { yieldThread() }
            return loop()
          }
        }
      }

      func visit(_ index: Int) {
        if index >= half { farDone.add() }
        guard half - longCount..<half ~= index else { return }
        let thread = ThreadPool.currentWorkerIndex!
        if index == half - longCount {
          runner.store(thread, ordering: .sequentiallyConsistent)
          released.set()
          // The other thread takes the second half, and then sleeps, for it has nothing to do.
          while farDone.value < half { yieldThread() }
          let worker = WorkerReference.current!
          _ = eventually { worker.pool.sleep.count(.free) > 0 }
        } else if thread != runner.load(ordering: .sequentiallyConsistent) {
          isShared.set()
        } else if !isShared.isSet {
          // By the last ones there has been time to offer some of them.
          _ = eventually(within: .milliseconds(index < half - 16 ? 5 : 200)) { isShared.isSet }
        }
      }

      var wasShared: Bool { isShared.isSet }
    }

    enum Terminal: CaseIterable {
      case forEach, collect, gather, sum, contains, isSorted, modifyEach
    }

    @Test(arguments: Terminal.allCases)
    func itsRestGoesToAnotherThread(_ terminal: Terminal) throws {
      for _ in 0..<rounds(4, long: 4) {
        let course = Course()
        let numbers = Array(0..<course.count)
        let isRight = try course.run {
          switch terminal {
          case .forEach:
            numbers.parallel.forEach { course.visit($0) }
            return true
          case .collect:
            return numbers
              == Array(
                numbers.parallel.map {
                  course.visit($0)
                  return $0
                })
          case .gather:
            return numbers.filter { $0 % 3 == 0 }
              == Array(
                numbers.parallel.filter {
                  course.visit($0)
                  return $0 % 3 == 0
                })
          case .sum:
            return numbers.reduce(0, +)
              == numbers.parallel.map {
                course.visit($0)
                return $0
              }.sum()
          case .contains:
            return !numbers.parallel.contains {
              course.visit($0)
              return $0 < 0
            }
          case .isSorted:
            return numbers.parallel.map {
              course.visit($0)
              return $0
            }.isSorted()
          case .modifyEach:
            var changed = numbers
            changed.parallel.modifyEach {
              course.visit($0)
              $0 += 1
            }
            return changed == numbers.map { $0 + 1 }
          }
        }
        #expect(isRight)
        #expect(course.wasShared)
      }
    }

    /// What closures that capture nothing can refer to.
    private enum CostlyElements {
      private static let visits = Mutex([Int](repeating: 0, count: 8))

      static func visit() {
        let thread = ThreadPool.currentWorkerIndex!
        visits.withLock { $0[thread] += 1 }
        sleep(for: .milliseconds(1))
      }

      static func takeMost() -> Int {
        visits.withLock { visits in
          defer { visits = [Int](repeating: 0, count: 8) }
          return visits.max()!
        }
      }
    }

    /// Though everybody else sleeps when the first costly element begins, so that nothing happens at which the batch would look up.
    @Test(arguments: [2, 8], [3000, 30_000, 127_000])
    func costlyElementsAtTheEndAreShared(_ threads: Int, _ cheapCount: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let costlyCount = 200
      for isConstant in [false, true] {
        let durations = (0..<cheapCount + costlyCount).map { $0 < cheapCount ? 0 : 1 }
        withTimeout {
          if isConstant {
            durations.parallel(in: pool).forEach { if $0 > 0 { CostlyElements.visit() } }
          } else {
            (0..<durations.count).parallel(in: pool).forEach { if durations[$0] > 0 { CostlyElements.visit() } }
          }
        }
        #expect(CostlyElements.takeMost() < costlyCount * 9 / 10)
      }
    }

    /// Elements that are long once in a while end batches anywhere; the answers stay those of the sequential loop.
    @Test(arguments: isSanitized ? [2] : [2, 8])
    func theAnswerDoesNotDependOnWhereBatchesEnd(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let numbers = Array(0..<elements(50_000))
      var generator = SeededGenerator(seed: newSeed())
      for _ in 0..<rounds(8, long: 200) {
        let longOnes = Set((0..<20).map { _ in Int.random(in: numbers.indices, using: &generator) })
        let wanted = Int.random(in: numbers.indices, using: &generator)
        @Sendable func visit(_ number: Int) -> Int {
          if longOnes.contains(number) { spin(for: .microseconds(200)) }
          return number
        }
        @Sendable func visitOrThrow(_ number: Int) throws(TestError) -> Int {
          if number == wanted || number > wanted && number % 7 == 0 { throw TestError(number) }
          return visit(number)
        }
        let elements = numbers.parallel(in: pool)
        let calls = Counter()
        elements.forEach { calls.add(visit($0) & 1) }
        #expect(calls.value == numbers.count / 2)
        #expect(Array(elements.map(visit)) == numbers)
        #expect(Array(elements.filter { visit($0) % 3 == 0 }) == numbers.filter { $0 % 3 == 0 })
        #expect(elements.map(visit).sum() == numbers.reduce(0, +))
        #expect(elements.map(visit).reduce(0, +) == numbers.reduce(0, +))
        #expect(elements.map { visit($0) / 3 }.max() == numbers.last! / 3)
        #expect(elements.first { visit($0) >= wanted } == wanted)
        #expect(elements.map(visit).isSorted())
        #expect(!elements.map { visit($0) == wanted ? -1 : $0 + 1 }.isSorted() || wanted == 0)
        #expect(throws: TestError(wanted)) {
          try elements.forEach { (number) throws(TestError) in _ = try visitOrThrow(number) }
        }
        #expect(throws: TestError(wanted)) { try Array(elements.map(visitOrThrow)) }
        var changed = numbers
        changed.parallel(in: pool).modifyEach { $0 = visit($0) + 1 }
        #expect(changed == numbers.map { $0 + 1 })
        let boundary = changed.parallel(in: pool).stablePartition { visit($0) & 1 == 0 }
        #expect(boundary == numbers.count / 2)
        changed.parallel(in: pool).removeAll { visit($0) > wanted }
        #expect(changed.count == wanted)
      }
    }

    // MARK: The watch alone

    /// A watch over a batch of a loop in which one unit took one tick, on behalf of a pool that is a number here.
    private func withWatch(
      over count: Int, minimumBatch: Int = 1, isFresh: Bool = true,
      _ body: (inout BatchWatch, borrowing Atomic<Int>) -> Void
    ) throws {
      let pool = try ThreadPool(threadCount: 2)
      let worker = pool.run { WorkerReference.current! }
      let word = Atomic(1)
      let control = LoopControl<Never>(LoopPlan(minimumBatch: minimumBatch))
      var pace = LoopPace(control, on: worker)
      pace.note(1, 1, control)
      unsafe withUnsafePointer(to: word) { address in
        unsafe pace.attention = address
        var watch = BatchWatch(0..<count, pace, control, began: isFresh ? ticks() : nil)
        body(&watch, word)
      }
      pool.shutdown()
    }

    /// Until a batch that began now has taken too long.
    private func waitTooLong() { spin(for: .milliseconds(1)) }

    @Test func aShortBatchIsNotWatched() throws {
      try withWatch(over: 16) { watch, word in
        waitTooLong()
        for unit in 1...16 {
          let ends = watch.ends(before: unit)
          #expect(!ends)
        }
      }
    }

    @Test func aLongBatchEndsWhenSomebodyFallsAsleepOrIsWoken() throws {
      for change in [-1, 1] {
        try withWatch(over: 10_000) { watch, word in
          let first = watch.ends(before: 16)
          waitTooLong()
          let second = watch.ends(before: 32)
          word.add(change, ordering: .relaxed)
          let third = watch.ends(before: 48)
          // Before something has happened it does not know.
          #expect([first, second, third] == [false, false, true])
        }
      }
    }

    @Test func aLongBatchEndsThoughNothingHappens() throws {
      for isFresh in [true, false] {
        try withWatch(over: 10_000, isFresh: isFresh) { watch, word in
          var end: Int?
          for unit in stride(from: 16, to: 10_000, by: 16) where end == nil {
            if unit % 512 == 0 { waitTooLong() }
            if watch.ends(before: unit) { end = unit }
          }
          #expect(end != nil)
        }
      }
    }

    @Test func aBatchThatIsNotLongGoesOn() throws {
      try withWatch(over: 10_000) { watch, word in
        // It has only just begun, whatever this thread is doing.
        watch.began = ticks() &+ 1_000_000_000_000
        for unit in stride(from: 16, to: 10_000, by: 16) {
          word.add(1, ordering: .relaxed)
          let ends = watch.ends(before: unit)
          #expect(!ends)
        }
      }
    }

    @Test func aBatchDoesNotEndBeforeItsLeastLength() throws {
      try withWatch(over: 10_000, minimumBatch: 1000) { watch, word in
        waitTooLong()
        for unit in stride(from: 16, through: 10_000, by: 16) {
          word.add(1, ordering: .relaxed)
          let ends = watch.ends(before: unit)
          #expect(ends == (unit >= 1000))
        }
      }
    }
  }
}
