import Skein
import Testing

extension InTurn {
  @Suite struct SortedSetsTests {
    /// Keeps elements one by one, as the standard algorithms of C++ do.
    private func sequential(
      _ first: [Placed], _ second: [Placed], first keepsFirst: Bool, second keepsSecond: Bool, both keepsBoth: Bool
    ) -> [Placed] {
      var result: [Placed] = []
      var (left, right) = (first[...], second[...])
      while let a = left.first, let b = right.first {
        if a.key < b.key {
          if keepsFirst { result.append(a) }
          left.removeFirst()
        } else if b.key < a.key {
          if keepsSecond { result.append(b) }
          right.removeFirst()
        } else {
          if keepsBoth { result.append(a) }
          left.removeFirst()
          right.removeFirst()
        }
      }
      return result + (keepsFirst ? Array(left) : []) + (keepsSecond ? Array(right) : [])
    }

    private func placed(_ values: ArraySlice<Int>, from place: Int) -> [Placed] {
      values.sorted().enumerated().map { Placed(key: $1, place: place + $0) }
    }

    @Test func asTheSequentialOperations() throws {
      try withInputs(upTo: 100, and: [1025, 60_000]) { pool, values, label in
        for cut in Set([0, values.count / 10, values.count / 2]) where cut <= values.count {
          let first = placed(values[..<cut], from: 0)
          let second = placed(values[cut...], from: 1_000_000)
          let source = first.parallel(in: pool)
          let other = second.parallel
          #expect(
            source.setUnion(other) { $0.key < $1.key }
              == sequential(first, second, first: true, second: true, both: true), "\(cut), \(label)")
          #expect(
            source.setIntersection(other) { $0.key < $1.key }
              == sequential(first, second, first: false, second: false, both: true), "\(cut), \(label)")
          #expect(
            source.setDifference(other) { $0.key < $1.key }
              == sequential(first, second, first: true, second: false, both: false), "\(cut), \(label)")
          #expect(
            source.setSymmetricDifference(other) { $0.key < $1.key }
              == sequential(first, second, first: true, second: true, both: false), "\(cut), \(label)")
        }
      }
    }

    /// Elements that are not bitwise copyable, of which some occur several times.
    @Test(arguments: inPlaceThreadCounts) func referencesAreKeptAndReleased(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let lives = Lives()
      do {
        let first = (0..<20_000).map { LifeTracked($0 / 3, lives) }
        let second = (0..<20_000).map { LifeTracked($0 / 2, lives) }
        let source = first.parallel(in: pool)
        let expected = (union: 26_666, intersection: 13_334, difference: 6666)
        let union = source.setUnion(second.parallel) { $0.value < $1.value }
        #expect(union.count == expected.union)
        #expect(union.parallel.isSorted { $0.value < $1.value })
        #expect(source.setIntersection(second.parallel) { $0.value < $1.value }.count == expected.intersection)
        #expect(source.setDifference(second.parallel) { $0.value < $1.value }.count == expected.difference)
      }
      #expect(lives.alive == 0)
    }

    @Test(arguments: inPlaceThreadCounts) func sequencesThatAreNotInMemory(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let evens = (0..<5000).parallel(in: pool).map { $0 * 2 }
      let threes = (0..<10_000).parallel.filter { $0 % 3 == 0 }
      #expect(evens.setIntersection(threes) == (0..<10_000).filter { $0 % 6 == 0 })
      #expect(evens.setUnion(threes) == (0..<10_000).filter { $0 % 2 == 0 || $0 % 3 == 0 })
      #expect([1.0, 2, .nan].parallel.setDifference([2.0].parallel).map(\.isNaN) == [false, true])
    }

    /// A minimum batch counts elements, not the blocks that they are cut into.
    @Test(arguments: inPlaceThreadCounts) func limitsOfBatches(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let evens = (0..<20_000).map { $0 * 2 }
      let threes = (0..<20_000).map { $0 * 3 }
      let expected = Set(evens).intersection(threes).sorted()
      for minimum in [1, 5000, .max] {
        let source = evens.parallel(in: pool, minimumBatch: minimum, maximumInFlight: 2)
        #expect(source.setIntersection(threes.parallel) == expected)
        #expect(source.firstRange(of: [30_000, 30_002]) == 15_000..<15_002)
      }
    }

    /// What comes out of sequences that are not sorted is not said, but no element comes out twice.
    @Test(arguments: inPlaceThreadCounts) func noMoreElementsThanThereWere(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      var random = SeededGenerator(seed: newSeed())
      for count in [1000, 100_000] {
        let first = (0..<count).map { Placed(key: Int.random(in: 0..<1 << 40, using: &random), place: $0) }
        let second = (0..<count).map { Placed(key: Int.random(in: 0..<1 << 40, using: &random), place: count + $0) }
        let union = first.parallel(in: pool).setUnion(second.parallel) { $0.key < $1.key }
        #expect(Set(union.map(\.place)).count == union.count)
      }
    }

    @Test func theSameErrorAndNoLeak() throws {
      let keys = (0..<30_000).map { $0 / 2 }
      var errors: Set<Int> = []
      for threads in inPlaceThreadCounts {
        let pool = try ThreadPool(threadCount: threads)
        withLives(keys) { array in
          let elements = array
          do throws(TestError) {
            _ = try elements.parallel(in: pool).setUnion(elements.parallel) { (left, right) throws(TestError) in
              if left.value % 100 == 50, left.value > 7000 { throw TestError(left.value) }
              return left.value < right.value
            }
            Issue.record("nothing was thrown")
          } catch {
            errors.insert(error.position)
          }
        }
      }
      #expect(errors.count == 1)
    }

    /// What is not sorted gives anything, but from the elements, and ends.
    @Test(arguments: [1, 3]) func sequencesThatAreNotSorted(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let values = (0..<40_000).map { CountedHash.mix($0) }
      let all = Set(values)
      #expect(values.parallel(in: pool).setUnion(values.reversed().parallel).allSatisfy { all.contains($0) })
      _ = values.parallel(in: pool).setIntersection(values.parallel) { _, _ in true }
      _ = values.parallel(in: pool).setDifference(values.parallel) { _, _ in false }
    }

    @Test func mergesMany() throws {
      try withInputs(upTo: 40, and: [20_000]) { pool, values, label in
        for width in [1, 3, 1000] {
          let parts = stride(from: 0, to: values.count, by: width).map { start in
            placed(values[start..<min(start + width, values.count)], from: start)
          }
          let expected = parts.joined().enumerated().sorted {
            ($0.element.key, $0.offset) < ($1.element.key, $1.offset)
          }
          let merged = Array(merging: parts, in: pool) { $0.key < $1.key }
          #expect(merged == expected.map(\.element), "\(width), \(label)")
        }
      }
      #expect(Array(merging: [[Int]]()) == [])
      #expect(Array(merging: [[3, 5], [], [4.0], [1, 9]]) == [1, 3, 4, 5, 9])
    }
  }
}
