package import SkeinDeque
import Synchronization

/// A word whose accesses are scheduled by an ``Explorer``, so that it can run the library's own code in every order.
///
/// Either memory orders are ignored, and every sequentially consistent execution is explored; or each load gives all
/// values that its order allows, see ``WeakMemory``.
package struct ExploredWord: SharedWord, ~Copyable {
  private let word: Atomic<Int>

  package init(_ value: Int) { word = Atomic(value) }

  // An atomic lives in memory, not in registers, so that its address says which word it is.
  private var address: UInt { unsafe withUnsafePointer(to: self) { UInt(bitPattern: $0) } }

  package borrowing func loadRelaxed() -> Int { load(.loadRelaxed) }
  package borrowing func loadAcquiring() -> Int { load(.loadAcquiring) }
  package borrowing func loadSequential() -> Int { load(.loadSequential) }

  private borrowing func load(_ method: AccessSite.Method) -> Int {
    Explorer.load(word, at: address, site(method))
  }

  package borrowing func storeRelaxed(_ value: Int) { store(value, .storeRelaxed) }
  package borrowing func storeReleasing(_ value: Int) { store(value, .storeReleasing) }
  package borrowing func storeSequential(_ value: Int) { store(value, .storeSequential) }

  private borrowing func store(_ value: Int, _ method: AccessSite.Method) {
    Explorer.store(value, to: word, at: address, site(method))
  }

  package borrowing func compareExchange(expected: Int, desired: Int) -> (exchanged: Bool, original: Int) {
    let original = Explorer.compareExchange(
      word, at: address, expected: expected, desired: desired, site(.compareExchange))
    return (original == expected, original)
  }

  package borrowing func exchange(_ value: Int) -> Int {
    Explorer.update(word, at: address, site(.exchange)) { _ in value }
  }

  package borrowing func add(_ value: Int) -> Int {
    Explorer.update(word, at: address, site(.add)) { $0 &+ value } &+ value
  }

  /// Named by the place of the word in memory that was allocated at once.
  private borrowing func site(_ method: AccessSite.Method) -> AccessSite? {
    Explorer.namesSites ? AccessSite(Explorer.name(ofWordAt: address), method) : nil
  }

  package static func relax(round: Int) { Explorer.step(Access(address: 0, kind: .wait)) }

  package static var patience: Int { 1 }

  /// Blocks of three elements, so that short scripts come to their ends.
  package static var lap: Int { 4 }

  @unsafe
  package static func allocate(wordCount: Int) -> UnsafeMutablePointer<ExploredWord> {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: wordCount * 8, alignment: 128)
    unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: wordCount * 8)
    Explorer.didAllocate(UInt(bitPattern: memory), byteCount: wordCount * 8)
    return unsafe memory.bindMemory(to: ExploredWord.self, capacity: wordCount)
  }

  /// Memory is kept until the execution is over, so that a late access is found and does no harm.
  @unsafe
  package static func deallocate(_ start: UnsafeMutablePointer<ExploredWord>) {
    // An access to all of it: nothing else may come after.
    Explorer.step(
      Access(address: UInt(bitPattern: start), byteCount: Explorer.size(of: UInt(bitPattern: start)), kind: .write))
    Explorer.didFree(UInt(bitPattern: start))
  }

  /// Does at once and in full what the system may do at any time in part.
  @unsafe
  package static func discard(_ start: UnsafeMutablePointer<ExploredWord>, wordCount: Int) {
    Explorer.step(Access(address: UInt(bitPattern: start), byteCount: wordCount * 8, kind: .write))
    // The system call orders it after all that the thread did before.
    for index in 0..<wordCount {
      unsafe Explorer.setValue(
        discarded, of: start[index].word, at: start[index].address, start[index].site(.storeReleasing), .releases)
    }
  }

  /// What a discarded cell is found to hold; no script uses it.
  private static let discarded = -999

  package static func keeps(_ rule: Rule) -> Bool { Explorer.keeps(rule) }
}
