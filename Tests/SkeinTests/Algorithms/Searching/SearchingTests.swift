import Skein
import Testing

extension InTurn {
  @Suite struct SearchingTests {
    @Test func boundsOfManyKeys() throws {
      try withInputs(upTo: 60, and: [5000]) { pool, values, label in
        let sorted = values.sorted()
        let keys = Array(-3...20) + values.prefix(300)
        #expect(
          sorted.parallel(in: pool).lowerBounds(of: keys) == keys.map { key in sorted.prefix { $0 < key }.count },
          "\(label)")
        #expect(
          sorted.parallel(in: pool).upperBounds(of: keys) == keys.map { key in sorted.prefix { $0 <= key }.count },
          "\(label)")
      }
      let people = [("Ada", 36), ("Bob", 40), ("Cy", 40)]
      #expect(people.parallel.lowerBounds(of: [40, 41, 1]) { $0.1 < $1 } == [1, 3, 0])
      #expect(people.parallel.upperBounds(of: [36, 40]) { $0 < $1.1 } == [1, 3])
      #expect([1, .infinity, Double.nan].parallel.lowerBounds(of: [.nan, 1]) == [2, 0])
      struct Refused: Error {}
      #expect(throws: Refused.self) {
        try people.parallel.lowerBounds(of: [40]) { (_, _) throws(Refused) in throw Refused() }
      }
    }

    @Test(arguments: fewThreadCounts) func theFirstRange(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      var generator = SeededGenerator(seed: newSeed())
      for count in [0, 1, 5, 100, 4096, 9000] {
        for letters in [1, 2, 4] as [UInt8] {
          let text = (0..<count).map { _ in UInt8.random(in: 0..<letters, using: &generator) }
          for length in [0, 1, 2, 3, 4, 5, 7, 40] where length <= count {
            let start = count == length ? 0 : Int.random(in: 0..<count - length, using: &generator)
            let pattern = Array(text[start..<start + length])
            #expect(text.parallel(in: pool).firstRange(of: pattern) == text.firstRange(of: pattern))
            #expect(text.parallel(in: pool).firstRange(of: pattern + [9]) == nil)
          }
        }
      }
      // Elements that are not bitwise copyable are compared one by one.
      let words = (0..<5000).map { String($0 % 1000) }
      #expect(words.parallel(in: pool).firstRange(of: ["998", "999", "0", "1", "2"]) == 998..<1003)
      let slice = (0..<10_000).map { $0 % 100 }[50...]
      #expect(slice.parallel(in: pool).firstRange(of: [99, 0, 1]) == 99..<102)
      #expect(ContiguousArray(0..<100_000).parallel(in: pool).firstRange(of: 77_777..<77_780) == 77_777..<77_780)
      let periodic = [Int](repeating: 1, count: 20_000) + [2]
      #expect(periodic.parallel(in: pool).firstRange(of: [Int](repeating: 1, count: 9000) + [2]) == 11_000..<20_001)
    }

    /// Candidates are looked for in blocks: a pattern is found wherever in one it lies, and at the end.
    @Test func subsequencesAtEveryPlace() throws {
      let pool = try ThreadPool(threadCount: 2)
      for count in 4...60 {
        for start in 0...(count - 4) {
          var text = [UInt8](repeating: 1, count: count)
          text.replaceSubrange(start..<start + 4, with: [1, 2, 1, 3])
          #expect(text.parallel(in: pool).firstRange(of: [1, 2, 1, 3]) == start..<start + 4)
          #expect(text.parallel(in: pool).firstRange(of: [1, 2, 1, 3, 2]) == nil)
        }
      }
    }

    @Test(arguments: fewThreadCounts) func adjacentPairs(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for count in [0, 1, 2, 3, 5000] {
        let pairs = Array((0..<count).parallel(in: pool).map { $0 * $0 }.adjacentPairs())
        let expected = (0..<max(0, count - 1)).map { ($0 * $0, ($0 + 1) * ($0 + 1)) }
        #expect(pairs.elementsEqual(expected) { $0 == $1 })
      }
    }

    @Test func selectsSeveralRanks() throws {
      try withInputs(upTo: 60, and: [5000, 20_000]) { pool, values, label in
        let sorted = values.sorted()
        for wanted in [[], [0], [values.count - 1, 0], stride(from: 0, to: values.count, by: 7).reversed()]
        where wanted.allSatisfy({ values.indices.contains($0) }) {
          var array = values
          array.parallel(in: pool).select(at: wanted)
          for index in wanted {
            #expect(array[index] == sorted[index], "\(label)")
            #expect(array[..<index].allSatisfy { $0 <= array[index] }, "\(label)")
          }
          #expect(array.sorted() == sorted, "\(label)")
        }
      }
    }
  }
}
