/// How many columns of a terminal the text takes: none for a mark that joins the letter before it, two for a wide character.
func displayWidth(_ text: some StringProtocol) -> Int {
  text.unicodeScalars.reduce(0) { $0 + $1.displayWidth }
}

/// As much of the text as fits, with "…" for what was left out at the end.
func shortened(_ text: String, to width: Int) -> String {
  guard displayWidth(text) > width else { return text }
  return width < 1 ? "" : prefix(of: text, columns: width - 1) + "…"
}

/// As much of both ends of the text as fits, with "…" for what was left out between them.
func shortenedInTheMiddle(_ text: String, to width: Int) -> String {
  guard displayWidth(text) > width else { return text }
  let end = String(prefix(of: String(text.reversed()), columns: (width - 1) * 2 / 3).reversed())
  return shortened(text, to: width - displayWidth(end)) + end
}

private func prefix(of text: String, columns: Int) -> String {
  var result = ""
  var width = 0
  for character in text {
    width += displayWidth(String(character))
    if width > columns { break }
    result.append(character)
  }
  return result
}

extension Unicode.Scalar {
  /// As terminals count, one scalar at a time: they do not know which of them a font would join.
  fileprivate var displayWidth: Int {
    switch value {
    case 0x20...0x7E: return 1
    case ..<0xA0: return 0
    case 0x1160...0x11FF: return 0  // the later parts of a Korean syllable
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1B000...0x1B2FF, 0x20000...0x3FFFD:
      return 2
    default: break
    }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return value == 0xAD ? 1 : 0
    default: return properties.isEmojiPresentation ? 2 : 1
    }
  }
}
