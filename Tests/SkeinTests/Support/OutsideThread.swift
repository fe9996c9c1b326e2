import InterleavingExplorer
import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A thread outside any pool.
struct OutsideThread: @unchecked Sendable {
  // SAFETY (`@unchecked Sendable`): a handle that is used once, to join or to detach.
  private let handle: pthread_t

  /// - Parameter stackSize: In bytes; nil takes what the system gives.
  init(stackSize: Int? = nil, _ body: @escaping @Sendable () -> Void) {
    handle = Threads.start(stackSize: stackSize, body)
  }

  func join() { _ = pthread_join(handle, nil) }
  func detach() { _ = pthread_detach(handle) }

  /// Runs `body` on `count` threads at once and waits for all of them.
  static func run(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let threads = (0..<count).map { index in OutsideThread { body(index) } }
    for thread in threads { thread.join() }
  }
}

/// Lets the calling thread sleep.
func sleep(for duration: Duration) {
  let microseconds = duration / .microseconds(1)
  _ = usleep(UInt32(microseconds))
}

/// Keeps the calling thread busy.
func spin(for duration: Duration) {
  let start = ContinuousClock.now
  while ContinuousClock.now - start < duration {}
}

/// Waits until a condition holds; says whether it came to hold in time.
func eventually(within limit: Duration = .seconds(20), _ condition: () -> Bool) -> Bool {
  let start = ContinuousClock.now
  while !condition() {
    if ContinuousClock.now - start > limit { return condition() }
    sleep(for: .milliseconds(1))
  }
  return true
}

/// Runs `body`, and ends the process with a message if that takes too long: a test that hangs fails.
func withTimeout<Result, Failure: Error>(
  _ limit: Duration = .seconds(60), function: String = #function, line: Int = #line,
  _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  let finished = watch(limit, function, line)
  defer { finished.set() }
  return try body()
}

/// Ends the process with a message unless what it gives is set in time, which is five times as long under a sanitizer.
func watch(_ limit: Duration, _ function: String, _ line: Int) -> Flag {
  let finished = Flag()
  let limit = isSanitized ? limit * 5 : limit
  OutsideThread {
    let start = ContinuousClock.now
    while !finished.isSet {
      if ContinuousClock.now - start > limit { fatalError("\(function), line \(line): not finished within \(limit)") }
      sleep(for: .milliseconds(20))
    }
  }.detach()
  return finished
}

/// A number for the calling thread, which no other thread has at the same time.
func currentThread() -> UInt {
  #if canImport(Darwin)
    return UInt(bitPattern: pthread_self())
  #else
    return UInt(pthread_self())
  #endif
}
