import Dispatch
import Synchronization

/// The results of `count` calls in their order, run by `DispatchQueue.concurrentPerform`.
func concurrentResults<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
  // A lock for every result is nothing beside the hundred microseconds and more that a call takes.
  let results = Mutex([Result?](repeating: nil, count: count))
  DispatchQueue.concurrentPerform(iterations: count) { index in
    let result = body(index)
    results.withLock { $0[index] = result }
  }
  return results.withLock { $0.compactMap(\.self) }
}

/// The results of `count` calls in their order, each a child task of one group.
func taskGroupResults<Result: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) -> Result) async -> [Result] {
  await withTaskGroup(of: (Int, Result).self) { group in
    for index in 0..<count {
      group.addTask { (index, body(index)) }
    }
    var results = [Result?](repeating: nil, count: count)
    for await (index, result) in group {
      results[index] = result
    }
    return results.compactMap(\.self)
  }
}

/// Runs asynchronous work on Swift's own executor while the calling thread, which must not belong to it, waits.
func waitFor<Result: Sendable>(_ work: @escaping @Sendable () async -> Result) -> Result {
  let answer = Answer<Result>()
  Task.detached {
    let result = await work()
    answer.value.withLock { $0 = result }
    answer.isThere.signal()
  }
  answer.isThere.wait()
  guard let result = answer.value.withLock({ $0 }) else {
    preconditionFailure("the answer is stored before the signal")
  }
  return result
}

private final class Answer<Value: Sendable>: Sendable {
  let value = Mutex<Value?>(nil)
  let isThere = DispatchSemaphore(value: 0)
}
