import Skein
import Synchronization
import Testing

/// Each spelling on the page "Coming from Dispatch", and what it gives.
@Suite struct ComingFromDispatchTests {
  @Test func loops() {
    let visited = Counter()
    (0..<1000).parallel.forEach { _ in visited.add() }
    #expect(visited.value == 1000)
    let values = (0..<1000).map(Double.init)
    #expect(Array((0..<1000).parallel.map { i in values[i] * values[i] }) == values.map { $0 * $0 })
    #expect(Array(values.parallel.map { $0 * $0 }) == values.map { $0 * $0 })
    #expect(values.parallel.sum() == 499_500)
    #expect(values.parallel.reduce(0, +) == 499_500)
    #expect(
      values.parallel.reduce(into: 0) {
        $0 += $1
      } combine: {
        $0 += $1
      } == 499_500)
    #expect(values.parallel.inBlocks(ofCount: 100).sum() == 499_500)
    let open = Counter()
    (0..<100).parallel(maximumInFlight: 1).forEach { _ in
      #expect(open.add() == 1)
      open.add(-1)
    }
  }

  @Test func queuesAndGroups() throws {
    let done = Counter()
    withParallelScope { scope in
      for _ in 0..<10 { scope.spawn { done.add() } }
    }
    #expect(done.value == 10)
    ThreadPool.shared.spawn { done.add() }
    while done.value < 11 { yieldThread() }
    let pool = try ThreadPool(threadCount: 1)
    #expect(pool.run { ThreadPool.current === pool })
    pool.run { precondition(ThreadPool.current === pool) }
    let both = join {
      1
    } and: {
      2
    }
    #expect(both == (1, 2))
    let perThread = WorkerLocal { 0 }
    pool.run { perThread.withValue { $0 += 1 } }
    let total = Mutex(0)
    (0..<10).parallel.forEach { i in total.withLock { $0 += i } }
    #expect(total.withLock { $0 } == 45)
  }

  @Test func cancellation() async {
    let task = Task {
      await ThreadPool.shared.run {
        while !ThreadPool.isCancelled { yieldThread() }
        return ThreadPool.isCancelled
      }
    }
    task.cancel()
    #expect(await task.value)
  }

  @Test func waitingUntil() async throws {
    #expect(try await ThreadPool.shared.run(until: .now + .seconds(1 << 20)) { 1 } == 1)
    // Not the shared pool: until a task has a thread that sees the deadline pass, this keeps one of the pool's.
    let pool = try ThreadPool(threadCount: 1)
    await #expect(throws: ThreadPool.DeadlinePassed.self) {
      try await pool.run(until: .now + .milliseconds(1)) {
        while true {
          try ThreadPool.checkCancellation()
          yieldThread()
        }
      }
    }
  }

  @Test func notifications() async {
    let done = Counter()
    await withParallelScope { scope async in
      for _ in 0..<10 { scope.spawn { done.add() } }
    }
    #expect(done.value == 10)
  }

  @MainActor @Test func fromAPoolToTheMainActor() async {
    let sum = await ThreadPool.shared.run { (1...10).parallel.sum() }
    #expect(sum == 55)
    let isSeen = await Task.detached { await MainActor.run { true } }.value
    #expect(isSeen)
  }
}
