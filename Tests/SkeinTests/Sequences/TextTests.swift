import Foundation
import Skein
import Testing

/// Where a piece lies in its text.
private struct Place: Equatable {
  let start: Int
  let end: Int

  init(_ piece: Substring, in text: Substring) {
    start = text.utf8.distance(from: text.startIndex, to: piece.startIndex)
    end = text.utf8.distance(from: text.startIndex, to: piece.endIndex)
  }
}

extension InTurn {
  /// Texts are divided at every pair of offsets, and what comes out is what the standard library gives.
  @Suite struct TextTests {
    /// What texts are put together from: all kinds of newlines and whitespace, marks, joiners, flags and halves of flags, families, syllables
    /// composed and not, scripts with conjuncts and with prefixes, and characters that are equal though they are written in another way.
    static let bricks = [
      "a", "b", " ", "\n", "\r", "\r\n", "\t", "é", "e\u{301}", "\u{301}", "\u{200d}", "👨‍👩‍👧", "🇩🇪", "🇫🇷", "\u{1f1e9}", "각",
      "\u{1100}\u{1161}\u{11a8}", "नमस्ते", "क्षि", "\u{85}", "\u{2028}", "\u{2029}", "\u{a0}", "\u{3000}", "\u{1680}",
      "\u{2003}", "\u{205f}", "\u{202f}", "\u{600}", "\u{8e2}", "日本", "ж", "ё", "\u{483}", "و", "👍🏽", "❤️", "\u{fe0f}",
      "\u{0b}",
      "\u{0c}", "ﷺ", "\u{6dd}", "\u{5d0}\u{5b0}", "\u{302a}", "\u{3099}", "K", "\u{212a}", ";", "\u{37e}", "aa", "ab",
    ]

    @Test func everyPairOfBricks() {
      check("")
      for first in Self.bricks { for second in Self.bricks { check(Substring(first + second), isQuick: !isLong) } }
    }

    @Test func randomTexts() {
      var random = SeededGenerator(seed: newSeed())
      for round in 0..<rounds(60, long: 3000) {
        let text = (0..<Int.random(in: 1...8, using: &random)).map { _ in Self.bricks.randomElement(using: &random)! }
          .joined()
        check(Substring(text), isQuick: round % 2 == 0)
        // A slice may begin in the middle of a character.
        let indices = Array(text.unicodeScalars.indices) + [text.endIndex]
        let start = indices.randomElement(using: &random)!
        check(text[start..<indices.filter { $0 >= start }.randomElement(using: &random)!], isQuick: round % 2 == 1)
      }
    }

    @Test(arguments: fewThreadCounts)
    func longTexts(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      var random = SeededGenerator(seed: newSeed())
      func text(_ bricks: [String], _ count: Int) -> String {
        (0..<count).map { _ in bricks.randomElement(using: &random)! }.joined()
      }
      let ascii = ["the ", "quick", "\n", " ", "brown\r\n", "a", "that"]
      for text in [text(Self.bricks, 2000), text(ascii, 5000)] {
        withTimeout(.seconds(120)) {
          for maximumBatch in [7, Int.max] {
            let parallel = text.parallel(in: pool, maximumBatch: maximumBatch)
            let words = text.split(whereSeparator: \.isWhitespace)
            #expect(Array(parallel) == Array(text))
            #expect(Array(parallel.lines()) == lines(text[...]))
            #expect(Array(parallel.words()) == words)
            // A piece is cut into the same characters as the standard library's.
            #expect(Array(parallel.words().map { Array($0) }) == words.map { Array($0) })
            #expect(parallel.words().count() == words.count)
            #expect(Array(parallel.split { $0.isWhitespace }) == words)
            #expect(Array(parallel.matches(of: "that")) == matches(of: "that", in: text[...]))
            #expect(Array(parallel.matches(of: "brown")) == matches(of: "brown", in: text[...]))
          }
          #expect(Array(text.unicodeScalars.parallel(in: pool)) == Array(text.unicodeScalars))
          #expect(Array(text.utf8.parallel(in: pool)) == Array(text.utf8))
          #expect(Array(text.utf16.parallel(in: pool)) == Array(text.utf16))
        }
      }
    }

    @Test(arguments: fewThreadCounts)
    func matchesThatCouldOverlap(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      var random = SeededGenerator(seed: newSeed())
      let mixed = (0..<10_000).map { _ in Bool.random(using: &random) ? "a" : "b" }.joined()
      let texts = [
        String(repeating: "a", count: 10_001),
        String(repeating: "ab", count: 4000) + "x" + String(repeating: "aba", count: 2000),
        mixed,
      ]
      withTimeout(.seconds(120)) {
        for text in texts {
          for pattern in ["aa", "aba", "aaaaa", "ab"] {
            for maximumBatch in [100, Int.max] {
              let found = Array(text.parallel(in: pool, maximumBatch: maximumBatch).matches(of: pattern))
              if found != matches(of: pattern, in: text[...]) { Issue.record("\(pattern) with \(threads) threads") }
            }
          }
        }
        for _ in 0..<rounds(20, long: 500) {
          let text = (0..<12).map { _ in ["a", "b", "aa", "é"].randomElement(using: &random)! }.joined()[...]
          for pattern in ["aa", "aba", "abab", "éaé"] {
            expectSplits(
              of: text.parallel.matches(of: pattern), matches(of: pattern, in: text).map { Place($0, in: text) },
              "matches of \(pattern) in \(text)"
            ) { Place($0, in: text) }
          }
        }
      }
    }

    /// To know where one of the last characters begins the standard library looks at all of them.
    @Test(arguments: fewThreadCounts)
    func aLongRunOfFlagsOrMarksTakesLinearTime(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let count = isSanitized ? 2000 : 100_000
      let flags = String(repeating: "🇩🇪", count: count)
      let marks = "a" + String(repeating: "\u{301}", count: 2 * count) + "b"
      withTimeout {
        #expect(flags.parallel(in: pool).count() == count)
        #expect(marks.parallel(in: pool).count() == 2)
        #expect(("🇫" + flags + "🇫").parallel(in: pool, maximumBatch: 100).count() == count + 1)
        for maximumBatch in [100, Int.max] {
          let parallel = flags.parallel(in: pool, maximumBatch: maximumBatch)
          #expect(parallel.words().count { _ in true } == 1)
          #expect(parallel.words().count() == 1)
          #expect(parallel.lines().count { _ in true } == 1)
          #expect(parallel.split(separator: "x").count { _ in true } == 1)
          #expect(parallel.split(separator: "🇩🇪").count { _ in true } == 0)
          #expect(parallel.matches(of: "🇩🇪").count { _ in true } == count)
          #expect(parallel.matches(of: "🇫🇷").count { _ in true } == 0)
        }
      }
    }

    /// Some scalars belong to the whitespace after them, or whitespace to the character before it.
    @Test func whitespaceNextToEveryScalar() {
      for number in stride(from: 0 as UInt32, through: 0x10ffff, by: isLong ? 1 : isSanitized ? 331 : 37) {
        guard let scalar = Unicode.Scalar(number) else { continue }
        let text = "a\(Character(scalar)) b\u{3000}\(Character(scalar))c\(Character(scalar))\u{2003}"
        let words = text.split(whereSeparator: \.isWhitespace)
        if Array(text.parallel.words()) != words { Issue.record("words next to \(String(number, radix: 16))") }
      }
    }

    /// Flags are counted from the beginning of their run, or from a character in it that is known.
    @Test(arguments: fewThreadCounts)
    func runsOfFlagsDividedAnywhere(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      var random = SeededGenerator(seed: newSeed())
      let others = ["\u{1f1e9}", "\u{600}", "\u{301}", "\u{600}\u{1f1e9}", " ", "x", "👍🏽", "\u{200d}"]
      withTimeout {
        for _ in 0..<rounds(20, long: 500) {
          let text = (0..<300).map { _ in
            Int.random(in: 0..<40, using: &random) == 0 ? others.randomElement(using: &random)! : "🇩🇪"
          }.joined()
          // A slice may begin in the middle of a flag.
          let slice = text[
            text.unicodeScalars.index(text.startIndex, offsetBy: Int.random(in: 0..<9, using: &random))...]
          for maximumBatch in [1, 7, 100] {
            let parallel = slice.parallel(in: pool, maximumBatch: maximumBatch)
            #expect(Array(parallel) == Array(slice))
            let words = slice.split(whereSeparator: \.isWhitespace)
            #expect(Array(parallel.words()) == words)
            #expect(Array(parallel.words().map { Array($0) }) == words.map { Array($0) })
            #expect(Array(parallel.split(separator: "🇩🇪")) == slice.split(separator: "🇩🇪" as Character))
            #expect(Array(parallel.matches(of: "🇩🇪x")) == matches(of: "🇩🇪x", in: slice))
          }
        }
      }
    }

    @Test(arguments: fewThreadCounts)
    func aLongGapOrCharacterTakesLinearTime(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let count = isSanitized ? 20_000 : 200_000
      let gap = "a" + String(repeating: " ", count: count) + "b"
      let marks = isSanitized ? "" : "a" + String(repeating: "\u{301}", count: 1 << 23) + "b"
      withTimeout(.seconds(120)) {
        for maximumBatch in [100, Int.max] {
          #expect(gap.parallel(in: pool, maximumBatch: maximumBatch).words().count { _ in true } == 2)
          #expect(gap.parallel(in: pool, maximumBatch: maximumBatch).words().count() == 2)
        }
        // Such a character has more than 2²⁴ units.
        #expect(marks.parallel(in: pool).count() == (marks.isEmpty ? 0 : 2))
      }
    }

    /// A mismatch after many characters is no reason to look at them again.
    @Test(arguments: fewThreadCounts)
    func aPatternThatNearlyMatchesTakesLinearTime(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let count = isSanitized ? 5000 : 50_000
      withTimeout {
        for letter in ["a", "é"] {
          let text = String(repeating: letter, count: 2 * count)
          let start = String(repeating: letter, count: count)
          #expect(text.parallel(in: pool).matches(of: start + "b").count { _ in true } == 0)
          #expect(text.parallel(in: pool).matches(of: start).count { _ in true } == 2)
          #expect((text + "b").parallel(in: pool).matches(of: start + "b").count { _ in true } == 1)
          let long = String(repeating: letter, count: 100) + "b"
          let pieces = String(repeating: letter + long, count: 1000)
          #expect(pieces.parallel(in: pool, maximumBatch: 1).matches(of: long).count { _ in true } == 1000)
        }
      }
    }

    @Test(arguments: fewThreadCounts)
    func theFirstErrorOfASeparatorInOrder(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let text = "0 1 2 3 4 5 6 7 8 9 " + String(repeating: "word ", count: 200)
      for bad in 0..<10 {
        let pieces = text.parallel(in: pool, maximumBatch: 1).split { (character) throws(TestError) in
          if let digit = character.wholeNumberValue, digit >= bad { throw TestError(digit) }
          return character == " "
        }
        #expect(throws: TestError(bad)) { try Array(pieces) }
      }
    }

    /// Pieces are handed on without counting references. Whoever keeps one counts.
    @Test func keptPiecesOutliveTheirText() {
      let expected = (0..<500).map { "line \($0): \(Self.bricks[$0 % 2]) and something that needs memory" }
      var text: String? = expected.joined(separator: "\n")
      let lines = Array(text!.parallel(maximumBatch: 100).lines())
      let longest = text!.parallel.lines().max { $0.utf8.count < $1.utf8.count }
      text = nil
      #expect(lines.map { String($0) } == expected)
      #expect(longest.map { String($0) } == expected.max { $0.utf8.count < $1.utf8.count })
      var changed = lines[7]
      changed.removeFirst(5)
      changed.append("!")
      #expect(changed == expected[7].dropFirst(5) + "!" && lines[7] == expected[7] && lines[8] == expected[8])
    }

    /// The end of such a piece is no character's in the string, and must not be taken for one.
    @Test func piecesOfATextThatEndsInACharacter() {
      for string in ["x e\u{301}", "a b🇩🇪", "\na\u{fe0f}"] {
        let text = string[..<string.unicodeScalars.index(before: string.endIndex)]
        let words = text.split(whereSeparator: \.isWhitespace)
        for (piece, expected) in zip(Array(text.parallel.words()), words) {
          #expect(piece == expected)
          #expect(string.index(before: piece.endIndex) == string.index(before: expected.endIndex))
          #expect(
            string.distance(from: string.startIndex, to: piece.endIndex)
              == string.distance(from: string.startIndex, to: expected.endIndex))
        }
      }
    }

    @Test func stringsOfFoundationAndData() {
      let bridged = NSString(string: "héllo wörld\r\nfoo 🇩🇪 bar").appending(" baz") as String
      #expect(Array(bridged.parallel) == Array(bridged))
      #expect(Array(bridged.parallel.words()) == bridged.split(whereSeparator: \.isWhitespace))
      #expect(Array(bridged.utf8.parallel) == Array(bridged.utf8))
      let data = Data((0..<100).map { UInt8($0) })
      #expect(Array(data.parallel.map { $0 &* 2 }) == data.map { $0 &* 2 })
      #expect(Array(data[10..<50].parallel) == Array(data[10..<50]))
    }

    /// Sequentially, the lines are those of `split`, but for an empty one at the end.
    private func lines(_ text: Substring) -> [Substring] {
      let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      return lines.last!.isEmpty ? lines.dropLast() : lines
    }

    private func matches(of pattern: String, in text: Substring) -> [Substring] {
      text.ranges(of: pattern).map { text[$0] }
    }

    /// - Parameter isQuick: Whether to divide at a few places only.
    private func check(_ text: Substring, isQuick: Bool = false) {
      func check<P: ParallelSequence>(_ found: P, _ expected: [Substring], _ name: String)
      where P.Element == Substring, P.Failure == Never {
        self.check(found, expected.map { Place($0, in: text) }, isQuick, "\(name) of \(text.debugDescription)") {
          Place($0, in: text)
        }
      }
      self.check(text.parallel, Array(text), isQuick, "characters of \(text.debugDescription)") { $0 }
      self.check(text.unicodeScalars.parallel, Array(text.unicodeScalars), isQuick, "scalars") { $0 }
      self.check(text.utf8.parallel, Array(text.utf8), isQuick, "UTF-8") { $0 }
      self.check(String(text).utf16.parallel, Array(text.utf16), isQuick, "UTF-16") { $0 }
      check(text.parallel.lines(), lines(text), "lines")
      let words = text.split(whereSeparator: \.isWhitespace)
      check(text.parallel.words(), words, "words")
      if text.parallel.words().count() != words.count { Issue.record("words in \(text.debugDescription)") }
      for omits in [true, false] {
        check(
          text.parallel.split(omittingEmptySubsequences: omits) { $0.isWhitespace },
          text.split(omittingEmptySubsequences: omits, whereSeparator: \.isWhitespace), "pieces")
        check(
          text.parallel.split(separator: "é", omittingEmptySubsequences: omits),
          text.split(separator: "é" as Character, omittingEmptySubsequences: omits), "pieces")
      }
      for pattern in ["a", "ab", "aa", "é", "🇩🇪", "K", ";", "\n", "e", "b\n"] {
        check(text.parallel.matches(of: pattern), matches(of: pattern, in: text), "matches of \(pattern)")
      }
    }

    private func check<P: ParallelSequence, Value: Equatable>(
      _ found: P, _ expected: [Value], _ isQuick: Bool, _ name: @autoclosure () -> String,
      _ value: @escaping (P.Element) -> Value
    ) where P.Failure == Never {
      if !isQuick { return expectSplits(of: found, expected, name(), value) }
      let middle = found.positionCount / 2
      unsafe found.withSource { source in
        let lend = found.lendClosures()
        lend { closures in
          var elements: [Value] = []
          for positions in [0..<middle, middle..<found.positionCount] {
            _ = unsafe P.forEachElement(
              from: source, at: positions, closures: closures, state: &elements,
              receive: {
                $1.append(value($0))
                return true
              }, fail: { _, _ in })
          }
          if elements != expected { Issue.record("\(name()): \(elements) instead of \(expected)") }
        }
      }
    }
  }
}
