import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A closure that the library has begun for a random program and that has not returned.
final class ProgramFrame: Sendable {
  /// Whoever waits for it; nil for a caller's thread and for detached closures.
  let parent: ProgramFrame?
  let step: Int

  init(_ step: Int, under parent: ProgramFrame?) {
    self.step = step
    self.parent = parent
  }

  /// Whether `ancestor` waits for this, directly or through others.
  func descends(from ancestor: ProgramFrame) -> Bool {
    var next: ProgramFrame? = self
    while let frame = next {
      if frame === ancestor { return true }
      next = frame.parent
    }
    return false
  }
}

/// The uppermost frame on each thread's stack.
enum TopFrame {
  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    precondition(unsafe pthread_key_create(&key, nil) == 0)
    return key
  }()

  /// SAFETY: whoever sets a frame keeps it alive until it has set the one below again, on the same thread.
  static var current: ProgramFrame? {
    get {
      guard let address = unsafe pthread_getspecific(key) else { return nil }
      return unsafe Unmanaged<ProgramFrame>.fromOpaque(address).takeUnretainedValue()
    }
    set {
      unsafe pthread_setspecific(key, newValue.map { unsafe UnsafeRawPointer(Unmanaged.passUnretained($0).toOpaque()) })
    }
  }
}

/// A number for each thread.
enum ThreadNumber {
  private static let last = Atomic(0)

  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    precondition(unsafe pthread_key_create(&key, nil) == 0)
    return key
  }()

  static var current: Int {
    let known = unsafe Int(bitPattern: pthread_getspecific(key))
    if known != 0 { return known }
    let new = last.add(1, ordering: .relaxed).newValue
    unsafe pthread_setspecific(key, UnsafeRawPointer(bitPattern: new))
    return new
  }
}

/// The open iterations of one loop: on which threads they are.
final class ProgramLoop: Sendable {
  private let open = Mutex<[Int]>([])
  private let bound: Int

  init(bound: Int) { self.bound = bound }

  /// - Returns: What is wrong with one more iteration on this thread, if anything is.
  func begin() -> String? {
    let thread = ThreadNumber.current
    return open.withLock { open in
      defer { open.append(thread) }
      if open.contains(thread) { return "two iterations of one loop on a thread" }
      return open.count < bound ? nil : "more than \(bound) iterations of one loop open"
    }
  }

  func end() {
    let thread = ThreadNumber.current
    open.withLock { open in
      let index = open.lastIndex(of: thread)!
      open.remove(at: index)
    }
  }
}
