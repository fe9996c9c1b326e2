import Dispatch
import Synchronization

/// Runs asynchronous code from a thread that may block, and gives its result.
func waitForTask<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) -> Value {
  let result = SharedResult<Value>()
  let isDone = DispatchSemaphore(value: 0)
  Task.detached {
    let value = await body()
    result.set(value)
    isDone.signal()
  }
  isDone.wait()
  return result.take()
}

private final class SharedResult<Value: Sendable>: Sendable {
  private let value = Mutex<Value?>(nil)

  func set(_ new: Value) { value.withLock { $0 = new } }
  func take() -> Value { value.withLock { $0! } }
}
