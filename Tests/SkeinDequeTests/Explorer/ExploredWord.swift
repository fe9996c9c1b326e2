import SkeinDeque
import Synchronization

/// A word whose accesses are scheduled by an ``Explorer``, so that it can run the library's own code in every order.
///
/// Memory orders are ignored: what is explored is every sequentially consistent execution.
struct ExploredWord: SharedWord, ~Copyable {
  private let word: Atomic<Int>

  init(_ value: Int) { word = Atomic(value) }

  private borrowing func step(_ kind: Access.Kind) {
    // An atomic lives in memory, not in registers, so that its address says which word it is.
    unsafe withUnsafePointer(to: self) { Explorer.step(Access(address: UInt(bitPattern: $0), kind: kind)) }
  }

  borrowing func loadRelaxed() -> Int { load() }
  borrowing func loadAcquiring() -> Int { load() }
  borrowing func loadSequential() -> Int { load() }

  private borrowing func load() -> Int {
    step(.read)
    return word.load(ordering: .sequentiallyConsistent)
  }

  borrowing func storeRelaxed(_ value: Int) { store(value) }
  borrowing func storeReleasing(_ value: Int) { store(value) }
  borrowing func storeSequential(_ value: Int) { store(value) }

  private borrowing func store(_ value: Int) {
    step(.write)
    word.store(value, ordering: .sequentiallyConsistent)
  }

  borrowing func compareExchange(expected: Int, desired: Int) -> (exchanged: Bool, original: Int) {
    step(.write)
    return word.compareExchange(expected: expected, desired: desired, ordering: .sequentiallyConsistent)
  }

  borrowing func exchange(_ value: Int) -> Int {
    step(.write)
    return word.exchange(value, ordering: .sequentiallyConsistent)
  }

  borrowing func add(_ value: Int) -> Int {
    step(.write)
    return word.wrappingAdd(value, ordering: .sequentiallyConsistent).newValue
  }

  static func relax(round: Int) { Explorer.step(Access(address: 0, kind: .wait)) }

  static var patience: Int { 1 }

  /// Blocks of three elements, so that short scripts come to their ends.
  static var lap: Int { 4 }

  @unsafe
  static func allocate(wordCount: Int) -> UnsafeMutablePointer<ExploredWord> {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: wordCount * 8, alignment: 128)
    unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: wordCount * 8)
    Explorer.didAllocate(UInt(bitPattern: memory), byteCount: wordCount * 8)
    return unsafe memory.bindMemory(to: ExploredWord.self, capacity: wordCount)
  }

  /// Memory is kept until the execution is over, so that a late access is found and does no harm.
  @unsafe
  static func deallocate(_ start: UnsafeMutablePointer<ExploredWord>) {
    // An access to all of it: nothing else may come after.
    Explorer.step(
      Access(address: UInt(bitPattern: start), byteCount: Explorer.size(of: UInt(bitPattern: start)), kind: .write))
    Explorer.didFree(UInt(bitPattern: start))
  }

  /// Does at once and in full what the system may do at any time in part.
  @unsafe
  static func discard(_ start: UnsafeMutablePointer<ExploredWord>, wordCount: Int) {
    Explorer.step(Access(address: UInt(bitPattern: start), byteCount: wordCount * 8, kind: .write))
    for index in 0..<wordCount { unsafe start[index].word.store(discarded, ordering: .relaxed) }
  }

  /// What a discarded cell is found to hold; no script uses it.
  static let discarded = -999

  static func keeps(_ rule: Rule) -> Bool { unsafe Explorer.brokenRule != rule }
}

/// What a thread is about to do to a word.
struct Access: Sendable {
  enum Kind: Sendable { case begin, read, write, wait }
  let address: UInt
  var byteCount = 8
  let kind: Kind

  func overlaps(_ other: UInt, byteCount otherCount: Int) -> Bool {
    address < other + UInt(otherCount) && other < address + UInt(byteCount)
  }

  /// Whether the order of the two makes no difference.
  func isIndependent(of other: Access) -> Bool {
    switch (kind, other.kind) {
    case (.begin, _), (_, .begin): true
    case (.wait, .write), (.write, .wait): false
    case (.wait, _), (_, .wait): true
    case (.read, .read): true
    default: !overlaps(other.address, byteCount: other.byteCount)
    }
  }
}
