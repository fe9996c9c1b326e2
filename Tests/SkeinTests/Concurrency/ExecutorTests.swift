import Skein
import Synchronization
import Testing

private actor Account {
  private(set) var balance = 0

  func add(_ amount: Int) { balance += amount }

  /// An actor's code that uses the pool it runs in.
  func addSum(of numbers: Range<Int>) {
    let (low, high) = join {
      numbers.prefix(numbers.count / 2).reduce(0, +)
    } and: {
      numbers.parallel.dropFirst(numbers.count / 2).sum()
    }
    balance += low + high
  }
}

private enum Local {
  @TaskLocal static var number = 0
}

/// Numbers in the order in which they were noted.
private final class Log: Sendable {
  private let noted = Mutex<[Int]>([])

  func note(_ number: Int) { noted.withLock { $0.append(number) } }
  var numbers: [Int] { noted.withLock { $0 } }
}

private func isIn(_ pool: ThreadPool) -> Bool { ThreadPool.current === pool && ThreadPool.currentWorkerIndex != nil }

extension InTurn {
  /// Pools as executors of Swift's tasks.
  @Suite struct ExecutorTests {
    @Test(arguments: threadCounts)
    func asynchronousCodeRunsOnWorkers(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      await withAsyncTimeout {
        await withTaskExecutorPreference(pool) {
          #expect(isIn(pool))
          await Task.yield()
          #expect(isIn(pool))
          async let child = isIn(pool)
          #expect(await child)
          await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<100 { group.addTask { isIn(pool) } }
            for await isIn in group { #expect(isIn) }
          }
          #expect(await pool.run { isIn(pool) })
        }
        #expect(await Task(executorPreference: pool) { isIn(pool) }.value)
      }
      #expect(pool.statistics().total.taskJobs >= 100)
    }

    @Test(arguments: threadCounts)
    func joinsLoopsAndScopesAreNestedWork(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      let account = Account()
      let total = await withAsyncTimeout {
        await withTaskGroup(of: Int.self) { group in
          for index in 0..<40 {
            group.addTask(executorPreference: pool) {
              let counts = WorkerLocal { 0 }
              blocking {
                withParallelScope { scope in for _ in 0..<10 { scope.spawn { counts.withValue { $0 += 1 } } } }
              }
              let (sum, count) = join {
                (0..<1000).parallel.sum()
              } and: {
                counts.values.reduce(0, +)
              }
              await account.addSum(of: 0..<100)
              // Perhaps on another thread by now.
              await Task.yield()
              return (0..<index).parallel.map { $0 + 1 }.sum() + sum + count + (isIn(pool) ? 1 : 0)
            }
          }
          return await group.reduce(0, +)
        }
      }
      #expect(total == (0..<40).map { $0 * ($0 + 1) / 2 + 499_500 + 10 + 1 }.reduce(0, +))
      #expect(await account.balance == 40 * 4950)
    }

    /// W6: a worker that waits starts no job, whatever the policy.
    @Test(arguments: [1, 2, 8], ThreadPool.WaitPolicy.allCases)
    func jobsDoNotNest(_ threads: Int, _ policy: ThreadPool.WaitPolicy) async throws {
      let pool = try ThreadPool(ThreadPool.Configuration(threadCount: threads, waitPolicy: policy))
      let open = OpenIterations(threadCount: threads)
      await withAsyncTimeout {
        await withTaskGroup(of: Void.self) { group in
          for _ in 0..<100 {
            group.addTask(executorPreference: pool) {
              await Task.yield()
              open.run {
                withParallelScope { scope in for _ in 0..<4 { scope.spawn { spin(for: .microseconds(20)) } } }
              }
            }
          }
        }
      }
      #expect(open.count == 100)
      #expect(open.deepest == 1)
      #expect(open.peak <= threads)
    }

    /// What a busy worker has enqueued, others take.
    @Test(arguments: [2, 3, 8])
    func jobsAreTakenFromABusyWorker(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      await withAsyncTimeout {
        await withTaskExecutorPreference(pool) {
          let ran = Counter()
          await withTaskGroup(of: Void.self) { group in
            for _ in 0..<100 { group.addTask { ran.add() } }
            // The group's own thread is not given up before all have run.
            while ran.value < 100 { yieldThread() }
          }
        }
      }
    }

    @Test func jobsOfOneThreadStartInOrder() async throws {
      let pool = try ThreadPool(threadCount: 1)
      let seen = Log()
      let tasks = (0..<1000).map { index in Task(executorPreference: pool) { seen.note(index) } }
      for task in tasks { await task.value }
      #expect(seen.numbers == Array(0..<1000))
      await Task(executorPreference: pool) {
        await withTaskGroup(of: Void.self) { group in
          for index in 1000..<2000 { group.addTask { seen.note(index) } }
        }
      }.value
      #expect(seen.numbers == Array(0..<2000))
    }

    /// Tasks that are never at an end do not keep a pool from calls, nor calls it from tasks.
    @Test(arguments: [1, 2])
    func callsAndTasksTakeTurns(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      let (isOver, turns) = (Flag(), Counter())
      await withAsyncTimeout {
        await withTaskGroup(of: Void.self) { group in
          for _ in 0..<4 * threads {
            group.addTask(executorPreference: pool) {
              while !isOver.isSet {
                turns.add()
                await Task.yield()
              }
            }
          }
          for _ in 0..<20 {
            let before = turns.value
            await pool.run {}
            while turns.value == before { await Task.yield() }
          }
          let spawned = Flag()
          pool.spawn { spawned.set() }
          while !spawned.isSet { await Task.yield() }
          isOver.set()
        }
      }
    }

    /// Calls that never cease do not keep a pool from jobs.
    @Test(arguments: [1, 2])
    func jobsStartBesideCalls(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      let isOver = Flag()
      let callers = (0..<2 * threads).map { _ in OutsideThread { while !isOver.isSet { pool.run {} } } }
      await withAsyncTimeout { for _ in 0..<20 { await Task(executorPreference: pool) {}.value } }
      isOver.set()
      for caller in callers { caller.join() }
    }

    @Test(arguments: [2, 3])
    func jobsStartDuringALongLoop(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      let (begun, served, finished) = (Flag(), Flag(), Flag())
      let loop = OutsideThread {
        // Half a minute, if no job is begun meanwhile.
        (0..<(30_000 * threads)).parallel(in: pool).forEach { _ in
          begun.set()
          if !served.isSet { sleep(for: .milliseconds(1)) }
        }
        finished.set()
      }
      await withAsyncTimeout {
        while !begun.isSet { await Task.yield() }
        for _ in 0..<5 { await Task(executorPreference: pool) { await Task.yield() }.value }
        #expect(!finished.isSet)
        served.set()
      }
      loop.join()
    }

    @Test(arguments: [1, 2, 8])
    func taskLocalValuesAreTheTasks(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      await withTaskGroup(of: Void.self) { group in
        for number in 1...20 {
          group.addTask(executorPreference: pool) {
            await Local.$number.withValue(number) {
              await Task.yield()
              #expect(Local.number == number)
              #if os(Linux)
                #expect((0..<100).parallel(maximumBatch: 1).allSatisfy { _ in Local.number == number })
                let seen = await withTaskGroup(of: Int.self) { group in
                  group.addTask { Local.number }
                  return await group.next()!
                }
                #expect(seen == number)
              #endif
            }
            #expect(Local.number == 0)
          }
        }
      }
      #expect(await pool.run { Local.number } == 0)
    }

    /// Everything at once: tasks, actors, calls from outside and from another pool, loops.
    @Test(arguments: [1, 2, 8])
    func everythingAtOnce(_ threads: Int) async throws {
      for _ in 0..<rounds(3, long: 200) {
        let (pool, other) = (try ThreadPool(threadCount: threads), try ThreadPool(threadCount: 1))
        let accounts = (0..<3).map { _ in Account() }
        await withAsyncTimeout {
          await withTaskGroup(of: Void.self) { group in
            for index in 0..<60 {
              group.addTask(executorPreference: index % 3 == 0 ? nil : pool) {
                for turn in 0..<5 {
                  await accounts[(index + turn) % 3].add(1)
                  await pool.run { _ = (0..<50).parallel.sum() }
                  if turn % 2 == 0 { await Task.yield() }
                  blocking { other.run { pool.run { _ = (0..<50).parallel.sum() } } }
                  async let sum = (0..<10).parallel.sum()
                  #expect(await sum == 45)
                }
              }
            }
          }
        }
        var total = 0
        for account in accounts { total += await account.balance }
        #expect(total == 300)
      }
    }
  }
}
