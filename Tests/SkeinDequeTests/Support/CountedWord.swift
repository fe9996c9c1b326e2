import SkeinDeque
import Testing

/// The machine's word, with a ledger of the memory that is asked for and given back.
///
/// One test at a time uses it, on one thread.
struct CountedWord: SharedWord, ~Copyable {
  private let word: MachineWord

  init(_ value: Int) { word = MachineWord(value) }

  borrowing func loadRelaxed() -> Int { word.loadRelaxed() }
  borrowing func loadAcquiring() -> Int {
    Ledger.interrupt()
    return word.loadAcquiring()
  }
  borrowing func loadSequential() -> Int { word.loadSequential() }
  borrowing func storeRelaxed(_ value: Int) { word.storeRelaxed(value) }
  borrowing func storeReleasing(_ value: Int) { word.storeReleasing(value) }
  borrowing func storeSequential(_ value: Int) { word.storeSequential(value) }
  borrowing func compareExchange(expected: Int, desired: Int) -> (exchanged: Bool, original: Int) {
    word.compareExchange(expected: expected, desired: desired)
  }
  borrowing func exchange(_ value: Int) -> Int { word.exchange(value) }
  borrowing func add(_ value: Int) -> Int { word.add(value) }

  static func relax(round: Int) {}
  static var patience: Int { MachineWord.patience }
  static var lap: Int { MachineWord.lap }

  @unsafe
  static func allocate(wordCount: Int) -> UnsafeMutablePointer<CountedWord> {
    let memory = unsafe UnsafeMutableRawPointer(MachineWord.allocate(wordCount: wordCount))
    unsafe Ledger.sizes[UInt(bitPattern: memory)] = wordCount
    unsafe Ledger.allocations += 1
    return unsafe memory.bindMemory(to: CountedWord.self, capacity: wordCount)
  }

  @unsafe
  static func deallocate(_ start: UnsafeMutablePointer<CountedWord>) {
    expect(unsafe Ledger.sizes.removeValue(forKey: UInt(bitPattern: start)) != nil, "freed twice")
    unsafe UnsafeMutableRawPointer(start).deallocate()
  }

  @unsafe
  static func discard(_ start: UnsafeMutablePointer<CountedWord>, wordCount: Int) {
    expectEqual(unsafe Ledger.sizes[UInt(bitPattern: start)], wordCount)
    unsafe Ledger.discarded.insert(UInt(bitPattern: start))
  }

  static func keeps(_ rule: Rule) -> Bool { true }
}

/// What words were allocated and not freed, and which of them were discarded at some time.
///
/// SAFETY: only `MemoryTests` uses it, one test after the other, on the test's own thread.
enum Ledger {
  nonisolated(unsafe) static var sizes: [UInt: Int] = [:]
  nonisolated(unsafe) static var discarded: Set<UInt> = []
  nonisolated(unsafe) static var allocations = 0
  /// Runs once, in the middle of what next acquires a word: as if that thread were descheduled meanwhile.
  nonisolated(unsafe) static var interruption: (() -> Void)?

  /// Words that have addresses.
  static var addressed: Int { unsafe sizes.values.reduce(0, +) }
  /// Words that were not discarded either.
  static var held: Int { unsafe sizes.reduce(0) { unsafe $0 + (discarded.contains($1.key) ? 0 : $1.value) } }

  static func restart() {
    unsafe (sizes, discarded, allocations, interruption) = ([:], [], 0, nil)
  }

  static func interrupt() {
    guard let body = unsafe interruption else { return }
    unsafe interruption = nil
    body()
  }
}
