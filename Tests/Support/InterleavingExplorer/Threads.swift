#if canImport(Darwin)
  package import Darwin
#elseif canImport(Glibc)
  package import Glibc
#elseif canImport(Musl)
  package import Musl
#endif

/// Threads of the system, joined when the closure that uses them returns.
///
/// A test's threads must make progress on their own whatever the test runner's thread pool does.
package enum Threads {
  /// Runs `body` on `count` threads beside `main` on this one, and waits for all of them.
  package static func run<Result>(
    _ count: Int, _ body: @escaping @Sendable (Int) -> Void, beside main: () throws -> Result
  ) rethrows -> Result {
    let threads = (0..<count).map { index in start { body(index) } }
    defer { for thread in threads { _ = pthread_join(thread, nil) } }
    return try main()
  }

  /// Runs `body` on `count` threads and waits for all of them.
  package static func run(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    run(count, body, beside: {})
  }

  /// Runs `body` on a thread that has only so much stack, and waits for it.
  package static func run(stackSize: Int, _ body: @escaping @Sendable () -> Void) {
    _ = pthread_join(start(stackSize: stackSize, body), nil)
  }

  /// Runs `body` on a thread that nobody waits for.
  package static func detach(_ body: @escaping @Sendable () -> Void) {
    _ = pthread_detach(start(body))
  }

  package static func yield() { _ = sched_yield() }

  /// Keeps this thread, and those it starts from now on, on one processor where the system allows it.
  package static func stayOnOneProcessor() {
    #if os(Linux)
      // The C library hides these two from Swift.
      typealias Affinity = @convention(c) (Int32, Int, UnsafeMutableRawPointer) -> Int32
      let program = unsafe dlopen(nil, RTLD_NOW)
      guard let get = unsafe dlsym(program, "sched_getaffinity"), let set = unsafe dlsym(program, "sched_setaffinity")
      else { return }
      // SAFETY: the signatures that sched.h gives them.
      let getAffinity = unsafe unsafeBitCast(get, to: Affinity.self)
      let setAffinity = unsafe unsafeBitCast(set, to: Affinity.self)
      var processors = [UInt8](repeating: 0, count: 128)
      guard unsafe getAffinity(0, processors.count, &processors) >= 0,
        let last = processors.lastIndex(where: { $0 != 0 })
      else { return }
      let bit: UInt8 = 0x80 >> UInt8(processors[last].leadingZeroBitCount)
      for index in processors.indices { processors[index] = index == last ? bit : 0 }
      _ = unsafe setAffinity(0, processors.count, &processors)
    #endif
  }

  private final class Start: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Starts a thread, which is to be joined or detached.
  /// - Parameter stackSize: In bytes; nil takes what the system gives.
  package static func start(stackSize: Int? = nil, _ body: @escaping @Sendable () -> Void) -> pthread_t {
    var attributes = pthread_attr_t()
    _ = unsafe pthread_attr_init(&attributes)
    defer { _ = unsafe pthread_attr_destroy(&attributes) }
    if let stackSize { _ = unsafe pthread_attr_setstacksize(&attributes, stackSize) }
    let argument = unsafe Unmanaged.passRetained(Start(body)).toOpaque()
    #if canImport(Darwin)
      var thread: pthread_t?
      let status = unsafe pthread_create(
        &thread, &attributes,
        {
          unsafe Unmanaged<Start>.fromOpaque($0).takeRetainedValue().body()
          return nil
        }, argument)
    #else
      var thread = pthread_t()
      let status = unsafe pthread_create(
        &thread, &attributes,
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

/// A lock of the system: the thread sanitizer sees that it orders what it protects.
///
/// SAFETY: a mutex at an address that stays; made for several threads.
@safe
package final class SystemLock: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>

  package init() {
    unsafe mutex = .allocate(capacity: 1)
    _ = unsafe pthread_mutex_init(mutex, nil)
  }

  deinit {
    _ = unsafe pthread_mutex_destroy(mutex)
    unsafe mutex.deallocate()
  }

  package func withLock<Result: ~Copyable>(_ body: () throws -> Result) rethrows -> Result {
    _ = unsafe pthread_mutex_lock(mutex)
    defer { _ = unsafe pthread_mutex_unlock(mutex) }
    return try body()
  }
}

/// What a thread waits for until another hands it over. (A semaphore of Dispatch would make whoever imports this see the C library as Dispatch
/// does.)
///
/// SAFETY: a mutex and a condition at addresses that stay; `isHere` is touched under the mutex alone.
@safe
final class Turn: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>
  private var isHere = false

  init() {
    unsafe mutex = .allocate(capacity: 1)
    unsafe condition = .allocate(capacity: 1)
    _ = unsafe pthread_mutex_init(mutex, nil)
    _ = unsafe pthread_cond_init(condition, nil)
  }

  deinit {
    _ = unsafe pthread_cond_destroy(condition)
    _ = unsafe pthread_mutex_destroy(mutex)
    unsafe condition.deallocate()
    unsafe mutex.deallocate()
  }

  func signal() {
    _ = unsafe pthread_mutex_lock(mutex)
    isHere = true
    _ = unsafe pthread_cond_signal(condition)
    _ = unsafe pthread_mutex_unlock(mutex)
  }

  func wait() {
    _ = unsafe pthread_mutex_lock(mutex)
    while !isHere { _ = unsafe pthread_cond_wait(condition, mutex) }
    isHere = false
    _ = unsafe pthread_mutex_unlock(mutex)
  }
}

/// Whether the long variants of the tests were asked for.
package let isLong = unsafe getenv("SKEIN_LONG_TESTS") != nil

/// Whether a sanitizer watches, which has memory of its own for each byte.
package let isSanitized =
  unsafe dlsym(dlopen(nil, RTLD_NOW), "__tsan_init") != nil || dlsym(dlopen(nil, RTLD_NOW), "__asan_init") != nil
