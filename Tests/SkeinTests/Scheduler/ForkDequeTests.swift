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

    init(capacity: Int, largeRings: LargeRings? = nil) {
      unsafe deque = .allocate(capacity: 1)
      unsafe deque.initialize(to: ForkDeque(capacity: capacity, largeRings: largeRings))
    }

    deinit {
      unsafe deque.pointee.free()
      unsafe deque.deinitialize(count: 1)
      unsafe deque.deallocate()
    }
  }

  /// A cell that stands for a number; nobody looks behind it.
  private func cell(_ number: Int) -> ForkCell { ForkCell(bits: UInt(number + 1) << 4 | UInt(number % 7)) }
  private func number(_ cell: ForkCell) -> Int { Int(cell.bits >> 4) - 1 }

  private func startThieves(
    _ count: Int, of shared: Shared, until finished: Flag, _ take: @escaping @Sendable (ForkDeque.Stolen) -> Void
  ) -> [OutsideThread] {
    (0..<count).map { _ in
      OutsideThread {
        while !finished.isSet {
          if case .stolen(let stolen) = unsafe shared.deque.pointee.steal(accept: { _, _ in true }) { take(stolen) }
        }
      }
    }
  }

  @Test(arguments: [1, 3], [2, 16, 256])
  func everyJobIsTakenOnce(_ thieves: Int, _ capacity: Int) {
    let seed = newSeed()
    let count = isLong ? 5_000_000 : isSanitized ? 20_000 : 50_000
    let shared = Shared(capacity: capacity)
    let marks = Marks(count)
    let finished = Flag()
    let threads = startThieves(thieves, of: shared, until: finished) { stolen in
      if case .fork(let cell) = stolen { marks.mark(number(cell)) }
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
      if case .stolen(.fork(let cell)) = unsafe shared.deque.pointee.steal(accept: {
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

  /// Words that stand for a number, in a way that shows if they were mixed with those of another one.
  private func task(_ number: Int) -> PackedTask {
    let word = UInt(number + 1)
    return PackedTask(function: word, context: ~word, scope: word &* 3, ordinal: word)
  }

  private func number(_ words: PackedTask) -> Int? {
    let number = Int(words.function) - 1
    return words == task(number) ? number : nil
  }

  /// Forks and tasks as a worker pushes them: a stack of scopes and forks, where the tasks of one scope lie above all that is older.
  @Test(arguments: [1, 3], [2, 16, 256])
  func everyTaskIsTakenOnce(_ thieves: Int, _ capacity: Int) {
    let seed = newSeed()
    let count = isLong ? 5_000_000 : isSanitized ? 20_000 : 50_000
    let shared = Shared(capacity: capacity)
    let marks = Marks(count)
    let mixed = Atomic(0)
    let finished = Flag()
    let threads = startThieves(thieves, of: shared, until: finished) { stolen in
      switch stolen {
      case .fork(let cell): marks.mark(number(cell))
      case .task(let words):
        if let number = number(words) { marks.mark(number) } else { mixed.add(1, ordering: .relaxed) }
      }
    }
    var generator = SeededGenerator(seed: seed)
    var next = 0
    // How far the tail has ever come: what lies a ring's length before that may be forgotten.
    var furthest = 0
    /// One scope's body, with forks around further scopes in it.
    func scope(depth: Int) {
      let floor = unsafe shared.deque.pointee.tail
      let outerFloor = unsafe shared.deque.pointee.taskFloor
      unsafe shared.deque.pointee.taskFloor = floor
      for _ in 0..<Int.random(in: 0...20, using: &generator) where next < count {
        if depth < 5, Int.random(in: 0..<3, using: &generator) == 0 {
          let number = next
          next += 1
          let job = cell(number)
          let (index, mightPush) = unsafe (shared.deque.pointee.tail, shared.deque.pointee.mayPushTask)
          let room = unsafe shared.deque.pointee.ring.capacity
          unsafe shared.deque.pointee.push(job)
          furthest = unsafe max(furthest, shared.deque.pointee.tail)
          if Bool.random(using: &generator) { unsafe shared.deque.pointee.expose(.max) }
          scope(depth: depth + 1)
          if unsafe shared.deque.pointee.popPrivate() || shared.deque.pointee.popPublic() {
            marks.mark(number)
          } else {
            unsafe shared.deque.pointee.settle(above: UnsafeMutablePointer(bitPattern: job.bits & ~7)!)
          }
          // A fork that is over is in the way of no task, unless so much lay above it that the ring has forgotten it.
          if mightPush, furthest - index < room, unsafe shared.deque.pointee.ring.capacity == room {
            #expect(unsafe shared.deque.pointee.mayPushTask, "seed \(seed)")
          }
        } else if unsafe shared.deque.pointee.mayPushTask {
          unsafe shared.deque.pointee.push(task(next), isShown: Bool.random(using: &generator))
          furthest = unsafe max(furthest, shared.deque.pointee.tail)
          next += 1
        }
      }
      while let words = unsafe shared.deque.pointee.popTask(above: floor) {
        if let number = number(words) { marks.mark(number) } else { mixed.add(1, ordering: .relaxed) }
      }
      unsafe shared.deque.pointee.taskFloor = outerFloor
      unsafe shared.deque.pointee.settle(above: floor)
    }
    while next < count { scope(depth: 0) }
    finished.set()
    for thread in threads { thread.join() }
    #expect(marks.everyOnce, "seed \(seed)")
    #expect(mixed.load(ordering: .relaxed) == 0, "seed \(seed)")
  }
  /// Owners that need a large ring now and then, and leave it to each other, while thieves still read in it.
  @Test func largeRingsChangeHands() {
    let seed = newSeed()
    let owners = 3
    let count = isLong ? 2_000_000 : isSanitized ? 10_000 : 50_000
    let rings = LargeRings(leastCapacity: 8)
    let deques = (0..<owners).map { _ in Shared(capacity: 2, largeRings: rings) }
    let marks = Marks(owners * count)
    let mixed = Atomic(0)
    let finished = Flag()
    @Sendable func take(_ words: PackedTask) {
      if let number = number(words) { marks.mark(number) } else { mixed.add(1, ordering: .relaxed) }
    }
    let thieves = deques.flatMap { deque in
      startThieves(1, of: deque, until: finished) { stolen in
        if case .task(let words) = stolen { take(words) } else { mixed.add(1, ordering: .relaxed) }
      }
    }
    let threads = deques.enumerated().map { index, shared in
      OutsideThread {
        var generator = SeededGenerator(seed: seed &+ UInt64(index))
        var next = index * count
        let end = next + count
        while next < end {
          let floor = unsafe shared.deque.pointee.tail
          unsafe shared.deque.pointee.taskFloor = floor
          for _ in 0..<Int.random(in: 1...40, using: &generator) where next < end {
            unsafe shared.deque.pointee.push(task(next), isShown: Bool.random(using: &generator))
            next += 1
          }
          while let words = unsafe shared.deque.pointee.popTask(above: floor) { take(words) }
          unsafe shared.deque.pointee.leaveLargeRings()
          if unsafe shared.deque.pointee.looksEmpty { #expect(unsafe shared.deque.pointee.ring.capacity < 8) }
        }
      }
    }
    for thread in threads { thread.join() }
    finished.set()
    for thread in thieves { thread.join() }
    #expect(marks.everyOnce, "seed \(seed)")
    #expect(mixed.load(ordering: .relaxed) == 0, "seed \(seed)")
  }
}
