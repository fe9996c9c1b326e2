import Skein
import Testing

extension InTurn {
  /// W4 and W6: what does not come on top of a waiting worker's stack.
  @Suite struct WaitingWorkTests {
    /// Keeps one of two workers busy and lets the other one wait for it; `body` is called meanwhile.
    private func whileOneWaits(_ policy: ThreadPool.WaitPolicy, _ body: (ThreadPool, _ isOver: Flag) throws -> Void)
      throws
    {
      let pool = try ThreadPool(ThreadPool.Configuration(threadCount: 2, waitPolicy: policy))
      let (begun, released, isOver) = (Flag(), Flag(), Flag())
      let waiter = OutsideThread {
        pool.run {
          withParallelScope { scope in
            scope.spawn {
              begun.set()
              while !released.isSet { sleep(for: .milliseconds(1)) }
            }
            // The other worker takes the task, and this one goes on to wait for it.
            while !begun.isSet { sleep(for: .milliseconds(1)) }
          }
        }
        isOver.set()
      }
      try withTimeout {
        while !begun.isSet { sleep(for: .milliseconds(1)) }
        sleep(for: .milliseconds(5))
        try body(pool, isOver)
        released.set()
        waiter.join()
      }
    }

    @Test(arguments: [ThreadPool.WaitPolicy.ownWork, .innerWork, .block])
    func workThatNobodyWaitsForStartsOnAFreeWorker(_ policy: ThreadPool.WaitPolicy) throws {
      let (spawned, called, asked) = (Flag(), Flag(), Flag())
      var caller: OutsideThread?
      var task: Task<Void, Never>?
      try whileOneWaits(policy) { pool, isOver in
        pool.spawn { spawned.set() }
        caller = OutsideThread { pool.run { called.set() } }
        task = Task { await pool.run { asked.set() } }
        sleep(for: .milliseconds(30))
        #expect(!spawned.isSet && !called.isSet && !asked.isSet)
        #expect(!isOver.isSet)
      }
      caller?.join()
      #expect(eventually { spawned.isSet && called.isSet && asked.isSet })
      withExtendedLifetime(task) {}
    }

    /// The control: under this policy the waiting worker takes what was submitted.
    @Test func underAnyWorkTheWaiterTakesIt() throws {
      let called = Flag()
      try whileOneWaits(.anyWork) { pool, isOver in
        let caller = OutsideThread { pool.run { called.set() } }
        #expect(eventually { called.isSet })
        #expect(!isOver.isSet)
        caller.join()
      }
    }

    /// A stack holds the program's own nesting and the halves of each loop, however many iterations there are and whoever steals.
    @Test(arguments: [ThreadPool.WaitPolicy.ownWork, .block])
    func aSmallStackIsEnoughForManyIterations(_ policy: ThreadPool.WaitPolicy) throws {
      let pool = try ThreadPool(
        ThreadPool.Configuration(threadCount: 8, stackSize: isSanitized ? 8 << 20 : 512 << 10, waitPolicy: policy))
      let inner = try ThreadPool(threadCount: 1)
      let ran = Counter()
      withTimeout {
        (0..<elements(20_000)).parallel(in: pool, maximumBatch: 1).forEach { _ in
          ran.add((0..<8).parallel(maximumBatch: 1).map { _ in 1 }.sum())
          ran.add(inner.run { 1 })
        }
      }
      #expect(ran.value == 9 * elements(20_000))
      // Between two iterations a worker may wait for a stolen half, and take a half of that half, and so on. Inside an iteration it holds
      // one piece of an inner loop besides.
      let halvings = Int.bitWidth - elements(20_000).leadingZeroBitCount
      #expect(pool.statistics().total.deepestStack <= halvings + 2)
    }
  }
}
