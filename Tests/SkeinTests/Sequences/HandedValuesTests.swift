import Skein
import Testing

extension InTurn {
  /// Closures that are handed a value do what closures that capture it do.
  @Suite struct HandedValuesTests {
    private let counts = [0, 1, 2, 7, 97, 1009, isSanitized ? 2003 : 20_011]

    @Test(arguments: threadCounts)
    func adaptorsGiveTheSequentialAnswer(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let (factor, weights) = (5, [3, 1, 4, 1])
      for count in counts {
        let array = (0..<count).map { $0 &* 7 % 1013 }
        let source = array.parallel(in: pool)
        #expect(Array(source.map(with: factor) { $0 &* $1 }) == array.map { $0 &* factor })
        #expect(Array(source.map(with: weights) { $0 &* $1[$0 & 3] }) == array.map { $0 &* weights[$0 & 3] })
        #expect(Array(source.filter(with: factor) { $0 % $1 == 0 }) == array.filter { $0 % factor == 0 })
        #expect(
          Array(source.compactMap(with: factor) { $0 % $1 == 0 ? -$0 : nil })
            == array.compactMap { $0 % factor == 0 ? -$0 : nil })
        #expect(Array(source.flatMap(with: factor) { 0..<($0 % $1) }) == array.flatMap { 0..<($0 % factor) })
      }
    }

    @Test(arguments: threadCounts)
    func terminalsGiveTheSequentialAnswer(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let factor = 5
      for count in counts {
        let array = (0..<count).map { $0 &* 7 % 1013 }
        let source = array.parallel(in: pool)
        #expect(source.contains(with: 1000) { $0 == $1 } == array.contains(1000))
        #expect(source.allSatisfy(with: 1000) { $0 < $1 } == array.allSatisfy { $0 < 1000 })
        #expect(source.first(with: 900) { $0 > $1 } == array.first { $0 > 900 })
        #expect(source.count(with: 900) { $0 > $1 } == array.count { $0 > 900 })
        let all = source.reduce(into: [Int](), with: factor) {
          $0.append($1 &* $2)
        } combine: {
          $0 += $1
        }
        #expect(all == array.map { $0 &* factor })
        let visited = Counter()
        source.forEach(with: factor) { _, _ in visited.add() }
        #expect(visited.value == count)
      }
    }

    /// Values of several stages, with closures that capture between them or not.
    @Test(arguments: threadCounts)
    func chainsKeepTheirValuesApart(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let (factor, weights) = (5, [3, 1, 4, 1])
      for count in counts {
        let array = (0..<count).map { $0 &* 7 % 1013 }
        let first = array.parallel(in: pool).map(with: factor) { $0 &+ $1 }
        let sums = array.map { $0 &+ factor }
        let handed = first.map(with: weights) { $0 &* $1[$0 & 3] }.filter(with: factor) { $0 != $1 }
        let expected = sums.map { $0 &* weights[$0 & 3] }.filter { $0 != factor }
        #expect(Array(handed.map { $0 ^ 3 }) == expected.map { $0 ^ 3 })
        let mixed = first.map { $0 &* factor }.filter(with: factor) { $0 != $1 }
        #expect(Array(mixed.map { $0 ^ 3 }) == sums.map { $0 &* factor }.filter { $0 != factor }.map { $0 ^ 3 })
        let pairs = zip(first, array.parallel.map(with: weights) { $0 &* $1[$0 & 3] })
        #expect(Array(pairs.map { $0.0 ^ $0.1 }) == zip(sums, array).map { $0.0 ^ ($0.1 &* weights[$0.1 & 3]) })
        #expect(Array(first.reversed().map { $0 ^ 1 }) == sums.reversed().map { $0 ^ 1 })
        #expect(Array(first.inBlocks(ofCount: 10).map { $0 ^ 1 }) == sums.map { $0 ^ 1 })
        #expect(Array(first.prefix(50).dropFirst(3).map { $0 ^ 1 }) == sums.prefix(50).dropFirst(3).map { $0 ^ 1 })
        let pulled = stride(from: 0, to: count, by: 1).parallel.map(with: factor) { $0 &+ $1 }
        #expect(Array(pulled.filter { $0 & 1 == 0 }) == (0..<count).map { $0 + factor }.filter { $0 & 1 == 0 })
      }
    }

    @Test(arguments: threadCounts)
    func theFirstErrorIsThrown(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for (count, bad) in [(1, 0), (7, 0), (7, 6), (97, 48), (1009, 1), (1009, 1008)] {
        let source = (0..<count).parallel(in: pool, maximumBatch: 64)
        @Sendable func refuse(_ number: Int, _ bad: Int) throws(TestError) -> Bool {
          if number >= bad { throw TestError(number) }
          return true
        }
        let expected = TestError(bad)
        let zero = count - count
        let mapped = source.map(with: bad) { (number, bad) throws(TestError) in
          try refuse(number, bad) ? number : 0
        }
        #expect(throws: expected) { _ = try Array(mapped) }
        #expect(throws: expected) { _ = try mapped.map { $0 ^ 1 }.filter { $0 >= 0 }.sum() }
        #expect(throws: expected) { _ = try mapped.map { $0 &+ zero }.max() }
        #expect(throws: expected) { _ = try Array(source.filter(with: bad, refuse)) }
        #expect(throws: expected) {
          _ = try Array(
            source.compactMap(with: bad) { (number, bad) throws(TestError) in
              try refuse(number, bad) ? number : nil
            })
        }
        #expect(throws: expected) {
          _ = try Array(
            source.flatMap(with: bad) { (number, bad) throws(TestError) in
              try refuse(number, bad) ? 0..<3 : 0..<0
            })
        }
        #expect(throws: expected) { _ = try source.allSatisfy(with: bad, refuse) }
        #expect(throws: expected) { _ = try source.count(with: bad, where: refuse) }
        #expect(throws: expected) {
          try source.forEach(with: bad) { (number, bad) throws(TestError) in _ = try refuse(number, bad) }
        }
        #expect(throws: expected) {
          _ = try source.reduce(into: 0, with: bad) { (total, number, bad) throws(TestError) in
            total += try refuse(number, bad) ? 1 : 0
          } combine: { (left, right) throws(TestError) in
            left += right
          }
        }
      }
    }

    /// What is handed lives as long as the chain, and is not copied for each element.
    @Test func valuesEndWithTheChain() throws {
      let lives = Lives()
      let pool = try ThreadPool(threadCount: 3)
      func sum() -> Int {
        (0..<1000).parallel(in: pool).map(with: LifeTracked(5, lives)) { $0 + $1.value }.map { $0 ^ 1 }.map { $0 ^ 1 }
          .sum()
      }
      #expect(sum() == 999 * 500 + 5000)
      #expect(lives.alive == 0)
      #expect(lives.bornCount == 1)
    }
  }
}
