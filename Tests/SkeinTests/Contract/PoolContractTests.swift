import Skein
import Synchronization
import Testing

private func half(_ number: Int) throws(TestError) -> Int {
  if number % 2 != 0 { throw TestError(number) }
  return number / 2
}

private func fibonacci(_ n: Int) -> Int {
  if n < 2 { return n }
  let (a, b) = join {
    fibonacci(n - 1)
  } and: {
    fibonacci(n - 2)
  }
  return a + b
}

extension InTurn {
  /// The names of pools, forks and scopes.
  @Suite struct PoolContractTests {
    @Test func aPoolAndItsSettings() throws {
      let pool = try ThreadPool(threadCount: 2)
      let started = Counter()
      let full = try ThreadPool(
        ThreadPool.Configuration(
          threadCount: 2, stackSize: 1 << 20, threadName: { "worker \($0)" }, onThreadStart: { _ in started.add() },
          onThreadExit: { _ in started.add(-1) }, waitPolicy: .innerWork))
      var configuration = ThreadPool.Configuration()
      configuration.threadCount = 3
      configuration.waitPolicy = .block
      configuration.affinity = nil
      let third = try ThreadPool(configuration)
      let fourth = try ThreadPool(.init(threadCount: 1))
      #expect([pool, full, third, fourth].map(\.threadCount) == [2, 2, 3, 1])
      #expect(full.onEachThread { index in index * 2 } == [0, 2])
      #expect(started.value == 2)
      full.shutdown()
      #expect(started.value == 0)
      #expect(ThreadPool.WaitPolicy.allCases == [.ownWork, .innerWork, .anyWork, .block])
      #expect(ThreadPool.shared === ThreadPool.shared)
    }

    @Test func callsIntoAPool() throws {
      let pool = try ThreadPool(threadCount: 2)
      let message = "hello"
      let length = pool.run { message.count }
      let number = try pool.run { try half(8) }
      pool.run { print("a call without a result") }
      #expect((length, number) == (5, 4))
      // What comes out need not be Sendable: the caller waits.
      final class Plain { var number = 0 }
      let plain = pool.run { Plain() }
      plain.number += 1
      pool.spawn { print("on some thread, some time") }
      pool.run {
        #expect(ThreadPool.current === pool)
        #expect(ThreadPool.current?.threadCount == 2)
        #expect(ThreadPool.currentWorkerIndex.map { (0..<2).contains($0) } == true)
        ThreadPool.yield()
      }
      pool.shutdown()
      let statistics = pool.statistics()
      #expect(statistics.workers.count == 2)
      #expect(statistics.total.submissions == 6)
    }

    @Test func joins() throws {
      #expect(fibonacci(15) == 610)
      let (first, second) = try join {
        try half(4)
      } and: {
        try half(8)
      }
      #expect((first, second) == (2, 4))
      let mixed = try join {
        "text"
      } and: {
        try half(2)
      }
      #expect(mixed == ("text", 1))
      func typed() throws(TestError) -> Int {
        let (a, b) = try join { () throws(TestError) in
          try half(4)
        } and: { () throws(TestError) in
          try half(3)
        }
        return a + b
      }
      do { _ = try typed() } catch { #expect(error.position == 3) }
      let (here, there) = joinContext { context in
        context.migrated
      } and: { context in
        context.migrated
      }
      #expect(!here || there)
      // The first closure may change what the caller owns.
      var count = 0
      let (_, length) = join {
        count += 1
      } and: {
        "four".count
      }
      #expect((count, length) == (1, 4))
    }

    @Test func scopes() throws {
      let total = Mutex(0)
      withParallelScope { scope in
        for number in 1...10 { scope.spawn { total.withLock { $0 += number } } }
        scope.spawn { scope.spawn { total.withLock { $0 += 100 } } }
      }
      let threads = withParallelScope(order: .fifo) { scope in
        scope.spawnOnEachThread { index in total.withLock { $0 += 1000 + 0 * index } }
        return (ThreadPool.current ?? .shared).threadCount
      }
      #expect(total.withLock { $0 } == 155 + 1000 * threads)
      #expect(throws: TestError(1)) {
        try withParallelScope { scope in
          scope.spawn { _ = try half(8) }
          scope.spawn { throw TestError(1) }
          scope.spawn { throw TestError(2) }
        }
      }
      let result = try withParallelScope(order: .fifo) { scope in
        for number in 0..<10 {
          scope.spawn { if number == 10 { throw TestError(number) } }
        }
        return 3
      }
      #expect(result == 3)
    }

    @Test func workerLocals() {
      let found = WorkerLocal { [Int]() }
      (0..<100).parallel.forEach { number in
        if number.isMultiple(of: 7) { found.withValue { $0.append(number) } }
      }
      #expect(found.values.flatMap { $0 }.sorted() == Array(stride(from: 0, to: 100, by: 7)))
      let counts = WorkerLocal<[String: Int]> { [:] }
      ["a", "b", "a"].parallel.forEach { word in counts.withValue { $0[word, default: 0] += 1 } }
      let merged = counts.removeAll().reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
      #expect(merged == ["a": 2, "b": 1])
      #expect(counts.values.isEmpty)
    }
  }
}
