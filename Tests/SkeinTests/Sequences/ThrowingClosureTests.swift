import Skein
import Synchronization
import Testing

/// Records of each life that it has ended, and how often.
private final class Register: Sendable {
  private let ends = Mutex<[Int]>([])

  func begin() -> Int {
    ends.withLock {
      $0.append(0)
      return $0.count - 1
    }
  }

  func end(_ life: Int) { ends.withLock { $0[life] += 1 } }

  /// Whether each life that has begun has ended once.
  var everyOnce: Bool { ends.withLock { $0.allSatisfy { $0 == 1 } } }
}

/// A value whose life is registered.
private final class Registered: Sendable, Hashable {
  let value: Int
  let register: Register
  private let life: Int

  init(_ value: Int, _ register: Register) {
    (self.value, self.register) = (value, register)
    life = register.begin()
  }

  deinit { register.end(life) }

  /// A new value with a life of its own.
  func plus(_ number: Int) -> Registered { Registered(value + number, register) }

  static func == (left: Registered, right: Registered) -> Bool { left.value == right.value }
  func hash(into hasher: inout Hasher) { hasher.combine(value) }
}

/// For which values a closure throws.
private struct Refusal: Sendable, CustomStringConvertible {
  let first: Int
  /// Whether it throws for all that come after the first one, too.
  let isLasting: Bool

  func check(_ element: Registered) throws(TestError) { try check(element.value) }

  func check(_ value: Int) throws(TestError) {
    if isLasting ? value >= first : value == first { throw TestError(value) }
  }

  var description: String { isLasting ? "at \(first) and after" : "at \(first)" }
}

extension InTurn {
  /// L3: wherever the closure of an adaptor or of a terminal throws, the error is the first in order, and each element that lived has died
  /// once.
  @Suite struct ThrowingClosureTests {
    private static let count = isSanitized ? 7 : 23

    @Test(arguments: [1, 2, 3], [1, 3, Int.max])
    func atEachPosition(_ threads: Int, _ maximumBatch: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      withTimeout(.seconds(120)) {
        // With one past the end the closure never throws.
        for first in 0...Self.count {
          for isLasting in [false, true] {
            let run = Run(pool: pool, maximumBatch: maximumBatch, refusal: Refusal(first: first, isLasting: isLasting))
            run.adaptors()
            run.terminals()
            run.chunks()
            run.changes()
          }
        }
      }
    }

    /// The table for one pool, one limit of batches, and one position at which closures throw.
    private struct Run {
      let pool: ThreadPool
      let maximumBatch: Int
      let refusal: Refusal

      private typealias Source = ParallelElements<[Registered]>

      /// Runs a loop over elements with lives of their own, and expects its error or its result.
      private func expect<Value: Equatable>(
        _ name: String, _ expected: Value, _ body: (Source, Register) throws(TestError) -> Value
      ) {
        let register = Register()
        do {
          let elements = (0..<count).map { Registered($0, register) }
          check(name, expected) { () throws(TestError) in
            try body(elements.parallel(in: pool, maximumBatch: maximumBatch), register)
          }
        }
        if !register.everyOnce { Issue.record("\(name), thrown \(refusal): a life has not ended, or more than once") }
      }

      /// Runs a loop that changes elements, and expects its error or its result: before the error all are changed, and after it none is lost.
      private func expectChange(
        _ name: String, size: Int = 1, _ expected: [Int], _ body: (inout [Registered]) throws(TestError) -> Void
      ) {
        let register = Register()
        do {
          var array = (0..<count).map { Registered($0, register) }
          check(name, expected) { () throws(TestError) in
            try body(&array)
            return array.map(\.value)
          }
          let done = refusal.first / size * size
          for (offset, element) in array.enumerated()
          where element.value != expected[offset] && (offset < done || element.value != offset) {
            Issue.record("\(name), thrown \(refusal): \(element.value) at \(offset)")
          }
        }
        if !register.everyOnce { Issue.record("\(name), thrown \(refusal): a life has not ended, or more than once") }
      }

      private func check<Value: Equatable>(_ name: String, _ expected: Value, _ body: () throws(TestError) -> Value) {
        do throws(TestError) {
          let value = try body()
          if refusal.first < count { Issue.record("\(name), thrown \(refusal): nothing is thrown") }
          expectEqual(value, expected, name)
        } catch {
          expectEqual(error, TestError(refusal.first), "\(name), thrown \(refusal)")
        }
      }

      func adaptors() {
        let (all, refusal) = (Array(0..<count), refusal)
        expect("unordered.prefix(while:)", all) { (source, _) throws(TestError) in
          try Array(
            source.unordered.prefix { (element) throws(TestError) in
              try refusal.check(element)
              return true
            }.map(\.value))
        }
        // What follows a closure that throws in one chain need not throw.
        expect("map.foldChunks", stride(from: 0, to: count, by: 4).map { 4 * $0 + 6 }.dropLast() + [0]) {
          (source, _) throws(TestError) in
          var sums = try Array(
            source.map { (element) throws(TestError) in
              try refusal.check(element)
              return element.value
            }.foldChunks(ofCount: 4, into: 0) { $0 += $1 })
          sums[sums.count - 1] = 0
          return sums
        }
        expect("map.unordered.prefix(while:)", all) { (source, _) throws(TestError) in
          try Array(
            source.map { (element) throws(TestError) in
              try refusal.check(element)
              return element.value
            }.unordered.prefix { $0 >= 0 })
        }
        expect("filter.unordered.drop(while:)", 0) { (source, _) throws(TestError) in
          try source.filter { $0.value >= 0 }.unordered.drop { (element) throws(TestError) in
            try refusal.check(element)
            return true
          }.count()
        }
        expect("map", all.map { $0 + 1 }) { (source, _) throws(TestError) in
          try Array(
            source.map { (element) throws(TestError) in
              let made = element.plus(1)
              try refusal.check(element)
              return made
            }
          ).map(\.value)
        }
        expect("map(with:)", all.map { $0 + 2 }) { (source, register) throws(TestError) in
          try Array(
            source.map(with: Registered(2, register)) { (element, two) throws(TestError) in
              let made = element.plus(two.value)
              try refusal.check(element)
              return made
            }
          ).map(\.value)
        }
        expect("filter", all.filter { $0 % 3 != 0 }) { (source, _) throws(TestError) in
          try Array(
            source.map { $0.plus(0) }.filter { (element) throws(TestError) in
              try refusal.check(element)
              return element.value % 3 != 0
            }
          ).map(\.value)
        }
        expect("compactMap", all.filter { $0 % 3 != 0 }.map { -$0 }) { (source, _) throws(TestError) in
          try Array(
            source.compactMap { (element) throws(TestError) in
              let made = element.plus(-2 * element.value)
              try refusal.check(element)
              return element.value % 3 == 0 ? nil : made
            }
          ).map(\.value)
        }
        expect("flatMap", all.flatMap { [$0, $0 + 1] }) { (source, _) throws(TestError) in
          try Array(
            source.flatMap { (element) throws(TestError) in
              let made = [element, element.plus(1)]
              try refusal.check(element)
              return made
            }
          ).map(\.value)
        }
        expect("flatMap of which an inner closure throws", all.flatMap { [$0, $0] }) { (source, _) throws(TestError) in
          try Array(
            source.flatMap { [$0.plus(0), $0.plus(0)] }.map { (element) throws(TestError) in
              try refusal.check(element)
              return element.plus(0)
            }
          ).map(\.value)
        }
        // It is called with each element but the first as the second of two.
        if refusal.first > 0 {
          expect("chunked", stride(from: 0, to: count, by: 4).map { Array(all[$0..<min(count, $0 + 4)]) }) {
            (source, _) throws(TestError) in
            let chunks = source.chunked { (_, element) throws(TestError) in
              try refusal.check(element)
              return element.value % 4 != 0
            }
            return try Array(chunks.map { $0.map { $0.plus(0) } }).map { $0.map(\.value) }
          }
        }
      }

      func terminals() {
        let (all, refusal) = (Array(0..<count), refusal)
        expect("reduce(into:)", all) { (source, _) throws(TestError) in
          try source.reduce(into: [Registered]()) { (list, element) throws(TestError) in
            list.append(element.plus(0))
            try refusal.check(element)
          } combine: { (list, others) throws(TestError) in
            list += others
          }.map(\.value)
        }
        expect("reduce", all.reduce(0, +)) { (source, _) throws(TestError) in
          // The left argument is a sum, except for the first element of each block.
          try source.map { (element) throws(TestError) in
            try refusal.check(element)
            return element.plus(0)
          }.reduce { $0.plus($1.value) }!.value
        }
        expect("forEach", count) { (source, _) throws(TestError) in
          let seen = Counter()
          try source.forEach { (element) throws(TestError) in
            let made = element.plus(0)
            try refusal.check(made)
            seen.add()
          }
          return seen.value
        }
        expect("partitioned", [all.filter { $0 % 2 != 0 }, all.filter { $0 % 2 == 0 }]) {
          (source, _) throws(TestError) in
          let (odd, even) = try source.map { $0.plus(0) }.partitioned { (element) throws(TestError) in
            try refusal.check(element)
            return element.value % 2 == 0
          }
          return [odd.map(\.value), even.map(\.value)]
        }
        expect("grouped", Dictionary(grouping: all) { $0 % 3 }) { (source, _) throws(TestError) in
          let groups = try source.map { $0.plus(0) }.grouped { (element) throws(TestError) in
            try refusal.check(element)
            return element.value % 3
          }
          return groups.mapValues { $0.map(\.value) }
        }
        expect("set", Set(all)) { (source, _) throws(TestError) in
          let set = try Set(
            source.map { (element) throws(TestError) in
              try refusal.check(element)
              return element.plus(0)
            })
          return Set(set.map(\.value))
        }
        expect("unzipped", [all, all.map { $0 + 1 }]) { (source, _) throws(TestError) in
          let (first, second) = try source.map { (element) throws(TestError) in
            let pair = (element.plus(0), element.plus(1))
            try refusal.check(element)
            return pair
          }.unzipped()
          return [first.map(\.value), second.map(\.value)]
        }
      }

      /// What throws in a chunk ends it.
      func chunks() {
        let all = Array(0..<count)
        let expected = stride(from: 0, to: count, by: 4).map { Array(all[$0..<Swift.min($0 + 4, count)]) }
        expect("foldChunks", expected) { (source, _) throws(TestError) in
          try Array(
            source.foldChunks(ofCount: 4, into: [Int]()) { (chunk, element) throws(TestError) in
              try refusal.check(element)
              chunk.append(element.value)
            })
        }
      }

      func changes() {
        let (all, refusal) = (Array(0..<count), refusal)
        expectChange("modifyEach", all.map { $0 + 100 }) { (array) throws(TestError) in
          try array.parallel(in: pool, maximumBatch: maximumBatch).modifyEach { (element) throws(TestError) in
            try refusal.check(element)
            element = element.plus(100)
          }
        }
        expectChange("modifyEach(with:)", all.map { 2 * $0 + 100 }) { (array) throws(TestError) in
          try array.parallel(in: pool, maximumBatch: maximumBatch).modifyEach(with: (100..<100 + count).parallel) {
            (element, number) throws(TestError) in
            try refusal.check(element)
            element = element.plus(number)
          }
        }
        expectChange("modifyEach(withScratch:)", all.map { $0 + 100 }) { (array) throws(TestError) in
          let lives = Lives()
          defer { expectEqual(lives.alive, 0, "scratch") }
          try array.parallel(in: pool, maximumBatch: maximumBatch).modifyEach(withScratch: { LifeTracked(100, lives) })
          {
            (scratch, element) throws(TestError) in
            try refusal.check(element)
            element = element.plus(scratch.value)
          }
        }
        expectChange("modifyEach(chunksOf:withScratch:)", size: 4, all.map { $0 + 100 }) { (array) throws(TestError) in
          let lives = Lives()
          defer { expectEqual(lives.alive, 0, "scratch") }
          try array.parallel(in: pool, maximumBatch: maximumBatch).modifyEach(
            chunksOf: 4, withScratch: { LifeTracked(100, lives) }
          ) { (scratch, number, chunk) throws(TestError) in
            for index in chunk.indices {
              try refusal.check(chunk[index])
              expectEqual(chunk[index].value, 4 * number + index, "number of the chunk")
              chunk[index] = chunk[index].plus(scratch.value)
            }
          }
        }
        expectChange("modifyEach(chunksOf:)", size: 4, all.map { $0 + 100 }) { (array) throws(TestError) in
          try array.parallel(in: pool, maximumBatch: maximumBatch).modifyEach(chunksOf: 4) {
            (_, chunk) throws(TestError) in
            for index in chunk.indices {
              try refusal.check(chunk[index])
              chunk[index] = chunk[index].plus(100)
            }
          }
        }
      }

      private var count: Int { ThrowingClosureTests.count }
    }
  }
}
