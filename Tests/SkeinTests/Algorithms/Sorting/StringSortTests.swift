import Testing

@testable import Skein

extension InTurn {
  /// Strings end up as `String` orders them, whatever is in them.
  @Suite struct StringSortTests {
    private func strings(_ count: Int, _ alphabet: [String], longest: Int, seed: UInt64) -> [String] {
      var generator = SeededGenerator(seed: seed)
      return (0..<count).map { _ in
        let length = Int(generator.next() % UInt64(longest + 1))
        return (0..<length).map { _ in alphabet[Int(generator.next() % UInt64(alphabet.count))] }.joined()
      }
    }

    @Test(arguments: [
      ["a", "b"], ["a", "\0"], ["a", "b", "z", "long-common-part/"],
      ["a", "é", "ß", "ü", "ø", "z", "\u{2FF}", "\u{80}"],
      ["a", "日", "本", "🙂", "z"],
    ])
    func stringsOfEveryKind(_ alphabet: [String]) throws {
      let seed = newSeed()
      for threads in [1, 3] {
        let pool = try ThreadPool(threadCount: threads)
        for (count, longest) in [(0, 3), (1, 3), (2, 3), (40, 5), (300, 9), (300, 40), (6000, 16)] {
          let strings = strings(count, alphabet, longest: longest, seed: seed &+ UInt64(count))
          let expected = strings.sorted().map { Array($0.utf8) }
          pool.run {
            var array = strings
            array.parallel.sort()
            // Strings that are equal may differ in their bytes, and a stable sort keeps their order.
            #expect(array.map { Array($0.utf8) } == expected)
            array = strings
            array.parallel.unstableSort()
            #expect(array == strings.sorted())
          }
        }
      }
    }

    /// More strings than are sorted as a block. Random letters, up to so many; in a sorted or nearly sorted order.
    private enum Many: CaseIterable {
      case fewDistinct, allEqual, everyLength, embeddedZeros, longCommonPrefix, prefixesOfEachOther, sorted,
        nearlySorted, reversed

      func strings(_ count: Int, seed: UInt64) -> [String] {
        var generator = SeededGenerator(seed: seed)
        func random(_ limit: Int) -> Int { Int(generator.next() % UInt64(limit)) }
        func letters(_ count: Int, from alphabet: [Character]) -> String {
          String((0..<count).map { _ in alphabet[random(alphabet.count)] })
        }
        let alphabet: [Character] = ["a", "b", "m", "x", "z", "é"]
        func others(_ count: Int) -> [String] { (0..<count).map { _ in letters(random(31), from: alphabet) } }
        switch self {
        case .fewDistinct:
          let distinct = others(16)
          return (0..<count).map { _ in distinct[random(16)] + "" }
        case .allEqual: return (0..<count).map { _ in String(repeating: "equal ", count: 5) }
        case .everyLength: return others(count)
        case .embeddedZeros: return (0..<count).map { _ in letters(random(31), from: ["\0", "\0", "\0", "a"]) }
        case .longCommonPrefix:
          let prefix = String(repeating: "common ", count: 30)
          // Some that leave it, at any place and to both sides.
          return (0..<count).map { _ in
            random(100) == 0
              ? prefix.prefix(random(200)) + (random(2) == 0 ? "" : "z") : prefix + letters(8, from: alphabet)
          }
        case .prefixesOfEachOther: return (0..<count).map { _ in String(repeating: "a", count: random(31)) }
        case .sorted: return others(count).sorted()
        case .nearlySorted:
          var strings = others(count).sorted()
          for _ in 0..<count / 50 { strings.swapAt(random(count), random(count)) }
          return strings
        case .reversed: return others(count).sorted(by: >)
        }
      }
    }

    @Test(arguments: Many.allCases) private func manyStrings(_ many: Many) throws {
      try sortsMany(many.strings(isSanitized ? 4000 : elements(60_000), seed: newSeed()), sortThreadCounts)
    }

    /// More than are dealt out or partitioned as one part.
    @Test(.disabled(if: isSanitized, "A smaller number shows the same memory.")) func veryManyStrings() throws {
      try sortsMany(Many.everyLength.strings(150_000, seed: newSeed()), [3])
    }

    private func sortsMany(_ strings: [String], _ threadCounts: [Int]) throws {
      let expected = strings.sorted()
      for threads in threadCounts {
        let pool = try ThreadPool(threadCount: threads)
        pool.run {
          var (stable, unstable) = (strings, strings)
          stable.parallel.sort()
          unstable.parallel.unstableSort()
          // All of these are in normal form, so that equal ones have the same bytes.
          #expect(stable == expected, "\(threads) threads")
          #expect(unstable == expected, "\(threads) threads")
        }
      }
    }

    /// A key has seven bytes and how many are left.
    @Test func everyLengthUpToThreeKeys() throws {
      let pool = try ThreadPool(threadCount: 2)
      let strings = (0...30).flatMap { length in
        ["a", "\0", "b"].flatMap { last in ["a", "\0"].map { String(repeating: $0, count: length) + last } } + [
          String(repeating: "a", count: length)
        ]
      }
      for copies in [1, 300] {
        let all = Array((0..<copies).map { _ in strings }.joined()).shuffled()
        pool.run {
          var (stable, unstable) = (all, all)
          stable.parallel.sort()
          unstable.parallel.unstableSort()
          #expect(stable == all.sorted())
          #expect(unstable == all.sorted())
        }
      }
    }

    /// Strings that leave a common prefix one by one must not cost a call each.
    @Test(.disabled(if: isSanitized, "Sanitizers need more of the stack."))
    func prefixesOfEachOtherOnASmallStack() throws {
      let pool = try ThreadPool(.init(threadCount: 1, stackSize: SystemThread.minimumStackSize))
      let strings = (0..<500).map { String(repeating: "a", count: $0 * 7) }
      var array = strings.shuffled()
      pool.run { array.parallel.sort() }
      #expect(array == strings)
    }

    @Test func aSortGoesToItsEndWhenTheTaskIsCancelled() async throws {
      let pool = try ThreadPool(threadCount: 2)
      let strings = Many.everyLength.strings(elements(60_000), seed: newSeed())
      let expected = strings.sorted()
      for isStable in [true, false] {
        let task = Task {
          unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
          return await pool.run {
            var array = strings
            if isStable { array.parallel.sort() } else { array.parallel.unstableSort() }
            return array
          }
        }
        #expect(await task.value == expected)
      }
    }

    /// The standard library's `<` is not transitive among strings that are not in normal form, so nothing is said about their order.
    @Test(arguments: [["e", "\u{301}", "é", "\u{327}", "z"], ["K", "\u{212A}", ";", "\u{37E}"]])
    func noStringIsLostThatIsNotInNormalForm(_ alphabet: [String]) throws {
      let strings = strings(4000, alphabet, longest: 12, seed: newSeed())
      let pool = try ThreadPool(threadCount: 3)
      pool.run {
        var (stable, unstable) = (strings, strings)
        stable.parallel.sort()
        unstable.parallel.unstableSort()
        for array in [stable, unstable] {
          #expect(Set(array.map { Array($0.utf8) }) == Set(strings.map { Array($0.utf8) }))
          #expect(array.reduce(0) { $0 + $1.utf8.count } == strings.reduce(0) { $0 + $1.utf8.count })
        }
      }
    }
  }
}
