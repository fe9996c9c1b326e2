import SkeinDeque
import Synchronization

/// A word whose accesses are scheduled by an ``Explorer``, so that it can run the library's own code in every order.
///
/// Either memory orders are ignored, and every sequentially consistent execution is explored; or each load gives all
/// values that its order allows, see ``WeakMemory``.
struct ExploredWord: SharedWord, ~Copyable {
  private let word: Atomic<Int>

  init(_ value: Int) { word = Atomic(value) }

  // An atomic lives in memory, not in registers, so that its address says which word it is.
  private var address: UInt { unsafe withUnsafePointer(to: self) { UInt(bitPattern: $0) } }

  borrowing func loadRelaxed() -> Int { load(.loadRelaxed) }
  borrowing func loadAcquiring() -> Int { load(.loadAcquiring) }
  borrowing func loadSequential() -> Int { load(.loadSequential) }

  private borrowing func load(_ method: AccessSite.Method) -> Int {
    Explorer.step(Access(address: address, kind: .read))
    return Explorer.load(address, latest: word.load(ordering: .sequentiallyConsistent), method)
  }

  borrowing func storeRelaxed(_ value: Int) { store(value, .storeRelaxed) }
  borrowing func storeReleasing(_ value: Int) { store(value, .storeReleasing) }
  borrowing func storeSequential(_ value: Int) { store(value, .storeSequential) }

  private borrowing func store(_ value: Int, _ method: AccessSite.Method) {
    Explorer.step(Access(address: address, kind: .write))
    setValue(value, method)
  }

  private borrowing func setValue(_ value: Int, _ method: AccessSite.Method) {
    let before = word.exchange(value, ordering: .sequentiallyConsistent)
    Explorer.didStore(address, before: before, after: value, method)
  }

  borrowing func compareExchange(expected: Int, desired: Int) -> (exchanged: Bool, original: Int) {
    Explorer.step(Access(address: address, kind: .write))
    let result = word.compareExchange(expected: expected, desired: desired, ordering: .sequentiallyConsistent)
    Explorer.didUpdate(
      address, before: result.original, after: result.exchanged ? desired : nil, .compareExchange)
    return result
  }

  borrowing func exchange(_ value: Int) -> Int {
    Explorer.step(Access(address: address, kind: .write))
    let before = word.exchange(value, ordering: .sequentiallyConsistent)
    Explorer.didUpdate(address, before: before, after: value, .exchange)
    return before
  }

  borrowing func add(_ value: Int) -> Int {
    Explorer.step(Access(address: address, kind: .write))
    let result = word.wrappingAdd(value, ordering: .sequentiallyConsistent)
    Explorer.didUpdate(address, before: result.oldValue, after: result.newValue, .add)
    return result.newValue
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
    // The system call orders it after all that the thread did before.
    for index in 0..<wordCount { unsafe start[index].setValue(discarded, .storeReleasing) }
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
