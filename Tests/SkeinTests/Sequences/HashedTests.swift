import Testing

@testable import Skein

private enum Nothing: Hashable { case nothing }

private struct WideKey: Hashable {
  let vector: SIMD8<Double>
  let byte: UInt8
}

extension InTurn {
  /// Sets and dictionaries, divided by buckets and, where their tables cannot be read, by indices.
  @Suite struct HashedTests {
    @Test func theTablesOfThisStandardLibraryAreKnown() {
      #if canImport(ObjectiveC) || !_pointerBitWidth(_64)
        #expect(!HashTable.isKnown)
      #else
        #expect(HashTable.isKnown)
      #endif
    }

    @Test(arguments: [1, 3])
    func everySize(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      var set: Set<Int> = []
      var strings: Set<String> = []
      var dictionary: [UInt8: String] = [:]
      withTimeout(.seconds(120)) {
        for number in 0..<isolatedSizes {
          check(set, pool) { $0 }
          check(strings, pool) { $0 }
          check(dictionary, pool) { "\($0.key) \($0.value)" }
          check(dictionary.keys, pool) { $0 }
          check(dictionary.values, pool) { $0 }
          set.insert(number &* 7919)
          strings.insert("a string that is too long to lie inline: \(number)")
          dictionary[UInt8(number)] = "\(number)"
        }
        for number in 0..<isolatedSizes where number % 3 != 0 {
          set.remove(number &* 7919)
          dictionary[UInt8(number)] = nil
        }
        check(set, pool) { $0 }
        check(dictionary, pool) { "\($0.key) \($0.value)" }
        set.removeAll(keepingCapacity: true)
        check(set, pool) { $0 }
        set.reserveCapacity(1000)
        set.insert(7)
        check(set, pool) { $0 }
        check(Set(0..<many), pool) { $0 }
        check(Dictionary(uniqueKeysWithValues: (0..<many).map { ($0, "\($0)") }), pool) { $0.value }
      }
    }

    private var isolatedSizes: Int { isLong ? 200 : isSanitized ? 20 : 70 }
    private var many: Int { isSanitized ? 2000 : 20_000 }

    @Test func elementsOfEverySize() throws {
      let pool = try ThreadPool(threadCount: 2)
      check(Set([Nothing.nothing]), pool) { $0 }
      check([Nothing.nothing: 5], pool) { $0.value }
      check([5: Nothing.nothing], pool) { $0.key }
      let wide = (0..<9).map { WideKey(vector: SIMD8(repeating: Double($0)), byte: UInt8($0)) }
      check(Set(wide), pool) { $0 }
      check(Dictionary(uniqueKeysWithValues: wide.map { ($0.byte, $0) }), pool) { $0.value }
      check(Dictionary(uniqueKeysWithValues: wide.map { ($0, $0.byte) }), pool) { $0.value }
    }

    @Test func elementsAreNeitherCopiedTooOftenNorLost() throws {
      let pool = try ThreadPool(threadCount: 3)
      let lives = Lives()
      do {
        let dictionary = Dictionary(uniqueKeysWithValues: (0..<1000).map { ($0, LifeTracked($0, lives)) })
        for readsTable in [true, false] where !readsTable || HashTable.isKnown {
          let parallel = ParallelHashed(dictionary, plan: LoopPlan(pool: pool), readsTable: readsTable)
          #expect(parallel.map { $0.value.value }.sum() == 1000 * 999 / 2)
          let kept = Array(parallel.filter { $0.key % 2 == 0 }.map { $0.value })
          #expect(kept.count == 500 && lives.alive == 1000)
        }
        #expect(lives.bornCount == 1000)
      }
      #expect(lives.alive == 0)
    }

    private func check<Base: HashedCollection & Sendable, Value: Equatable & Sendable>(
      _ base: Base, _ pool: ThreadPool, _ value: @escaping @Sendable (Base.Element) -> Value
    ) where Base.Element: Sendable {
      let expected = base.map(value)
      #expect(Array(base.parallel(in: pool).map(value)) == expected)
      for readsTable in [true, false] where !readsTable || HashTable.isKnown {
        let parallel = ParallelHashed(base, plan: LoopPlan(pool: pool, maximumBatch: 3), readsTable: readsTable)
        #expect(Array(parallel.map(value)) == expected)
        #expect(parallel.count() == expected.count)
        if expected.count < 1000 { expectSplits(of: parallel, expected, "\(Base.self)", value) }
      }
    }
  }
}
