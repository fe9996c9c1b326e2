/// What a thread is about to do to a word.
struct Access: Sendable {
  enum Kind: Sendable {
    case begin, read, write
    /// Lets others go first, until one of them has written something since this thread last waited.
    case wait
    /// Takes a lock, when it is free.
    case lock
    /// Sleeps on a word until it is woken.
    case sleep
    /// The same, or until some time has passed.
    case sleepForTime
    /// Waits until a thread has ended, whose number is the address.
    case join
  }
  let address: UInt
  var byteCount = 8
  let kind: Kind

  func overlaps(_ other: UInt, byteCount otherCount: Int) -> Bool {
    address < other + UInt(otherCount) && other < address + UInt(byteCount)
  }

  /// Whether it may change what others find.
  var isWrite: Bool { kind == .write || kind == .lock }

  /// Whether the order of the two makes no difference.
  func isIndependent(of other: Access) -> Bool {
    switch (kind, other.kind) {
    case (.begin, _), (_, .begin), (.join, _), (_, .join): true
    case (.wait, _): !other.isWrite
    case (_, .wait): !isWrite
    case (.read, .read): true
    default: !overlaps(other.address, byteCount: other.byteCount)
    }
  }
}
