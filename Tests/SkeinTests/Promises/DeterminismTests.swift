import Skein
import Testing

extension InTurn {
  /// L2: the answer does not depend on the schedule.
  @Suite struct DeterminismTests {
    @Test func floatingPointBitsAreTheSameAtEveryThreadCount() throws {
      let seed = newSeed()
      var generator = SeededGenerator(seed: seed)
      let values = (0..<elements(250_000)).map { _ in Double.random(in: -1e6...1e6, using: &generator) }
      let pools = try [1, 2, 3, 8, 16].map { try ThreadPool(threadCount: $0) }
      func bits(_ pool: ThreadPool) -> [UInt64] {
        let source = values.parallel(in: pool)
        return [
          source.sum(),
          source.reduce(0.5, +),
          source.map { $0 * 1.1 }.sum(),
          source.filter { $0 > 0 }.sum(),
          source.map { $0 / 3 }.reduce { $0 + $1 } ?? 0,
          source.reduce(into: 0.0) {
            $0 += $1
          } combine: {
            $0 += $1
          },
        ].map(\.bitPattern)
      }
      let expected = bits(pools[0])
      for _ in 0..<rounds(2, long: 20) {
        for pool in pools {
          #expect(withTimeout { bits(pool) } == expected, "\(pool.threadCount) threads, seed \(seed)")
        }
      }
    }

    @Test func theBitsDoNotDependOnBatchesBlocksOrWidth() throws {
      let values = (0..<20_000).map { 1 / Double($0 + 1) }
      let pool = try ThreadPool(threadCount: 8)
      let expected = values.parallel(in: pool).sum().bitPattern
      #expect(values.parallel(in: pool, maximumBatch: 7).sum().bitPattern == expected)
      #expect(values.parallel(in: pool, maximumInFlight: 2).sum().bitPattern == expected)
      #expect(values.parallel(in: pool).inBlocks(ofCount: 1000).sum().bitPattern == expected)
      #expect(values.parallel(in: pool).inGrowingBlocks().sum().bitPattern == expected)
    }

    @Test(arguments: threadCounts)
    func onlyTheTotalOfAnIntegerSumMustBeRepresentable(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let pattern = [Int.max, -1, 1, Int.min, Int.max, 2, Int.max, Int.min, -5]
      for copies in [1, 3, 100] {
        let values = (0..<copies).flatMap { _ in pattern } + (0..<copies).map { _ in Int.min + 5 }
        let exact = values.reduce(into: Int128(0)) { $0 += Int128($1) }
        if let total = Int(exactly: exact) { #expect(values.parallel(in: pool).sum() == total) }
        let small: [Int8] = (0..<copies).flatMap { _ in [127, 127, -128, -126] as [Int8] }
        #expect(small.parallel(in: pool, maximumBatch: 3).sum() == 0)
        let unsigned = [UInt8](repeating: 1, count: 255)
        #expect(unsigned.parallel(in: pool).sum() == 255)
      }
    }

    @Test func integersOfEveryWidthAreSummedExactly() throws {
      let pool = try ThreadPool(threadCount: 3)
      func check<Value: FixedWidthInteger & Sendable>(_ type: Value.Type) {
        var generator = SeededGenerator(seed: UInt64(Value.bitWidth))
        // A number and its complement make −1, or the greatest value if there is no sign.
        let some = (0..<(Value.isSigned ? 100 : 1)).map { _ in Value.random(in: .min ... .max, using: &generator) }
        let values = (some + some.map { ~$0 } + [0]).shuffled(using: &generator)
        let total = Value.isSigned ? 0 - Value(some.count) : .max
        #expect(values.parallel(in: pool, maximumBatch: 10).sum() == total, "\(type)")
        #expect(values.parallel(in: pool).filter { _ in true }.sum() == total, "\(type)")
      }
      check(Int8.self)
      check(UInt8.self)
      check(Int16.self)
      check(UInt16.self)
      check(Int32.self)
      check(UInt32.self)
      check(Int.self)
      check(UInt64.self)
      check(Int128.self)
      check(UInt128.self)
    }

    @Test func aTotalThatIsNotRepresentableTraps() async {
      let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = [Int.max, 1, 1].parallel.sum()
      }
      #expect(message(result).contains("not representable as Int"))
      await #expect(processExitsWith: .failure) { _ = [UInt8](repeating: 1, count: 256).parallel.sum() }
      await #expect(processExitsWith: .failure) { _ = [Int8.min, -1].parallel.sum() }
    }

    @Test(arguments: fewThreadCounts)
    func aReductionNeedNotCommute(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for count in sizes(upTo: 200) {
        let words = (0..<count).map { "\($0)," }
        let joined = words.joined()
        #expect(words.parallel(in: pool).reduce("", +) == joined)
        #expect(words.parallel(in: pool).reduce("<", +) == "<" + joined)
        #expect(words.parallel(in: pool).reduce { $0 + $1 } == (count == 0 ? nil : joined))
        #expect(words.parallel(in: pool, maximumBatch: 3).reduce("", +) == joined)
        #expect(words.parallel(in: pool, minimumBatch: 5).reduce("", +) == joined)
        #expect(
          words.parallel(in: pool).reduce(into: "") {
            $0 += $1
          } combine: {
            $0 += $1
          } == joined)
        #expect(
          words.parallel(in: pool).filter { $0.count > 2 }.reduce("", +) == words.filter { $0.count > 2 }.joined())
      }
    }

    @Test func anInitialValueIsUsedOnce() throws {
      for threads in threadCounts {
        let pool = try ThreadPool(threadCount: threads)
        for count in [0, 1, 2, 100, 5000] {
          #expect((0..<count).parallel(in: pool).reduce(10, +) == (0..<count).reduce(10, +))
        }
      }
    }

    @Test(arguments: [1, 4])
    func extremaWithNaNAtEveryPosition(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for count in sizes(upTo: 24) {
        for position in 0..<count {
          var values = (0..<count).map { Double(($0 * 7) % 11) }
          values[position] = .nan
          for values in [values, values.reversed()] {
            let source = values.parallel(in: pool, maximumBatch: 1)
            #expect(source.min()?.bitPattern == values.min()?.bitPattern, "\(values)")
            #expect(source.max()?.bitPattern == values.max()?.bitPattern, "\(values)")
          }
        }
      }
      #expect([Double]().parallel.min() == nil)
      #expect([Double.nan, .nan].parallel.max()?.isNaN == true)
    }

    private struct Card: Comparable, Sendable {
      let rank: Int
      let place: Int
      static func < (left: Card, right: Card) -> Bool { left.rank < right.rank }
      static func == (left: Card, right: Card) -> Bool { left.rank == right.rank }
    }

    @Test(arguments: [1, 4])
    func amongEqualsTheSameOneAsInTheStandardLibrary(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for count in [0, 1, 2, 3, 10, 100, 3000] {
        let cards = (0..<count).map { Card(rank: $0 % 5, place: $0) }
        let source = cards.parallel(in: pool, maximumBatch: 2)
        #expect(source.min()?.place == cards.min()?.place)
        #expect(source.max()?.place == cards.max()?.place)
        #expect(source.min(by: { $0 > $1 })?.place == cards.min(by: >)?.place)
        #expect(source.max(by: { $0 > $1 })?.place == cards.max(by: >)?.place)
        #expect(source.first { $0.rank == 3 }?.place == cards.first { $0.rank == 3 }?.place)
      }
    }

    @Test func countsAndSearches() throws {
      let pool = try ThreadPool(threadCount: 4)
      for count in sizes(upTo: 100) {
        let source = (0..<count).parallel(in: pool, maximumBatch: 3)
        #expect(source.count(where: { $0.isMultiple(of: 3) }) == (0..<count).count { $0.isMultiple(of: 3) })
        #expect(source.filter { $0.isMultiple(of: 3) }.count() == (0..<count).count { $0.isMultiple(of: 3) })
        #expect(source.count == count)
        for wanted in 0...count {
          #expect(source.contains(wanted) == (wanted < count))
          #expect(source.first { $0 >= wanted } == (wanted < count ? wanted : nil))
          #expect(source.inGrowingBlocks().first { $0 >= wanted } == (wanted < count ? wanted : nil))
        }
        #expect(source.allSatisfy { $0 < count })
      }
    }
  }
}
