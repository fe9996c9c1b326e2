import Foundation

/// The text of a file and the encoding it was found to be in.
struct TextFile {
  enum Encoding {
    case utf8, utf16, windows1252
  }

  var text: String
  var encoding: Encoding

  /// Reads a file; the answer is `nil` if it is binary.
  ///
  /// It is read piece by piece: some files of the system say that they are empty and never end.
  init?(at path: String) throws {
    let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    defer { try? file.close() }
    var data = Data()
    while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
      data.append(piece)
      if piece.contains(0), !Self.isMarkedUTF16(data) { return nil }
      if data.count > 1 << 30 { throw CommandFailure("larger than \(size(1 << 30))") }
    }
    self.init(data)
  }

  /// What is UTF-8 without a zero byte is text. What is not is UTF-16 if it begins with a byte order mark, else Windows-1252, which has the
  /// letters of Latin-1 at the same places; if it has bytes that no such text has, it is binary.
  init?(_ data: Data) {
    if !data.contains(0), let text = String(data: data, encoding: .utf8) {
      self.init(text: text, encoding: .utf8)
    } else if Self.isMarkedUTF16(data), let text = String(data: data, encoding: .utf16), !text.contains("\0") {
      self.init(text: text, encoding: .utf16)
    } else if !Self.hasControls(data) {
      var text = String.UnicodeScalarView()
      for byte in data {
        text.append((0x80...0x9F).contains(byte) ? Self.windows1252[Int(byte) - 0x80] : Unicode.Scalar(byte))
      }
      self.init(text: String(text), encoding: .windows1252)
    } else {
      return nil
    }
  }

  private init(text: String, encoding: Encoding) {
    self.text = text
    self.encoding = encoding
  }

  private static func isMarkedUTF16(_ data: Data) -> Bool {
    data.starts(with: [0xFF, 0xFE]) || data.starts(with: [0xFE, 0xFF])
  }

  /// Whether there are control characters other than those of layout and the end of file that DOS wrote: one byte in ten of what is
  /// compressed or compiled.
  private static func hasControls(_ data: Data) -> Bool {
    (data.last == 0x1A ? data.dropLast() : data).contains { byte in
      switch byte {
      case 0x08...0x0D, 0x1B: false
      case ..<0x20, 0x7F: true
      default: false
      }
    }
  }

  /// What Windows puts at 0x80 to 0x9F, where Latin-1 has controls that are in no text. Five places are empty.
  private static let windows1252: [Unicode.Scalar] = [
    "\u{20AC}", "\u{81}", "\u{201A}", "\u{0192}", "\u{201E}", "\u{2026}", "\u{2020}", "\u{2021}",
    "\u{02C6}", "\u{2030}", "\u{0160}", "\u{2039}", "\u{0152}", "\u{8D}", "\u{017D}", "\u{8F}",
    "\u{90}", "\u{2018}", "\u{2019}", "\u{201C}", "\u{201D}", "\u{2022}", "\u{2013}", "\u{2014}",
    "\u{02DC}", "\u{2122}", "\u{0161}", "\u{203A}", "\u{0153}", "\u{9D}", "\u{017E}", "\u{0178}",
  ]
}
