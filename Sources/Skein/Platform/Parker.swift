internal import CSkein
internal import Synchronization

/// Where one thread sleeps until it is woken.
///
/// The sleeper *announces* that it is about to sleep, checks once more for a reason not to, and then sleeps or
/// withdraws the announcement. A waker first makes its reason visible and then reads the announcement. All four steps
/// are sequentially consistent, so at least one of the two sees the other: no wake-up is lost (the first race in
/// `Sleeping.md`).
///
/// SAFETY: the word has an allocation of its own, freed in `deinit`; a waker keeps the owner of the parker alive.
@safe
struct Parker: ~Copyable, Sendable {
  /// What a sleeper may be woken for.
  enum Kind: UInt32 {
    /// It waits for nothing: any work that a free worker may take.
    case free = 1
    /// It waits for something of its own: that thing, or work that it may help with.
    case waiting = 2
    /// It waits for something of its own, and helps with nothing: that thing alone.
    case blocked = 3
  }

  private static var awake: UInt32 { 0 }
  private static var notified: UInt32 { 4 }
  /// Notified, to look for work, by a thread that has counted the sleeper as searching already; see `Sleep`.
  private static var sent: UInt32 { 5 }

  /// `awake`, a kind, `notified` or `sent`. It has an address of its own for the system call.
  ///
  /// SAFETY: allocated here, freed in `deinit`; a waker keeps the owner of the parker alive.
  private nonisolated(unsafe) let word: UnsafeMutablePointer<Atomic<UInt32>>

  init() {
    unsafe word = .allocate(capacity: 1)
    unsafe word.initialize(to: Atomic(Parker.awake))
  }

  deinit {
    unsafe word.deinitialize(count: 1)
    unsafe word.deallocate()
  }

  /// Announces that this thread is about to sleep. A last look must follow, then `sleep` or `stayAwake`.
  borrowing func announce(_ kind: Kind) {
    unsafe word.pointee.store(kind.rawValue, ordering: .sequentiallyConsistent)  // pairs with the load in `wake`
  }

  /// Whether the thread has announced a sleep, and has not been woken since.
  var isAnnounced: Bool {
    let state = unsafe word.pointee.load(ordering: .sequentiallyConsistent)
    return state != Parker.awake && state < Parker.notified
  }

  /// Returns whether the thread has announced a sleep of this kind, and has not been woken since.
  func isAnnounced(_ kind: Kind) -> Bool {
    unsafe word.pointee.load(ordering: .sequentiallyConsistent) == kind.rawValue
  }

  /// Whether the thread has been sent to look for work, and does not run yet.
  var isSent: Bool { unsafe word.pointee.load(ordering: .sequentiallyConsistent) == Parker.sent }

  /// Withdraws the announcement.
  /// - Returns: Whether the thread has been sent to look for work.
  @discardableResult
  borrowing func stayAwake() -> Bool {
    unsafe word.pointee.exchange(Parker.awake, ordering: .sequentiallyConsistent) == Parker.sent
  }

  /// Sleeps until this thread is woken after its announcement.
  /// - Returns: Whether the thread has been sent to look for work.
  @discardableResult
  borrowing func sleep(_ kind: Kind) -> Bool {
    let address = unsafe UnsafeRawPointer(word).assumingMemoryBound(to: UInt32.self)
    while unsafe word.pointee.load(ordering: .acquiring) == kind.rawValue {  // pairs with the exchange in `wake`
      unsafe skein_wait(address, kind.rawValue)
    }
    return stayAwake()
  }

  /// Sleeps until this thread is woken after its announcement, or for about this long.
  /// - Returns: Whether the thread has been sent to look for work; nil if it was not woken, in which case the
  ///   announcement still stands.
  borrowing func sleep(_ kind: Kind, nanoseconds: UInt64) -> Bool? {
    let address = unsafe UnsafeRawPointer(word).assumingMemoryBound(to: UInt32.self)
    if unsafe word.pointee.load(ordering: .acquiring) == kind.rawValue {  // pairs with the exchange in `wake`
      unsafe skein_wait_for(address, kind.rawValue, nanoseconds)
      if unsafe word.pointee.load(ordering: .acquiring) == kind.rawValue { return nil }
    }
    return stayAwake()
  }

  /// Wakes the thread if it has announced a sleep of this kind; returns whether this call was the one that did.
  @discardableResult
  borrowing func wake(_ kind: Kind) -> Bool { wake(kind, as: Parker.notified) }

  /// Wakes the thread, if it waits for nothing, to look for work.
  borrowing func send() -> Bool { wake(.free, as: Parker.sent) }

  private borrowing func wake(_ kind: Kind, as message: UInt32) -> Bool {
    guard isAnnounced(kind) else { return false }
    let claimed = unsafe word.pointee.compareExchange(
      expected: kind.rawValue, desired: message, ordering: .sequentiallyConsistent
    ).exchanged
    if claimed { unsafe skein_wake_one(UnsafeRawPointer(word).assumingMemoryBound(to: UInt32.self)) }
    return claimed
  }

  /// Wakes the thread if it waits for something of its own, which has come.
  @discardableResult
  borrowing func wakeFromWaiting() -> Bool { wake(.waiting) || wake(.blocked) }

  /// Wakes the thread from any kind of sleep.
  @discardableResult
  borrowing func wake() -> Bool { wakeFromWaiting() || wake(.free) }
}
