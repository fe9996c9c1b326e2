import Skein
import Testing

private let textThreadCounts = isSanitized ? [3] : [1, 2, 3, 8]

extension InTurn {
  /// Real texts in many scripts are divided into what the standard library divides them into.
  @Suite struct HumanRightsTests {
    /// Batches of a code unit each take long.
    private func limits(_ threads: Int) -> [Int] {
      isSanitized ? [64] : threads == 3 || isLong ? [1, .max] : [16, .max]
    }

    /// Checks something of each text, with several limits of batches.
    /// - Parameter expect: Returns what checks the parallel text. What the standard library gives is found out once.
    private func forEachText(
      _ threads: Int, _ expect: (_ text: String) -> (_ parallel: ParallelText, _ name: String) -> Void
    ) throws {
      let pool = try ThreadPool(threadCount: threads)
      withTimeout(.seconds(300)) {
        for (name, text) in HumanRights.texts {
          let check = expect(text)
          for limit in limits(threads) {
            check(text.parallel(in: pool, maximumBatch: limit), "\(name), \(threads) threads, at most \(limit)")
          }
        }
      }
    }

    @Test func theTextsAreWhatTheyAreSaidToBe() {
      #expect(HumanRights.articles.count == 20)
      let (composed, decomposed) = (HumanRights.texts[1].1, HumanRights.texts[3].1)
      #expect(composed == decomposed && composed.unicodeScalars.count + 200 < decomposed.unicodeScalars.count)
      #expect(composed.split(whereSeparator: \.isNewline).count > 20 && composed.contains("\r\n"))
    }

    @Test(arguments: textThreadCounts)
    func characters(_ threads: Int) throws {
      try forEachText(threads) { text in
        let (characters, units) = (Array(text), Array(text.utf8))
        return { parallel, name in
          expectEqual(Array(parallel), characters, "characters, \(name)")
          expectEqual(parallel.count(), characters.count, "number of characters, \(name)")
          // Characters that are equal may be written in another way.
          expectEqual(Array(parallel.flatMap { Array($0.utf8) }), units, "the characters' code units, \(name)")
          expectEqual(Array(String(parallel).utf8), units, "text of characters, \(name)")
        }
      }
    }

    @Test(arguments: textThreadCounts)
    func scalarsAndCodeUnits(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      withTimeout(.seconds(300)) {
        for (name, text) in HumanRights.texts {
          for limit in limits(threads) {
            let scalars = text.unicodeScalars.parallel(in: pool, maximumBatch: limit)
            expectEqual(Array(scalars), Array(text.unicodeScalars), "scalars, \(name)")
            expectEqual(Array(String(scalars).utf8), Array(text.utf8), "text of scalars, \(name)")
            expectEqual(Array(text.utf8.parallel(in: pool, maximumBatch: limit)), Array(text.utf8), "UTF-8, \(name)")
            expectEqual(Array(text.utf16.parallel(in: pool, maximumBatch: limit)), Array(text.utf16), "UTF-16, \(name)")
          }
        }
      }
    }

    @Test(arguments: textThreadCounts)
    func linesAndWords(_ threads: Int) throws {
      try forEachText(threads) { text in
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        if lines.last!.isEmpty { lines.removeLast() }
        let expectedLines = Pieces(lines, of: text)
        let words = Pieces(text.split(whereSeparator: \.isWhitespace), of: text)
        return { parallel, name in
          expectEqual(Pieces(Array(parallel.lines()), of: text), expectedLines, "lines, \(name)")
          expectEqual(Pieces(Array(parallel.words()), of: text), words, "words, \(name)")
          expectEqual(parallel.words().count(), words.places.count, "number of words, \(name)")
        }
      }
    }

    @Test(arguments: textThreadCounts, [true, false])
    func piecesBetweenSeparators(_ threads: Int, _ omits: Bool) throws {
      // The same character composed or not, a syllable, a newline of two scalars, a flag, and a family.
      let separators: [Character] = ["é", "ế", "자", "\r\n", "🇫🇷", "👨‍👩‍👧‍👦", " "]
      try forEachText(threads) { text in
        // An Armenian, an Ethiopic, a Devanagari and an ideographic full stop are among them.
        let phrases = Pieces(
          text.split(omittingEmptySubsequences: omits, whereSeparator: \.isPunctuation), of: text)
        let expected = separators.map {
          Pieces(text.split(separator: $0, omittingEmptySubsequences: omits), of: text)
        }
        return { parallel, name in
          let found = Array(parallel.split(omittingEmptySubsequences: omits) { $0.isPunctuation })
          expectEqual(Pieces(found, of: text), phrases, "pieces between punctuation, \(name)")
          for (separator, expected) in zip(separators, expected) {
            let found = Array(parallel.split(separator: separator, omittingEmptySubsequences: omits))
            expectEqual(Pieces(found, of: text), expected, "pieces between \(separator), \(name)")
          }
        }
      }
    }

    @Test(arguments: textThreadCounts)
    func matchesOfWords(_ threads: Int) throws {
      // Composed or not as they stand here; the texts are both. No i of Turkish is an ı; no ά is an α.
      let patterns = [
        "and", "Würde", "u\u{308}", "égaux", "się", "doğarlar", "i", "ı", "được", "ά", "достоинстве", "ё", "և",
        "და", "أحرارًا", "ב", "अधिकारों", "প্রতি", "அவர்கள்", "เ", "ነው", "，", "人", "が", "인간", "ᄋ", "🇫🇷", "🇷🇯", "👨‍👩‍👧‍👦",
        "👩", ".\n", "\r\n", "\n",
      ]
      try forEachText(threads) { text in
        let expected = patterns.map { pattern in Pieces(text.ranges(of: pattern).map { text[$0] }, of: text) }
        // Most of them are somewhere.
        #expect(expected.count { !$0.places.isEmpty } >= 20)
        return { parallel, name in
          for (pattern, expected) in zip(patterns, expected) {
            let found = Array(parallel.matches(of: pattern))
            expectEqual(Pieces(found, of: text), expected, "matches of \(pattern), \(name)")
          }
        }
      }
    }
  }
}

/// Where pieces of a text lie, and what they consist of.
private struct Pieces: Equatable {
  let places: [Range<Int>]
  let characters: [[Character]]

  init(_ pieces: [Substring], of text: String) {
    places = pieces.map {
      let start = text.utf8.distance(from: text.startIndex, to: $0.startIndex)
      return start..<text.utf8.distance(from: text.startIndex, to: $0.endIndex)
    }
    characters = pieces.map { Array($0) }
  }
}
