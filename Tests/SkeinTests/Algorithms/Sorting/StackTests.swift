import Synchronization
import Testing

@testable import Skein

#if os(Linux)
  extension InTurn {
    /// Every algorithm gets along with the smallest stack that a pool can have. (What overflows a stack ends the process.)
    @Suite(.enabled(if: !isSanitized)) struct StackTests {
      @Test func smallElementsOnTheSmallestStack() async {
        expectSilence(
          await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            for threads in [1, 3] {
              try runEverything(threads, elements(600_000)) { Int(truncatingIfNeeded: $0) }
              try runEverything(threads, elements(60_000)) { "key \($0)" }
              try runEverything(threads, elements(60_000)) { Large<7>(Int(truncatingIfNeeded: $0)) }
            }
          })
      }

      @Test func largeElementsOnTheSmallestStack() async {
        expectSilence(
          await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            for threads in [1, 3] {
              try runEverything(threads, elements(10_000)) { Large<15>(Int(truncatingIfNeeded: $0)) }
              try runEverything(threads, elements(10_000)) { Large<511>(Int(truncatingIfNeeded: $0)) }
              try runSorts(threads, elements(3000)) { Large<8191>(Int(truncatingIfNeeded: $0)) }
            }
          })
      }

      /// Pivots that are as bad as an adversary can make them: the deepest recursion.
      @Test func badPivotsOnTheSmallestStack() async {
        expectSilence(
          await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            try runAgainstAdversary()
          })
      }

      @Test func aSmallerStackIsRefused() {
        let minimum = SystemThread.minimumStackSize
        #expect(throws: ThreadPoolError.invalidStackSize(minimum - 1, minimum: minimum)) {
          try ThreadPool(.init(threadCount: 1, stackSize: minimum - 1))
        }
      }
    }
  }

  private struct Large<let count: Int>: Comparable, Sendable {
    let key: Int
    var filling: InlineArray<count, Int>

    init(_ key: Int) {
      self.key = key
      filling = .init(repeating: key)
    }

    static func == (left: Large, right: Large) -> Bool { left.key == right.key }
    static func < (left: Large, right: Large) -> Bool { left.key < right.key }
  }

  private func smallestPool(_ threads: Int) throws -> ThreadPool {
    try ThreadPool(.init(threadCount: threads, stackSize: SystemThread.minimumStackSize))
  }

  private func runAgainstAdversary() throws {
    let pool = try smallestPool(1)
    let count = elements(100_000)
    for isStable in [true, false] {
      let adversary = Adversary(count, seed: 1)
      var array = Array(0..<count)
      pool.run {
        if isStable {
          array.parallel.sort { adversary.precedes($0, $1) }
        } else {
          array.parallel.unstableSort { adversary.precedes($0, $1) }
        }
      }
      precondition(Set(array).count == count)
    }
  }

  /// What is sorted or selected from: on another thread, whose stack is large.
  private func make<Element>(_ count: Int, _ make: (UInt64) -> Element) -> [Element] {
    var generator = SeededGenerator(seed: 42)
    return (0..<count).map { _ in make(generator.next()) }
  }

  private func runSorts<Element: Comparable & Sendable>(
    _ threads: Int, _ count: Int, _ element: (UInt64) -> Element
  ) throws {
    let pool = try smallestPool(threads)
    let elements = make(count, element)
    var array = elements
    pool.run { array.parallel.sort() }
    let sorted = array
    array = elements
    pool.run { array.parallel.sort { $0 < $1 } }
    array = elements
    pool.run { try! array.parallel.sort { (left, right) throws in left < right } }
    array = elements
    pool.run { array.parallel.unstableSort() }
    array = elements
    pool.run { array.parallel.unstableSort { $0 < $1 } }
    array = elements
    pool.run { array.parallel.unstableSort { $0 != $1 } }
    // From here on values of the element's size are handed about, which debug builds copy at each step.
    if MemoryLayout<Element>.size > 1 << 12 { return }
    array = elements
    pool.run { array.parallel.sort(on: { $0 }) }
    precondition(zip(array, sorted).allSatisfy { $0 == $1 })
    array = elements
    pool.run { array.parallel.select(at: count / 2) { $0 < $1 } }
    precondition(array[count / 2] == sorted[count / 2])
    array = elements
    pool.run { array.parallel.select(at: count / 2) { $0 != $1 } }
    pool.run { array.parallel.shuffle(seed: 1) }
    pool.run { array.parallel.reverse() }
    pool.run { array.parallel.rotate(toStartAt: count / 3) }
    pool.run { _ = Array(merging: sorted.parallel, and: sorted.parallel) }
  }

  private func runEverything<Element: Comparable & Sendable>(
    _ threads: Int, _ count: Int, _ element: (UInt64) -> Element
  ) throws {
    try runSorts(threads, count, element)
    let pool = try smallestPool(threads)
    let elements = make(count, element)
    let sorted = elements.sorted()
    let middle = Middle(sorted[count / 2])
    var array = elements
    pool.run { _ = array.parallel.partition { $0 < middle.value } }
    array = elements
    pool.run { array.parallel.stablePartition { $0 < middle.value } }
    pool.run { array.parallel.removeAll { $0 < middle.value } }
    pool.run { precondition(sorted.parallel.isSorted()) }
    pool.run { precondition(elements.parallel.min(count: 10).count == 10) }
    pool.run { precondition(elements.parallel.max(count: count / 3).count == count / 3) }
    pool.run { precondition(Array(elements.parallel.map { $0 }).count == count) }
    pool.run { precondition(Array(elements.parallel.filter { $0 < middle.value }).count < count) }
    pool.run { precondition(elements.parallel.reduce { $0 < $1 ? $0 : $1 } == sorted[0]) }
    pool.run { precondition(elements.parallel.min() == sorted[0]) }
    pool.run { precondition(elements.parallel.first { $0 == middle.value } == middle.value) }
    pool.run { elements.parallel(maximumBatch: 1).forEach { _ in } }
    pool.run { array.parallel.fill(with: middle.value) }
  }

  private final class Middle<Element: Sendable>: Sendable {
    let value: Element
    init(_ value: Element) { self.value = value }
  }
#endif
