import Skein
import Synchronization
import Testing

extension InTurn {
  /// L3: the error that comes out is the one that the sequential loop would have thrown.
  @Suite struct ErrorTests {
    /// Runs `body` for loops that throw from some position on, at every position, on several thread counts.
    private func atEveryPosition(_ body: (ThreadPool, _ count: Int, _ position: Int) throws -> Void) throws {
      for threads in fewThreadCounts {
        let pool = try ThreadPool(threadCount: threads)
        for count in [1, 2, 3, 7, 16, 40] {
          for position in 0..<count { try withTimeout { try body(pool, count, position) } }
        }
      }
    }

    @Test func everyTerminalThrowsTheFirstError() throws {
      try atEveryPosition { pool, count, position in
        // All elements from `position` on throw, each an error of its own.
        let throwing = (0..<count).parallel(in: pool, maximumBatch: 2).map { index throws(TestError) in
          if index >= position { throw TestError(index) }
          return index
        }
        let expected = TestError(position)
        #expect(throws: expected) { try throwing.forEach { _ in } }
        #expect(throws: expected) { _ = try Array(throwing) }
        #expect(throws: expected) { _ = try Array(throwing.filter { $0 != 1 }) }
        #expect(throws: expected) { _ = try Array(throwing.compactMap { $0 % 2 == 0 ? $0 : nil }) }
        #expect(throws: expected) { _ = try throwing.sum() }
        #expect(throws: expected) { _ = try throwing.map { Double($0) }.sum() }
        #expect(throws: expected) { _ = try throwing.reduce(0, +) }
        #expect(throws: expected) { _ = try throwing.reduce { $0 + $1 } }
        #expect(throws: expected) {
          _ = try throwing.reduce(into: 0) {
            $0 += $1
          } combine: {
            $0 += $1
          }
        }
        #expect(throws: expected) { _ = try throwing.min() }
        #expect(throws: expected) { _ = try throwing.first { $0 == count } }
        #expect(throws: expected) { _ = try throwing.contains(-1) }
        #expect(throws: expected) { _ = try throwing.allSatisfy { $0 >= 0 } }
        #expect(throws: expected) { _ = try throwing.count { $0 > 2 } }
        #expect(throws: expected) { _ = try throwing.inBlocks(ofCount: 3).sum() }
      }
    }

    @Test func closuresOfTerminalsMayThrow() throws {
      try atEveryPosition { pool, count, position in
        let source = (0..<count).parallel(in: pool, maximumBatch: 2)
        @Sendable func check(_ index: Int) throws(TestError) {
          if index >= position { throw TestError(index) }
        }
        let expected = TestError(position)
        #expect(throws: expected) { try source.forEach { index throws(TestError) in try check(index) } }
        #expect(throws: expected) {
          _ = try Array(
            source.filter { index throws(TestError) in
              try check(index)
              return true
            })
        }
        #expect(throws: expected) {
          _ = try Array(
            source.compactMap { index throws(TestError) -> Int? in
              try check(index)
              return nil
            })
        }
        #expect(throws: expected) {
          _ = try source.reduce(into: 0) { (sum: inout Int, index) throws(TestError) in
            try check(index)
            sum += index
          } combine: { (left: inout Int, right) throws(TestError) in
            left += right
          }
        }
        #expect(throws: expected) {
          _ = try source.first { index throws(TestError) in
            try check(index)
            return false
          }
        }
        #expect(throws: expected) {
          _ = try source.contains { index throws(TestError) in
            try check(index)
            return false
          }
        }
        #expect(throws: expected) {
          _ = try source.allSatisfy { index throws(TestError) in
            try check(index)
            return true
          }
        }
        #expect(throws: expected) {
          var values = Array(0..<count)
          try values.parallel.modifyEach { (value: inout Int) throws(TestError) in
            try check(value)
            value = 0
          }
        }
      }
    }

    @Test func anAnswerBeforeTheErrorWins() throws {
      try atEveryPosition { pool, count, position throws in
        let throwing = (0..<count).parallel(in: pool, maximumBatch: 2).map { index throws(TestError) in
          if index >= position { throw TestError(index) }
          return index
        }
        for wanted in 0..<position {
          #expect(try throwing.first { $0 == wanted } == wanted)
          #expect(try throwing.contains(wanted))
          #expect(try !throwing.allSatisfy { $0 != wanted })
        }
      }
    }

    @Test func whatComesBeforeTheErrorRuns() throws {
      try atEveryPosition { pool, count, position in
        let ran = Marks(count)
        #expect(throws: TestError(position)) {
          try (0..<count).parallel(in: pool).forEach { index throws(TestError) in
            ran.mark(index)
            if index == position { throw TestError(index) }
          }
        }
        for index in 0...position { #expect(ran.count(index) == 1) }
        for index in position..<count { #expect(ran.count(index) <= 1) }
      }
    }

    @Test(arguments: fewThreadCounts)
    func whatComesAfterTheErrorStopsSoon(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let ran = Counter()
      #expect(throws: TestError(0)) {
        try (0..<5_000_000).parallel(in: pool, maximumBatch: 16).forEach { index throws(TestError) in
          if index == 0 { throw TestError(0) }
          ran.add()
          spin(for: .microseconds(10))
        }
      }
      #expect(ran.value < 1_000_000)
    }

    @Test func valuesAreDestroyedOnce() throws {
      let lives = Lives()
      try atEveryPosition { pool, count, position in
        let made = (0..<count).parallel(in: pool, maximumBatch: 2).map { index throws(TestError) in
          if index == position { throw TestError(index) }
          return LifeTracked(index, lives)
        }
        #expect(throws: TestError(position)) { _ = try Array(made) }
        #expect(throws: TestError(position)) { _ = try Array(made.filter { $0.value % 3 != 1 }) }
        #expect(throws: TestError(position)) { _ = try made.reduce { $0.value < $1.value ? $0 : $1 } }
        #expect(throws: TestError(position)) {
          _ = try made.reduce(into: [LifeTracked]()) {
            $0.append($1)
          } combine: {
            $0 += $1
          }
        }
        #expect(throws: TestError(position)) { _ = try made.first { $0.value > count } }
        var kept = [LifeTracked(-1, lives)]
        #expect(throws: TestError(position)) { try kept.append(contentsOf: made) }
        #expect(kept.count == 1)
        kept = []
        #expect(lives.alive == 0, "\(pool.threadCount) threads, \(count) elements, error at \(position)")
      }
    }

    @Test func valuesAreDestroyedOnceWithoutErrors() throws {
      let lives = Lives()
      let pool = try ThreadPool(threadCount: 8)
      for count in [0, 1, 2, 50, 1000] {
        let made = (0..<count).parallel(in: pool, maximumBatch: 2).map { LifeTracked($0, lives) }
        #expect(Array(made).map(\.value) == Array(0..<count))
        #expect(Array(made.filter { $0.value % 2 == 0 }).count == (count + 1) / 2)
        #expect(made.first { $0.value == count / 2 }?.value == (count == 0 ? nil : count / 2))
        #expect(made.reduce { $0.value > $1.value ? $0 : $1 }?.value == (count == 0 ? nil : count - 1))
        #expect(lives.alive == 0)
      }
    }
  }

  /// Errors of joins and scopes.
  @Suite struct ForkErrorTests {
    @Test(arguments: threadCounts)
    func theFirstClosuresErrorWinsAndBothRun(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for _ in 0..<rounds(200, long: 2000) {
        for (first, second) in [(true, true), (true, false), (false, true)] {
          let ran = Counter()
          #expect(throws: TestError(first ? 1 : 2)) {
            try pool.run {
              _ = try join {
                ran.add()
                if first { throw TestError(1) }
              } and: {
                ran.add()
                if second { throw TestError(2) }
              }
            }
          }
          #expect(ran.value == 2)
        }
      }
    }

    @Test(arguments: threadCounts)
    func aScopeThrowsTheErrorThatWasSpawnedFirst(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for round in 0..<rounds(50, long: 1000) {
        let ran = Counter()
        let earliest = round % 20
        #expect(throws: TestError(earliest)) {
          try pool.run {
            try withParallelScope { scope in
              for index in 0..<20 {
                scope.spawn {
                  ran.add()
                  if index >= earliest { throw TestError(index) }
                }
              }
              throw TestError(20)
            }
          }
        }
        #expect(ran.value == 20)
      }
    }

    @Test func anErrorOfTheBodyAlone() throws {
      let pool = try ThreadPool(threadCount: 2)
      #expect(throws: TestError(5)) {
        try pool.run { try withParallelScope { _ in throw TestError(5) } }
      }
    }

    @Test func aSpawnAfterTheEndOfItsScopeTraps() async {
      let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let pool = try ThreadPool(threadCount: 2)
        blocking {
          pool.run {
            let escaped = withParallelScope { scope in scope }
            escaped.spawn {}
          }
        }
      }
      #expect(message(result).contains("a scope that has ended"))
    }
  }
}
