import Synchronization
import Testing

@testable import Skein

/// One owner and some thieves: every job is taken once.
@Suite struct ForkDequeTests {
  /// A deque at a fixed address, as in a worker.
  @safe
  private final class Shared: @unchecked Sendable {
    // SAFETY (`@safe`, `@unchecked Sendable`): freed when nobody has it any more; the owner's end is used by one thread, the thieves' end by the others.
    let deque: UnsafeMutablePointer<ForkDeque>

    init(capacity: Int) {
      unsafe deque = .allocate(capacity: 1)
      unsafe deque.initialize(to: ForkDeque(capacity: capacity))
    }

    deinit {
      unsafe deque.pointee.free()
      unsafe deque.deinitialize(count: 1)
      unsafe deque.deallocate()
    }
  }

  /// A cell that stands for a number; nobody looks behind it.
  private func cell(_ number: Int) -> ForkCell { ForkCell(bits: UInt(number + 1) << 4 | UInt(number & 7)) }
  private func number(_ cell: ForkCell) -> Int { Int(cell.bits >> 4) - 1 }

  @Test(arguments: [1, 3], [2, 16, 256])
  func everyJobIsTakenOnce(_ thieves: Int, _ capacity: Int) {
    let seed = newSeed()
    let count = isLong ? 5_000_000 : isSanitized ? 20_000 : 50_000
    let shared = Shared(capacity: capacity)
    let marks = Marks(count)
    let finished = Flag()
    let threads = (0..<thieves).map { _ in
      OutsideThread {
        while !finished.isSet {
          let result = unsafe shared.deque.pointee.steal { _, _ in true }
          if case .stolen(let cell) = result { marks.mark(number(cell)) }
        }
      }
    }
    var generator = SeededGenerator(seed: seed)
    // The owner knows what lies in the private part, as a forking worker does by its frames.
    var stack: [Int] = []
    var next = 0
    while next < count || !stack.isEmpty {
      switch Int.random(in: 0..<8, using: &generator) {
      case 0...3:
        guard next < count else { fallthrough }
        unsafe shared.deque.pointee.push(cell(next))
        stack.append(next)
        next += 1
      case 4...6:
        guard let newest = stack.last else { continue }
        if unsafe shared.deque.pointee.popPrivate() || shared.deque.pointee.popPublic() {
          stack.removeLast()
          marks.mark(newest)
        } else {
          // Stolen, and with it all that is older.
          stack.removeAll()
          #expect(unsafe shared.deque.pointee.looksEmpty)
        }
      default:
        unsafe shared.deque.pointee.expose(Int.random(in: 1...4, using: &generator))
      }
    }
    finished.set()
    for thread in threads { thread.join() }
    #expect(marks.everyOnce, "seed \(seed)")
  }

  @Test func aThiefTakesTheOldestAndAsksFirst() {
    let shared = Shared(capacity: 4)
    for number in 1...10 { unsafe shared.deque.pointee.push(cell(number)) }
    #expect(unsafe shared.deque.pointee.looksEmpty)
    unsafe shared.deque.pointee.expose(2)
    #expect(unsafe shared.deque.pointee.publicCount == 2)
    if case .refused = unsafe shared.deque.pointee.steal(accept: { _, _ in false }) {
    } else {
      Issue.record("not refused")
    }
    for expected in 1...2 {
      if case .stolen(let cell) = unsafe shared.deque.pointee.steal(accept: {
        $0 == expected - 1 && number($1) == expected
      }) {
        #expect(number(cell) == expected)
      } else {
        Issue.record("not stolen")
      }
    }
    if case .empty = unsafe shared.deque.pointee.steal(accept: { _, _ in true }) {} else { Issue.record("not empty") }
    for _ in 3...10 { #expect(unsafe shared.deque.pointee.popPrivate()) }
    #expect(unsafe !shared.deque.pointee.popPrivate())
    #expect(unsafe shared.deque.pointee.looksEmpty)
  }
}
