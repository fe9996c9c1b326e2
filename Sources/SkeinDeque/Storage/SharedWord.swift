public import Synchronization

/// A word in memory that several threads access at once: the interface of this module's algorithms to atomics.
///
/// Each memory order is a method of its own, so that an order can never be a run-time value. The library uses
/// ``MachineWord``; a test may substitute a word that schedules every access.
@usableFromInline
package protocol SharedWord: ~Copyable {
  init(_ value: Int)

  borrowing func loadRelaxed() -> Int
  borrowing func loadAcquiring() -> Int
  /// Takes part in the one total order of all sequentially consistent accesses.
  borrowing func loadSequential() -> Int

  borrowing func storeRelaxed(_ value: Int)
  borrowing func storeReleasing(_ value: Int)
  borrowing func storeSequential(_ value: Int)

  /// Strong (it fails only when the value differs) and sequentially consistent; acquires on failure.
  borrowing func compareExchange(expected: Int, desired: Int) -> (exchanged: Bool, original: Int)
  /// Acquires and releases.
  borrowing func exchange(_ value: Int) -> Int
  /// Acquires and releases; returns the new value.
  borrowing func add(_ value: Int) -> Int

  /// Lets another thread run, in a loop that waits for it: `round` counts the loop's iterations.
  static func relax(round: Int)

  /// How many times a thief of an injection queue checks for a pusher that is late.
  static var patience: Int { get }

  /// The difference between the indices of an injection queue from one block to the next, a power of two.
  static var lap: Int { get }

  /// Allocates that many words, all zero.
  @unsafe
  static func allocate(wordCount: Int) -> UnsafeMutablePointer<Self>

  @unsafe
  static func deallocate(_ start: UnsafeMutablePointer<Self>)

  /// Announces that `wordCount` words from `start` on are not needed until they are written again; late readers may
  /// still read them.
  @unsafe
  static func discard(_ start: UnsafeMutablePointer<Self>, wordCount: Int)

  /// Returns whether to keep a rule of the algorithms: always, except in tests of the tests.
  static func keeps(_ rule: Rule) -> Bool
}

/// An atomic word of the machine.
@frozen
@usableFromInline
package struct MachineWord: SharedWord, ~Copyable {
  @usableFromInline
  let word: Atomic<Int>

  @inlinable @inline(__always)
  package init(_ value: Int) { word = Atomic(value) }

  @inlinable @inline(__always)
  package borrowing func loadRelaxed() -> Int { word.load(ordering: .relaxed) }

  @inlinable @inline(__always)
  package borrowing func loadAcquiring() -> Int { word.load(ordering: .acquiring) }

  @inlinable @inline(__always)
  package borrowing func loadSequential() -> Int { word.load(ordering: .sequentiallyConsistent) }

  @inlinable @inline(__always)
  package borrowing func storeRelaxed(_ value: Int) { word.store(value, ordering: .relaxed) }

  @inlinable @inline(__always)
  package borrowing func storeReleasing(_ value: Int) { word.store(value, ordering: .releasing) }

  @inlinable @inline(__always)
  package borrowing func storeSequential(_ value: Int) {
    #if arch(x86_64)
      // Such a store is compiled to an atomic exchange, which waits for the word's cache line with the line locked. A
      // fence is a locked access of the stack, which no other processor has, and the line arrives while the store waits
      // in its buffer. Nothing is lost: no access before the store can come after it, none after the fence before it,
      // and all stores are seen in one order here.
      word.store(value, ordering: .releasing)
      atomicMemoryFence(ordering: .sequentiallyConsistent)
    #else
      word.store(value, ordering: .sequentiallyConsistent)
    #endif
  }

  @inlinable @inline(__always)
  package borrowing func compareExchange(expected: Int, desired: Int) -> (exchanged: Bool, original: Int) {
    word.compareExchange(
      expected: expected, desired: desired, successOrdering: .sequentiallyConsistent, failureOrdering: .acquiring)
  }

  @inlinable @inline(__always)
  package borrowing func exchange(_ value: Int) -> Int { word.exchange(value, ordering: .acquiringAndReleasing) }

  @inlinable @inline(__always)
  package borrowing func add(_ value: Int) -> Int {
    word.wrappingAdd(value, ordering: .acquiringAndReleasing).newValue
  }

  @inlinable
  package static func relax(round: Int) {
    if round & 63 == 63 { yieldProcessor() }
  }

  @inlinable
  package static var patience: Int { 128 }

  @inlinable
  package static var lap: Int { 64 }

  @inlinable
  @unsafe
  package static func allocate(wordCount: Int) -> UnsafeMutablePointer<MachineWord> {
    let byteCount = wordCount &* MemoryLayout<Int>.stride
    // Aligned to two cache lines, as processors fetch lines in pairs.
    let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 128)
    unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    return unsafe memory.bindMemory(to: MachineWord.self, capacity: wordCount)
  }

  @inlinable
  @unsafe
  package static func deallocate(_ start: UnsafeMutablePointer<MachineWord>) {
    unsafe UnsafeMutableRawPointer(start).deallocate()
  }

  @inlinable
  @unsafe
  package static func discard(_ start: UnsafeMutablePointer<MachineWord>, wordCount: Int) {
    unsafe discardPages(of: UnsafeMutableRawPointer(start), byteCount: wordCount &* MemoryLayout<Int>.stride)
  }

  @inlinable @inline(__always)
  package static func keeps(_ rule: Rule) -> Bool { true }
}
