import Testing

@testable import Skein

extension InTurn {
  @Suite struct ShuffleTests {
    private func shuffled(_ count: Int, _ seed: UInt64, _ pool: ThreadPool) -> [Int] {
      var array = Array(0..<count)
      pool.run { array.parallel.shuffle(seed: seed) }
      return array
    }

    @Test func isTheSamePermutationAtEveryThreadCount() throws {
      let pools = try inPlaceThreadCounts.map { try ThreadPool(threadCount: $0) }
      for count in sizes(upTo: 200) + [2000, 16_384, 16_385, 50_000] {
        let expected = shuffled(count, UInt64(count), pools[0])
        #expect(expected.sorted() == Array(0..<count))
        for pool in pools[1...] { #expect(shuffled(count, UInt64(count), pool) == expected) }
      }
    }

    /// The promise covers other versions and other machines.
    @Test func isWhatItWas() throws {
      let pool = try ThreadPool(threadCount: 2)
      #expect(shuffled(10, 42, pool) == Self.ten)
      let large = shuffled(20_000, 42, pool)
      #expect(Array(large.prefix(8)) == Self.firstOfLarge)
      #expect(large.indices.reduce(into: 0) { $0 = $0 &* 31 &+ large[$1] } == Self.hashOfLarge)
    }

    @Test func otherSeedsGiveOtherPermutations() throws {
      let pool = try ThreadPool(threadCount: 2)
      for count in [100, 20_000] {
        let permutations = (0..<20).map { shuffled(count, $0, pool) }
        #expect(Set(permutations).count == 20)
      }
    }

    /// Pearson's statistic for equally likely outcomes, and what it exceeds about once in a million times (Wilson & Hilferty 1931).
    private func expectUniform(_ counts: [Int], _ label: String) {
      let expected = Double(counts.reduce(0, +)) / Double(counts.count)
      let statistic = counts.reduce(0.0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
      let freedom = Double(counts.count - 1)
      let root = 1 - 2 / (9 * freedom) + 4.75 * (2 / (9 * freedom)).squareRoot()
      #expect(statistic < freedom * root * root * root, "\(label): \(statistic) with \(freedom) degrees of freedom")
      // Too even would be as wrong.
      let low = 1 - 2 / (9 * freedom) - 4.75 * (2 / (9 * freedom)).squareRoot()
      #expect(statistic > freedom * low * low * low, "\(label): \(statistic) with \(freedom) degrees of freedom")
    }

    @Test func allPermutationsOfFewElementsAreEquallyLikely() throws {
      for count in [3, 4, 5] {
        var counts: [[Int]: Int] = [:]
        let permutations = (1...count).reduce(1, *)
        for seed in 0..<UInt64(permutations * 60) {
          var array = Array(0..<count)
          array.parallel.shuffle(seed: seed)
          counts[array, default: 0] += 1
        }
        #expect(counts.count == permutations)
        expectUniform(Array(counts.values), "\(count) elements")
      }
    }

    /// Of arrays large enough for buckets: where an element goes, which one comes to a place, and how far apart two neighbours end.
    @Test func placesOfLargeArraysAreEquallyLikely() throws {
      let pool = try ThreadPool(threadCount: 2)
      let count = 1 << 15
      var places = [Int](repeating: 0, count: 64)
      var elements = places
      var distances = places
      var first = [Int](repeating: 0, count: 32)
      for seed in 0..<UInt64(rounds(60, long: 1000)) {
        let array = shuffled(count, seed, pool)
        var inverse = array
        for (place, element) in array.enumerated() { inverse[element] = place }
        // A sample of places and elements that are far apart, as good as independent.
        for sample in stride(from: Int(seed), to: count - 1, by: 997) {
          places[inverse[sample] * 64 / count] += 1
          elements[array[sample] * 64 / count] += 1
          distances[((inverse[sample] - inverse[sample + 1]) & (count - 1)) * 64 / count] += 1
          first[inverse[sample] & 31] += 1
        }
      }
      expectUniform(places, "places")
      expectUniform(elements, "elements")
      expectUniform(distances, "distances")
      expectUniform(first, "low bits of places")
    }

    /// What happens to arrays of many millions of elements: buckets have buckets.
    @Test func bucketsOfBucketsAreEquallyLikelyToo() throws {
      let count = 1 << 15
      var results: [[Int]] = []
      var places = [Int](repeating: 0, count: 64)
      for threads in inPlaceThreadCounts {
        let pool = try ThreadPool(threadCount: threads)
        for key in 0..<UInt64(rounds(25, long: 250)) {
          var array = Array(0..<count)
          pool.run {
            unsafe array.withUnsafeMutableBufferPointer { elements in
              unsafe withUnsafeTemporaryAllocation(of: Int.self, capacity: count) { scratch in
                unsafe Shuffle(
                  elements.baseAddress!, scratch.baseAddress!, count: count, key: key, smallBucket: 100
                ).run(plan: LoopPlan())
              }
            }
          }
          if key == 0 { results.append(array) }
          for sample in stride(from: Int(key), to: count, by: 997) where threads == inPlaceThreadCounts[0] {
            places[array[sample] * 64 / count] += 1
          }
        }
      }
      #expect(results[0].sorted() == Array(0..<count))
      #expect(results.allSatisfy { $0 == results[0] })
      expectUniform(places, "places")
    }

    @Test func keepsEveryElementOnce() throws {
      try withInputs(upTo: 40, and: [17_000]) { pool, values, label in
        withLives(values) { array in
          pool.run { array.parallel.shuffle(seed: 1) }
          #expect(array.map(\.value).sorted() == values.sorted(), "\(label)")
        }
      }
    }

    @Test func worksOnSlicesAndBuffers() {
      var array = Array(0..<20)
      array[5..<15].parallel.shuffle(seed: 3)
      #expect(Array(array[..<5]) + Array(array[15...]) == Array(0..<5) + Array(15..<20))
      #expect(array[5..<15].sorted() == Array(5..<15))
      #expect(array != Array(0..<20))
      var other = Array(5..<15)
      unsafe other.withUnsafeMutableBufferPointer { buffer in unsafe buffer.parallel.shuffle(seed: 3) }
      #expect(other == Array(array[5..<15]))
    }

    private static let ten = [6, 9, 2, 0, 5, 1, 8, 3, 4, 7]
    private static let firstOfLarge = [17374, 5831, 13577, 12157, 15527, 1355, 18259, 17439]
    private static let hashOfLarge = 1_964_668_969_344_407_962
  }
}
