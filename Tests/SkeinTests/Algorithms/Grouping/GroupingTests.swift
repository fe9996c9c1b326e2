import Testing

@testable import Skein

/// A key whose hash values nearly all collide.
private struct Crowded: Hashable {
  let number: Int
  func hash(into hasher: inout Hasher) { hasher.combine(number & 3) }
}

extension InTurn {
  /// Sets, dictionaries and groups, of so few elements that they are inserted as they come, and of so many that they are dealt out first.
  @Suite struct GroupingTests {
    /// From here on keys are dealt out to the threads.
    private var many: Int { 1 << 17 }
    /// From here on distinct keys are inserted in the order of the table.
    private var veryMany: Int { 1 << 19 }

    private func inputs(_ label: String = #function) -> [[Int]] {
      var generator = SeededGenerator(seed: newSeed(label))
      let counts = isSanitized ? [1, 1000, many] : [0, 1, 1000, many + 1]
      return counts.flatMap { count in
        // A sanitizer takes long for so many.
        (isSanitized && count == many ? [5000] : [4, 5000, Int.max]).map { distinct in
          (0..<count).map { _ in Int.random(in: 0..<distinct, using: &generator) }
        }
      }
    }

    @Test(arguments: fewThreadCounts) func setsAndDictionaries(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for input in inputs() {
        #expect(Set(input.parallel(in: pool)) == Set(input))
        let pairs = input.enumerated().map { ($1, $0) }
        #expect(
          Dictionary(pairs.parallel(in: pool)) { $0 &* 31 &+ $1 } == Dictionary(pairs) { $0 &* 31 &+ $1 })
        #expect(
          input.indices.parallel(in: pool).keyed { input[$0] } == Dictionary(pairs, uniquingKeysWith: { $1 }))
        let distinct = Array(Set(input))
        #expect(
          Dictionary(uniqueKeysWithValues: distinct.parallel(in: pool).map { ($0, -$0) })
            == Dictionary(uniqueKeysWithValues: distinct.map { ($0, -$0) }))
      }
    }

    @Test(.enabled(if: !isSanitized)) func veryManyDistinctKeys() throws {
      let pool = try ThreadPool(threadCount: 2)
      let keys = (0..<veryMany + 7).map { $0 &* 2_654_435_761 }
      #expect(Set(keys.parallel(in: pool)) == Set(keys))
      let squares = Dictionary(uniqueKeysWithValues: keys.map { ($0, $0 &* $0) })
      #expect(Dictionary(uniqueKeysWithValues: keys.parallel(in: pool).map { ($0, $0 &* $0) }) == squares)
      #expect(keys.parallel(in: pool).map { ($0, $0 &* $0) }.keyed { $0.0 }.mapValues(\.1) == squares)
    }

    /// So many that a table seems to be of no use until it is clear that they come again.
    @Test(.enabled(if: !isSanitized)) func keysThatComeAgainLate() throws {
      let pool = try ThreadPool(threadCount: 2)
      let count = 1_200_000
      // The first two thirds are distinct.
      let counts = (0..<count).parallel(in: pool, minimumBatch: count).map { $0 % 800_000 }.counts()
      #expect(counts.count == 800_000)
      #expect((0..<800_000).allSatisfy { counts[$0] == ($0 < 400_000 ? 2 : 1) })
      let lists = (0..<count).parallel(in: pool, minimumBatch: count).map { $0 % 800_000 }
        .grouped(by: { $0 }, reducing: { [$0] }, combine: +)
      #expect(lists.count == 800_000)
      #expect(lists.allSatisfy { $0.value == Array(repeating: $0.key, count: $0.key < 400_000 ? 2 : 1) })
    }

    @Test(arguments: fewThreadCounts) func groups(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for input in inputs() {
        let positions = input.indices.parallel(in: pool)
        let expected = Dictionary(grouping: input.indices) { input[$0] }
        #expect(positions.grouped { input[$0] } == expected)
        // Not a commutative operation: the order of the elements shows.
        let first = positions.grouped(by: { input[$0] }, reducing: { [$0] }, combine: { ($0 + $1).suffix(3) })
        #expect(first == expected.mapValues { $0.suffix(3) })
        #expect(input.parallel(in: pool).counts() == expected.mapValues(\.count))
        let sorted = positions.sortedGroups { input[$0] }
        #expect(sorted.map(\.key) == expected.keys.sorted())
        #expect(sorted.allSatisfy { expected[$0.key] == $0.value })
      }
    }

    /// Sums by key are associated in the same way however many threads there are, and in whatever pieces they run.
    @Test(arguments: isSanitized ? [10_000] : [1000, 150_000]) func sumsHaveTheSameBits(_ count: Int) throws {
      let amounts = (0..<count).map { Double($0 &* 2_654_435_761 % 1_000_003) * 0.01 }
      for keyCount in [3, 1000, Int.max] {
        func bits<P: ParallelSequence<Int, Never>>(_ places: P) -> [Int: UInt64] {
          places.grouped(by: { $0 &* 7919 % keyCount }, reducing: { amounts[$0] }, combine: +).mapValues(\.bitPattern)
        }
        let one = try ThreadPool(threadCount: 1)
        let expected = bits((0..<count).parallel(in: one))
        let expectedOfPlain = bits(Pulled(count).parallel(in: one))
        #expect(expected.count == min(count, keyCount))
        #expect(expectedOfPlain.keys == expected.keys)
        for threads in [2, 8] {
          let pool = try ThreadPool(threadCount: threads)
          for maximumBatch in [1, .max] {
            #expect(bits((0..<count).parallel(in: pool, maximumBatch: maximumBatch)) == expected)
          }
          #expect(bits(Pulled(count).parallel(in: pool)) == expectedOfPlain)
        }
      }
    }

    @Test(arguments: fewThreadCounts) func uniqued(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for input in inputs() {
        var seen: Set<Int> = []
        let firsts = input.indices.filter { seen.insert(input[$0]).inserted }
        #expect(input.parallel(in: pool).uniqued() == firsts.map { input[$0] })
        #expect(input.indices.parallel(in: pool).uniqued { input[$0] } == firsts)
      }
    }

    /// Of equal elements the first one stays in a set, and in dictionaries the first key.
    @Test(arguments: fewThreadCounts) func equalElementsThatCanBeToldApart(_ threads: Int) throws {
      struct Name: Hashable {
        let text: Int
        let place: Int
        static func == (left: Name, right: Name) -> Bool { left.text == right.text }
        func hash(into hasher: inout Hasher) { hasher.combine(text) }
      }
      let pool = try ThreadPool(threadCount: threads)
      for distinct in isSanitized ? [40_000] : [3, 7000, 40_000] {
        let names = (0..<many * 3 / 2).map { Name(text: $0 &* 7919 % distinct, place: $0) }
        let set = Set(names.parallel(in: pool))
        #expect(set.allSatisfy { $0.place < distinct } && set.count == distinct)
        #expect(names.parallel(in: pool).uniqued().allSatisfy { $0.place < distinct })
        #expect(names.parallel(in: pool).counts().keys.allSatisfy { $0.place < distinct })
      }
    }

    @Test(arguments: fewThreadCounts) func collidingHashValues(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let keys = (0..<3000).map { Crowded(number: $0 % 1500) }
      #expect(Set(keys.parallel(in: pool)) == Set(keys))
      #expect(keys.parallel(in: pool).uniqued() == Array(keys.prefix(1500)))
      #expect(keys.parallel(in: pool).counts().values.allSatisfy { $0 == 2 })
    }

    /// Elements are destroyed exactly once, in tables and out of them.
    @Test(arguments: fewThreadCounts) func nothingIsLostOrLeaked(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for distinct in isSanitized ? [many * 2] : [10, many * 2] {
        withLives(Array(0..<many * 5 / 4)) { array in
          let objects = array
          let expected = min(distinct, objects.count)
          #expect(Set(objects.parallel(in: pool).map { ObjectIdentifier($0) }).count == objects.count)
          let groups = objects.parallel(in: pool).grouped { $0.value % distinct }
          #expect(groups.values.reduce(0) { $0 + $1.count } == objects.count)
          #expect(objects.parallel(in: pool).keyed { $0.value % distinct }.count == expected)
          #expect(objects.parallel(in: pool).uniqued { $0.value % distinct }.count == expected)
          let pairs = objects.parallel(in: pool).map { ($0.value % distinct, $0) }
          #expect(Dictionary(pairs) { $1 }.count == expected)
        }
      }
    }

    @Test(arguments: fewThreadCounts) func anErrorComesOut(_ threads: Int) throws {
      struct Refused: Error, Equatable { let number: Int }
      let pool = try ThreadPool(threadCount: threads)
      let numbers = (0..<20_000).parallel(in: pool)
      let key: @Sendable (Int) throws(Refused) -> Int = { (number) throws(Refused) in
        if number >= 12_345 { throw Refused(number: number) }
        return number
      }
      #expect(throws: Refused(number: 12_345)) { try numbers.grouped(by: key, reducing: { $0 }, combine: +) }
      #expect(throws: Refused(number: 12_345)) { try numbers.uniqued(on: key) }
      #expect(throws: Refused(number: 12_345)) { try numbers.sortedGroups(by: key) }
    }

    @Test func keysThatAreNotNumbersAreOneGroup() {
      let groups = [2.0, .nan, 1, -.nan, 2].parallel.sortedGroups { $0 }
      #expect(groups.map(\.value.count) == [1, 2, 2])
      #expect(groups[2].key.isNaN)
    }
  }
}
