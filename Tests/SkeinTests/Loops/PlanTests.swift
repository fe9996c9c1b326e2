import Skein
import Synchronization
import Testing

extension InTurn {
  /// L1: batches, blocks and width mean exactly what they say.
  @Suite struct PlanTests {
    @Test(arguments: [1, 2, 3, 7, 8, 9, 100], [1, 2, 8])
    func noMoreThanTheMaximumIsInFlight(_ width: Int, _ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let inner = try ThreadPool(threadCount: 4)
      let open = Gauge()
      let done = Marks(200)
      withTimeout {
        (0..<200).parallel(in: pool, maximumInFlight: width).forEach { index in
          open.enter()
          if index % 2 == 0 { spin(for: .microseconds(50)) } else { inner.run { spin(for: .microseconds(20)) } }
          open.leave()
          done.mark(index)
        }
      }
      #expect(done.everyOnce)
      #expect(open.peak <= min(width, threads))
    }

    @Test func theWidthIsUsed() throws {
      let pool = try ThreadPool(threadCount: 8)
      let open = Gauge()
      (0..<60).parallel(in: pool, maximumInFlight: 3).forEach { _ in
        open.enter()
        _ = eventually(within: .seconds(1)) { open.peak >= 3 }
        sleep(for: .milliseconds(2))
        open.leave()
      }
      #expect(open.peak == 3)
    }

    @Test(arguments: [1, 4, 16, 50], [2, 8])
    func blocksAreBarriers(_ block: Int, _ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let finished = Counter()
      let open = Gauge()
      let early = Counter()
      (0..<200).parallel(in: pool).inBlocks(ofCount: block).forEach { index in
        open.enter()
        // Everything in the blocks before this one is done.
        if finished.value < index / block * block { early.add() }
        spin(for: .microseconds(20))
        open.leave()
        finished.add()
      }
      #expect(finished.value == 200)
      #expect(early.value == 0)
      #expect(open.peak <= min(block, threads))
    }

    @Test func growingBlocksDouble() throws {
      let pool = try ThreadPool(threadCount: 4)
      let finished = Counter()
      let early = Counter()
      (0..<500).parallel(in: pool).inGrowingBlocks().forEach { index in
        // Blocks of 4, 8, 16, … begin at 0, 4, 12, 28, …
        var (start, size) = (0, 4)
        while index >= start + size { (start, size) = (start + size, size * 2) }
        if finished.value < start { early.add() }
        finished.add()
      }
      #expect(early.value == 0)
      #expect(finished.value == 500)
    }

    @Test func aMinimumBatchBoundsTheSplits() throws {
      for (minimum, mostSplits) in [(1000, 0), (501, 0), (500, 1), (250, 3), (100, 9)] {
        let pool = try ThreadPool(threadCount: 8)
        (0..<1000).parallel(in: pool, minimumBatch: minimum).forEach { _ in spin(for: .microseconds(5)) }
        #expect(pool.statistics().total.splits <= mostSplits, "minimum \(minimum)")
      }
    }

    /// A worker's run of neighbouring elements, from one look to the next.
    @Test func noRunIsShorterThanTheMinimumBatch() throws {
      let pool = try ThreadPool(threadCount: 8)
      let owners = Mutex([Int](repeating: -1, count: 1000))
      (0..<1000).parallel(in: pool, minimumBatch: 50).forEach { index in
        spin(for: .microseconds(10))
        let worker = ThreadPool.currentWorkerIndex!
        owners.withLock { $0[index] = worker }
      }
      let list = owners.withLock { $0 }
      var start = 0
      for index in 1...1000 where index == 1000 || list[index] != list[start] {
        #expect(index - start >= 50)
        start = index
      }
    }

    /// A loop that is cancelled during an element goes on until the end of the batch and no further.
    @Test(arguments: [1, 5, 32])
    func noBatchIsLongerThanTheMaximum(_ maximum: Int) async throws {
      let pool = try ThreadPool(threadCount: 1)
      let afterwards = Counter()
      let cancelled = Flag()
      let isRunning = Flag()
      let task = Task {
        try await pool.run { () throws in
          try (0..<100_000).parallel(maximumBatch: maximum).forEach { index throws(any Error) in
            if cancelled.isSet { afterwards.add() }
            if index == 1000 {
              isRunning.set()
              while !cancelled.isSet { sleep(for: .milliseconds(1)) }
            }
          }
        }
      }
      while !isRunning.isSet { await Task.yield() }
      task.cancel()
      cancelled.set()
      await #expect(throws: CancellationError.self) { try await task.value }
      #expect(afterwards.value < maximum)
    }

    /// A loop that was over in no time, often, offers nothing before its first batch is done; then it must, if it has become long.
    @Test func whatUsedToBeShortReachesAllWorkers() throws {
      let pool = try ThreadPool(threadCount: 4)
      // The elements wait for so many workers; those at the beginning, before which nothing may be offered, not for long.
      @Sendable func workers(_ wanted: Int) -> Int {
        let workers = Mutex<Set<Int>>([])
        (0..<10).parallel.forEach { index in
          guard wanted > 0 else { return }
          let worker = ThreadPool.currentWorkerIndex!
          workers.withLock { _ = $0.insert(worker) }
          _ = eventually(within: index < 4 ? .milliseconds(10) : .seconds(1)) {
            workers.withLock { $0.count >= wanted }
          }
        }
        return workers.withLock { $0.count }
      }
      pool.run {
        for _ in 0..<rounds(3, long: 50) {
          for _ in 0..<200 { #expect(workers(0) == 0) }
          #expect(workers(2) > 1)
          #expect(workers(4) == 4)
        }
      }
    }

    @Test func fewLongIterationsReachAllWorkers() throws {
      let pool = try ThreadPool(threadCount: 4)
      for _ in 0..<rounds(3, long: 50) {
        let workers = Mutex<Set<Int>>([])
        (0..<10).parallel(in: pool).forEach { _ in
          let worker = ThreadPool.currentWorkerIndex!
          workers.withLock { _ = $0.insert(worker) }
          _ = eventually(within: .seconds(1)) { workers.withLock { $0.count == 4 } }
        }
        #expect(workers.withLock { $0.count } == 4)
      }
    }

    @Test func aLoopRunsInThePoolItIsTold() throws {
      let outer = try ThreadPool(threadCount: 2)
      let inner = try ThreadPool(threadCount: 3)
      let wrong = Counter()
      (0..<50).parallel(in: outer).forEach { _ in
        if ThreadPool.current !== outer { wrong.add() }
        (0..<10).parallel.forEach { _ in if ThreadPool.current !== outer { wrong.add() } }
        (0..<10).parallel(in: inner).forEach { _ in if ThreadPool.current !== inner { wrong.add() } }
      }
      #expect(wrong.value == 0)
    }

    @Test func numbersBelowOneTrap() async {
      let zero = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = (0..<9).parallel(minimumBatch: 0)
      }
      #expect(message(zero).contains("the minimum batch is at least 1, not 0"))
      let negative = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = (0..<9).parallel(maximumBatch: -1)
      }
      #expect(message(negative).contains("the maximum batch is at least 1, not -1"))
      let width = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = (0..<9).parallel(maximumInFlight: 0)
      }
      #expect(message(width).contains("maximumInFlight is at least 1, not 0"))
      let block = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = (0..<9).parallel.inBlocks(ofCount: 0)
      }
      #expect(message(block).contains("blocks have at least 1 element, not 0"))
      await #expect(processExitsWith: .failure) { _ = (0..<9).parallel.batched(minimum: -3) }
    }
  }
}
