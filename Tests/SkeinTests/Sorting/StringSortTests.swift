import Skein
import Testing

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
