import Skein
import Testing

extension InTurn {
  @Suite struct MergeTests {
    /// Merged one by one.
    private func merged(_ first: [Placed], _ second: [Placed]) -> [Placed] {
      var result: [Placed] = []
      var (left, right) = (first[...], second[...])
      while let a = left.first, let b = right.first {
        if b.key < a.key { result.append(right.removeFirst()) } else { result.append(left.removeFirst()) }
      }
      return result + left + right
    }

    private func placed(_ values: ArraySlice<Int>, from place: Int) -> [Placed] {
      values.sorted().enumerated().map { Placed(key: $1, place: place + $0) }
    }

    @Test func mergesStably() throws {
      try withInputs(and: [1025, 5000]) { pool, values, label in
        for cut in Set([0, values.count / 10, values.count / 2]) where cut <= values.count {
          let first = placed(values[..<cut], from: 0)
          let second = placed(values[cut...], from: 1_000_000)
          let result = Array(merging: first.parallel(in: pool), and: second.parallel) { $0.key < $1.key }
          #expect(result == merged(first, second), "\(cut), \(label)")
        }
      }
    }

    @Test(arguments: inPlaceThreadCounts)
    func mergesAnySequences(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let evens = (0..<5000).parallel(in: pool).map { $0 * 2 }
      let odds = (0..<10_000).parallel.filter { $0 % 2 == 1 }
      #expect(Array(merging: evens, and: odds) == Array(0..<10_000))
      #expect(Array(merging: odds, and: evens) == Array(0..<10_000))
      #expect(
        Array(merging: (0..<10).parallel(in: pool), and: [3, 4].parallel) == [0, 1, 2, 3, 3, 4, 4, 5, 6, 7, 8, 9])
      let words = ["a", "c", "e"]
      let slice = ["z", "b", "d", "f"][1...]
      #expect(Array(merging: words.parallel, and: slice.parallel) == ["a", "b", "c", "d", "e", "f"])
      unsafe words.withUnsafeBufferPointer { buffer in
        #expect(Array(merging: slice.parallel, and: unsafe buffer.parallel) == ["a", "b", "c", "d", "e", "f"])
      }
      #expect(Array(merging: [Int]().parallel, and: [Int]().parallel).isEmpty)
    }

    @Test func throwsTheSameErrorAndLeaksNothing() throws {
      let keys = (0..<3000).map { $0 / 2 }
      var errors: Set<Int> = []
      for threads in inPlaceThreadCounts {
        let pool = try ThreadPool(threadCount: threads)
        withLives(keys) { array in
          let elements = array
          for modulus in [1, 7, 100] {
            do throws(TestError) {
              _ = try Array(merging: elements.parallel(in: pool), and: elements.parallel) {
                (left, right) throws(TestError) in
                if left.value % modulus == modulus / 2, left.value > 700 { throw TestError(left.value) }
                return left.value < right.value
              }
              Issue.record("nothing was thrown")
            } catch {
              if modulus == 100 { errors.insert(error.position) }
            }
          }
        }
        for last in [0, 1, 10, 100, 500, 2000, 5000, 100_000] {
          withLives(keys) { array in
            let elements = array
            let calls = Counter()
            let result: [LifeTracked]? = try? Array(merging: elements.parallel(in: pool), and: elements.parallel) {
              (left, right) throws(TestError) in
              if calls.add() > last { throw TestError(last) }
              return left.value < right.value
            }
            #expect(result == nil || calls.value <= last)
          }
        }
      }
      #expect(errors.count == 1)
    }

    @Test(arguments: [1, 3])
    func sequencesThatAreNotSortedGiveAsManyElements(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for count in [1, 50, 5000] {
        let values = (0..<count).map { CountedHash.mix($0) }
        #expect(Array(merging: values.parallel(in: pool), and: values.parallel).count == 2 * count)
      }
    }
  }
}
