import Skein
import Testing

/// How the outer iterations of a test are made.
enum OuterCode: CaseIterable {
  case plainLoop, batchesOfOne, scopeOfSpawns, minimumBatches, blocksOfThreads, blocksOfManyThreads

  /// How many iterations may be open at once.
  func bound(_ threadCount: Int) -> Int { threadCount }

  func run(_ count: Int, in pool: ThreadPool, _ body: @escaping @Sendable (Int) -> Void) {
    let threads = pool.threadCount
    switch self {
    case .plainLoop:
      (0..<count).parallel(in: pool).forEach(body)
    case .batchesOfOne:
      (0..<count).parallel(in: pool, minimumBatch: 1, maximumBatch: 1).forEach(body)
    case .scopeOfSpawns:
      pool.run {
        withParallelScope { scope in
          for index in 0..<count { scope.spawn { body(index) } }
        }
      }
    case .minimumBatches:
      (0..<count).parallel(in: pool, minimumBatch: count / threads).forEach(body)
    case .blocksOfThreads:
      (0..<count).parallel(in: pool).inBlocks(ofCount: threads).forEach(body)
    case .blocksOfManyThreads:
      (0..<count).parallel(in: pool).inBlocks(ofCount: 8 * threads).forEach(body)
    }
  }
}

/// What an iteration does that makes its thread wait.
enum InnerCode: CaseIterable {
  case callOneThreadPool, nestedLoop, nestedScope, scopeOfCalls, threePoolsDeep, throwing

  func run(_ pools: InnerPools) {
    let values = [Double](repeating: 1, count: 64)
    switch self {
    case .callOneThreadPool:
      #expect(pools.one.run { values.parallel.sum() } == 64)
    case .nestedLoop:
      #expect((0..<16).parallel.map { _ in values.reduce(0, +) }.sum() == 1024)
    case .nestedScope:
      withParallelScope { scope in
        for _ in 0..<4 { scope.spawn { scope.spawn { spin(for: .microseconds(5)) } } }
      }
    case .scopeOfCalls:
      withParallelScope { scope in
        for _ in 0..<3 { scope.spawn { #expect(pools.one.run { values.parallel.sum() } == 64) } }
      }
    case .threePoolsDeep:
      let sum = pools.one.run { pools.two.run { pools.three.run { values.parallel.sum() } + values.parallel.sum() } }
      #expect(sum == 128)
    case .throwing:
      #expect(throws: TestError(7)) {
        try pools.one.run {
          try (0..<16).parallel.forEach { index throws(TestError) in if index >= 7 { throw TestError(index) } }
        }
      }
    }
  }
}

/// Pools for the inner code to call.
struct InnerPools: Sendable {
  let one: ThreadPool
  let two: ThreadPool
  let three: ThreadPool

  init() throws {
    one = try ThreadPool(threadCount: 1)
    two = try ThreadPool(threadCount: 2)
    three = try ThreadPool(threadCount: 1)
  }
}

extension InTurn {
  /// W1, W2: a waiting worker runs only what it waits for.
  @Suite struct WaitingTests {
    @Test(arguments: OuterCode.allCases, InnerCode.allCases)
    func aThreadHoldsOneIterationAtATime(_ outer: OuterCode, _ inner: InnerCode) throws {
      try check(outer, inner, .ownWork, count: isLong ? 2_000 : isSanitized ? 20 : 200)
    }

    @Test(arguments: [ThreadPool.WaitPolicy.innerWork, .block], InnerCode.allCases)
    func otherBoundedPolicies(_ policy: ThreadPool.WaitPolicy, _ inner: InnerCode) throws {
      for outer in OuterCode.allCases { try check(outer, inner, policy, count: isSanitized ? 10 : 60) }
    }

    @Test(arguments: OuterCode.allCases, InnerCode.allCases)
    func anyWorkFinishes(_ outer: OuterCode, _ inner: InnerCode) throws {
      for threads in isSanitized ? [2] : [1, 2, 8] {
        let pool = try ThreadPool(
          ThreadPool.Configuration(threadCount: threads, stackSize: 64 << 20, waitPolicy: .anyWork))
        let pools = try InnerPools()
        let done = Marks(60)
        withTimeout {
          outer.run(60, in: pool) { index in
            inner.run(pools)
            done.mark(index)
          }
        }
        #expect(done.everyOnce)
      }
    }

    private func check(_ outer: OuterCode, _ inner: InnerCode, _ policy: ThreadPool.WaitPolicy, count: Int) throws {
      let pools = try InnerPools()
      for threads in threadCounts {
        let pool = try ThreadPool(ThreadPool.Configuration(threadCount: threads, waitPolicy: policy))
        let open = OpenIterations(threadCount: threads)
        let done = Marks(count)
        withTimeout {
          outer.run(count, in: pool) { index in
            open.run { inner.run(pools) }
            done.mark(index)
          }
        }
        #expect(done.everyOnce)
        #expect(open.peak <= threads, "\(outer), \(inner), \(policy), \(threads) threads")
        #expect(open.deepest == 1, "\(outer), \(inner), \(policy), \(threads) threads")
        #expect(pool.statistics().total.mostIterationsOfOneLoop <= 1)
        pool.shutdown()
      }
    }
  }
}
