#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif
import SkeinDeque
import Synchronization

/// Threads of the system, joined when the closure that uses them returns.
///
/// A test's threads must make progress on their own whatever the test runner's thread pool does.
enum Threads {
  /// Runs `body` on `count` threads beside `main` on this one, and waits for all of them.
  static func run<Result>(
    _ count: Int, _ body: @escaping @Sendable (Int) -> Void, beside main: () throws -> Result
  ) rethrows -> Result {
    let threads = (0..<count).map { index in start { body(index) } }
    defer { for thread in threads { _ = pthread_join(thread, nil) } }
    return try main()
  }

  /// Runs `body` on `count` threads and waits for all of them.
  static func run(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    run(count, body, beside: {})
  }

  static func yield() { _ = sched_yield() }

  private final class Start: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  static func start(_ body: @escaping @Sendable () -> Void) -> pthread_t {
    let argument = unsafe Unmanaged.passRetained(Start(body)).toOpaque()
    #if canImport(Darwin)
      var thread: pthread_t?
      let status = unsafe pthread_create(
        &thread, nil,
        {
          unsafe Unmanaged<Start>.fromOpaque($0).takeRetainedValue().body()
          return nil
        }, argument)
    #else
      var thread = pthread_t()
      let status = unsafe pthread_create(
        &thread, nil,
        {
          unsafe Unmanaged<Start>.fromOpaque($0!).takeRetainedValue().body()
          return nil
        }, argument)
    #endif
    precondition(status == 0, "No thread")
    #if canImport(Darwin)
      return unsafe thread!
    #else
      return thread
    #endif
  }
}

/// Holds a deque until the thread that is to own it asks for it.
final class HandOver<Element: Sendable>: @unchecked Sendable {
  // SAFETY (of `@unchecked Sendable`): `deque` is touched under the lock alone; what is put in was sent, and what is taken
  // out is not kept.
  private let lock = Mutex(())
  private var deque: WorkStealingDeque<Element>?

  init(_ deque: consuming sending WorkStealingDeque<Element>) { self.deque = consume deque }

  func take() -> sending WorkStealingDeque<Element>? {
    lock.withLock { _ in
      nonisolated(unsafe) let taken = deque.take()
      return unsafe taken
    }
  }

  func put(_ sent: consuming sending WorkStealingDeque<Element>) {
    nonisolated(unsafe) var slot: WorkStealingDeque<Element>? = consume sent
    lock.withLock { _ in deque = unsafe slot.take() }
  }
}

/// Whether the tests run under a sanitizer or another slow build: loops are shorter then.
let scale: Int = {
  #if DEBUG
    return 1
  #else
    return 4
  #endif
}()
