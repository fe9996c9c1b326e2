/// The words and lines of some texts, and how often each word occurs.
struct Tally: Sendable, Equatable {
  var lines = 0
  var words = 0
  var occurrences: [String: Int] = [:]
  var textFiles = 0
  /// Those among the text files that are not UTF-8.
  var otherTextFiles = 0
  var binaryFiles = 0
  var unreadable: [FileTree.Unreadable] = []

  var distinctWords: Int { occurrences.count }

  /// Adds the words and lines of one text.
  ///
  /// A word is a run of letters, marks and digits of any script, with apostrophes inside it, in lower case. A last line without
  /// an end counts.
  mutating func count(_ text: String) {
    var word = String.UnicodeScalarView()
    var pendingApostrophe = false
    var isMidLine = false
    for scalar in text.unicodeScalars {
      isMidLine = scalar != "\n"
      if !isMidLine { lines += 1 }
      if scalar.isPartOfWord {
        if pendingApostrophe { word.append("'") }
        pendingApostrophe = false
        word.append(lowercasing: scalar)
      } else if !word.isEmpty {
        let isFirstApostrophe = (scalar == "'" || scalar == "\u{2019}") && !pendingApostrophe
        pendingApostrophe = isFirstApostrophe
        if !isFirstApostrophe { finish(&word) }
      }
    }
    finish(&word)
    if isMidLine { lines += 1 }
  }

  private mutating func finish(_ word: inout String.UnicodeScalarView) {
    guard !word.isEmpty else { return }
    words += 1
    occurrences[String(word), default: 0] += 1
    word.removeAll()
  }

  /// Adds what another tally has counted.
  mutating func merge(_ other: Tally) {
    lines += other.lines
    words += other.words
    occurrences.merge(other.occurrences, uniquingKeysWith: +)
    textFiles += other.textFiles
    otherTextFiles += other.otherTextFiles
    binaryFiles += other.binaryFiles
    unreadable += other.unreadable
  }

  /// The most frequent words, equally frequent ones in alphabetical order.
  func mostFrequent(_ count: Int) -> [WordFrequency] {
    let all = occurrences.map { WordFrequency(word: $0.key, count: $0.value) }
    return Array(all.sorted { ($1.count, $0.word) < ($0.count, $1.word) }.prefix(count))
  }
}

/// A word and how often it occurs.
struct WordFrequency: Codable, Equatable {
  var word: String
  var count: Int
}

extension Unicode.Scalar {
  fileprivate var isPartOfWord: Bool {
    switch value {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: return true
    case ..<0x80: return false
    default: break
    }
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
      .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber:
      return true
    default: return false
    }
  }
}

extension String.UnicodeScalarView {
  fileprivate mutating func append(lowercasing scalar: Unicode.Scalar) {
    switch scalar.value {
    case 0x41...0x5A: append(Unicode.Scalar(UInt8(scalar.value + 0x20)))
    case ..<0x80: append(scalar)
    default: append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
    }
  }
}
