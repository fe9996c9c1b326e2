import Skein
import Testing

extension InTurn {
  /// `await pool.run` never blocks a thread of the executor that it is called on.
  @Suite struct CooperativeThreadsTests {
    @Test func tenThousandCallsOnTwoThreads() async throws {
      let (executor, pool) = (try ThreadPool(threadCount: 2), try ThreadPool(threadCount: 2))
      let (begun, gate) = (Counter(), Flag())
      let count = elements(50_000) / 5
      await withAsyncTimeout {
        await withTaskGroup(of: Void.self) { group in
          for _ in 0..<count {
            group.addTask(executorPreference: executor) {
              begun.add()
              // None returns before a task has run on the executor that comes after all of them.
              await pool.run { while !gate.isSet { sleep(for: .milliseconds(1)) } }
            }
          }
          group.addTask(executorPreference: executor) {
            while begun.value < count { await Task.yield() }
            gate.set()
          }
        }
      }
      #expect(begun.value == count)
    }
  }
}
