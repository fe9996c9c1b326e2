import InterleavingExplorer
import SkeinDeque
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What memory a deque holds, counted word by word, and as the system counts it.
@Suite(.serialized) struct MemoryTests {
  typealias Owner = OwnerEnd<Int, CountedWord>
  typealias Thief = ThiefEnd<Int, CountedWord>
  typealias Queue = InjectionCore<Int, CountedWord>

  /// The owner as an interruption can reach it.
  final class Shared {
    var owner: Owner
    init(_ order: DequeOrder) { owner = Owner(order: order, minimumCapacity: 64) }
    var thief: Thief { Thief(owner.control) }
  }

  /// All arrays together have less than twice the addresses of the largest, however often it grows and shrinks.
  @Test(arguments: DequeOrder.allCases)
  func arraysAreBoundedByTwiceTheLargest(order: DequeOrder) {
    Ledger.restart()
    do {
      let shared = Shared(order)
      let control = Ledger.addressed - 64
      for _ in 0..<5 {
        for number in 0..<10_000 { shared.owner.push(number) }
        while shared.owner.pop() != nil {}
        shared.owner.shrinkToFit()
      }
      expectEqual(shared.owner.capacity, 64)
      expect(Ledger.addressed - control < 2 * 16_384)
      // One for each capacity from 64 to 16 384, and the indices.
      expectEqual(unsafe Ledger.allocations, 10)
    }
    expectEqual(Ledger.addressed, 0)
  }

  /// Thieves have taken everything: all but the smallest array was handed back.
  @Test(arguments: DequeOrder.allCases)
  func drainedByThieves(order: DequeOrder) {
    Ledger.restart()
    do {
      let shared = Shared(order)
      let atFirst = Ledger.held
      let count = isSanitized ? 10_000 : 100_000
      for number in 0..<count { shared.owner.push(number) }
      expect(Ledger.held >= count)
      while !shared.thief.steal().isEmpty {}
      for _ in 0..<40 { expect(shared.owner.pop() == nil) }
      expectEqual(shared.owner.capacity, 64)
      expect(Ledger.held <= atFirst)
    }
    expectEqual(Ledger.addressed, 0)
  }

  /// A thief that stops in the middle of a theft holds back nothing, and finds out afterwards that what it read is void.
  @Test(arguments: DequeOrder.allCases)
  func aStalledThiefHoldsBackNoMemory(order: DequeOrder) {
    // The thief acquires the tag, then the cell.
    for stop in 1...2 {
      Ledger.restart()
      let shared = Shared(order)
      let atFirst = Ledger.held
      for number in 0..<10_000 { shared.owner.push(number) }
      for _ in 0..<9_990 { _ = shared.thief.steal() }
      let discard = {
        shared.owner.shrinkToFit()
        expectEqual(shared.owner.capacity, 64)
        expect(Ledger.held <= atFirst)
      }
      unsafe Ledger.interruption = stop == 1 ? discard : { unsafe Ledger.interruption = discard }
      let result = shared.thief.steal()
      expectEqual(result, stop == 1 ? .success(9_990) : .retry)
    }
  }

  /// A queue frees its blocks as they are emptied, all but one, and allocates none while few elements wait.
  @Test func anInjectionQueueFreesItsBlocks() {
    Ledger.restart()
    let queue = Queue()
    let atFirst = Ledger.held
    for number in 0..<10_000 { queue.push(number) }
    expect(Ledger.held > 20_000)
    while !queue.steal().isEmpty {}
    // The indices, the block in use and the spare one.
    expect(Ledger.held < 2 * atFirst)
    let before = unsafe Ledger.allocations
    for number in 0..<1000 {
      queue.push(number)
      _ = queue.steal()
    }
    expect(unsafe Ledger.allocations <= before + 1)
    queue.destroy()
    expectEqual(Ledger.addressed, 0)
  }

  #if os(Linux)
    /// The system gets the memory back: what the process has resident grows by the peak and shrinks again.
    @Test(.enabled(if: !isSanitized))
    func residentMemory() async {
      await #expect(processExitsWith: .success) { drainByThieves(.lifo) }
      await #expect(processExitsWith: .success) { drainByThieves(.fifo) }
    }
  #endif
}

#if os(Linux)
  /// Ends the process if a deque that thieves have drained still has its memory.
  private func drainByThieves(_ order: DequeOrder) {
    var deque = WorkStealingDeque<Int>(order: order)
    let stealer = deque.stealer
    let atFirst = residentBytes()
    // An array of 8 MiB.
    for number in 0..<800_000 { deque.push(number) }
    check(residentBytes() - atFirst > 5 << 20, "The array is not resident")
    while !stealer.steal().isEmpty {}
    check(residentBytes() - atFirst > 5 << 20, "Thieves gave memory back")
    for _ in 0..<100 { check(deque.pop() == nil, "Thieves left something") }
    check(residentBytes() - atFirst < 2 << 20, "The memory was not given back")
    check(stealer.isEmpty, "Something came back")
  }

  private func check(_ condition: Bool, _ message: String) {
    if !condition { fatalError(message) }
  }

  /// What this process has in memory.
  private func residentBytes() -> Int {
    guard let file = unsafe fopen("/proc/self/statm", "r") else { return 0 }
    defer { _ = unsafe fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    guard unsafe fgets(&line, 256, file) != nil else { return 0 }
    let numbers = String(decoding: line.map { UInt8(bitPattern: $0) }, as: UTF8.self).split(separator: " ")
    return (Int(numbers[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
  }
#endif
