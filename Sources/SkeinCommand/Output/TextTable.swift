/// A table of text with aligned columns, headed by one sentence that says what it shows.
struct TextTable {
  enum Alignment {
    case left, right
  }

  struct Column {
    let title: String
    let alignment: Alignment

    static func left(_ title: String) -> Column { Column(title: title, alignment: .left) }
    static func right(_ title: String) -> Column { Column(title: title, alignment: .right) }
  }

  let heading: String
  let columns: [Column]
  private(set) var rows: [[String]] = []
  private(set) var notes: [String] = []

  init(_ heading: String, columns: [Column]) {
    self.heading = heading
    self.columns = columns
  }

  mutating func append(_ row: [String]) {
    precondition(row.count == columns.count, "a row must have one cell for every column")
    rows.append(row)
  }

  mutating func note(_ text: String) {
    notes.append(text)
  }

  /// The heading, a blank line, the rows under their titles and the notes; no line has trailing blanks.
  var text: String {
    let widths = columns.indices.map { index in
      rows.reduce(columns[index].title.count) { max($0, $1[index].count) }
    }
    func line(_ cells: [String]) -> String {
      let padded = cells.indices.map { pad(cells[$0], to: widths[$0], columns[$0].alignment) }
      let joined = padded.joined(separator: "  ")
      return "  " + joined.prefix(through: joined.lastIndex { $0 != " " } ?? joined.startIndex)
    }
    var lines = wrapped(heading, width: 100)
    lines.append("")
    lines.append(line(columns.map(\.title)))
    lines.append("  " + widths.map { String(repeating: "-", count: $0) }.joined(separator: "  "))
    lines += rows.map(line)
    for note in notes {
      lines += wrapped(note, width: 98).map { "  " + $0 }
    }
    return lines.joined(separator: "\n")
  }

  private func pad(_ cell: String, to width: Int, _ alignment: Alignment) -> String {
    let blanks = String(repeating: " ", count: width - cell.count)
    return alignment == .left ? cell + blanks : blanks + cell
  }
}

/// The text broken between words into lines of at most `width` characters, longer words excepted.
func wrapped(_ text: String, width: Int) -> [String] {
  var lines: [String] = []
  for word in text.split(separator: " ") {
    if let last = lines.last, last.count + 1 + word.count <= width {
      lines[lines.count - 1] += " \(word)"
    } else {
      lines.append(String(word))
    }
  }
  return lines
}
