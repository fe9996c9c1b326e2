/// A table of text with aligned columns, headed by one sentence that says what it shows, in lines of at most 80 columns.
///
/// Columns that do not fit beside the others follow in a block of their own below, beside the first columns again.
struct TextTable {
  static let width = 80
  enum Alignment {
    case left, right
  }

  struct Column {
    /// On several lines if it has line ends.
    let title: String
    let alignment: Alignment
    /// Whether it belongs to the column before it: it is never parted from that one, and only one blank is between them.
    var isJoined = false

    static func left(_ title: String) -> Column { Column(title: title, alignment: .left) }
    static func right(_ title: String) -> Column { Column(title: title, alignment: .right) }
    static func joined(_ title: String) -> Column { Column(title: title, alignment: .right, isJoined: true) }
  }

  let heading: String
  let columns: [Column]
  /// How many of the first columns say which row it is, and come again in every block.
  let keys: Int
  /// A longer cell is cut, so that every block has room for one beside the keys.
  private let cellWidth: Int
  private(set) var rows: [[String]] = []
  private(set) var notes: [String] = []

  init(_ heading: String, keys: Int = 1, columns: [Column]) {
    self.heading = heading
    self.keys = keys
    cellWidth = min(Self.width / (keys + 1) - 2, 36)
    self.columns = columns
  }

  mutating func append(_ row: [String]) {
    precondition(row.count == columns.count, "a row must have one cell for every column")
    rows.append(row.map { shortened($0, to: cellWidth) })
  }

  mutating func note(_ text: String) {
    notes.append(text)
  }

  /// The heading, a blank line, the rows under their titles and the notes; no line has trailing blanks.
  var text: String {
    let titles = columns.map { $0.title.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
    let widths = columns.indices.map { index in
      (titles[index] + rows.map { $0[index] }).reduce(0) { max($0, displayWidth($1)) }
    }
    var lines = wrapped(heading, width: Self.width)
    for block in blocks(widths) {
      let height = block.reduce(1) { max($0, titles[$1].count) }
      lines.append("")
      for level in (0..<height).reversed() {
        lines.append(line(block, widths) { titles[$0].dropLast(level).last ?? "" })
      }
      lines.append(line(block, widths) { String(repeating: "-", count: widths[$0]) })
      lines += rows.map { row in line(block, widths) { row[$0] } }
    }
    for note in notes {
      lines += wrapped(note, width: Self.width - 2).map { "  " + $0 }
    }
    return lines.joined(separator: "\n")
  }

  /// The columns of each block: as many as fit.
  private func blocks(_ widths: [Int]) -> [[Int]] {
    let first = Array(columns.indices.prefix(keys))
    var blocks = [first]
    var column = keys
    while column < columns.count {
      let next = columns.indices.first { $0 > column && !columns[$0].isJoined } ?? columns.count
      let longer = (blocks.last ?? []) + (column..<next)
      if lineWidth(longer, widths) <= Self.width || longer.count == keys + next - column {
        blocks[blocks.count - 1] = longer
      } else {
        blocks.append(first + (column..<next))
      }
      column = next
    }
    return blocks
  }

  private func lineWidth(_ block: [Int], _ widths: [Int]) -> Int {
    block.reduce(0) { $0 + gap(before: $1).count + widths[$1] }
  }

  /// What is before a column; the first one is indented.
  private func gap(before column: Int) -> String {
    columns[column].isJoined ? " " : "  "
  }

  private func line(_ block: [Int], _ widths: [Int], _ cell: (Int) -> String) -> String {
    let joined = block.map { gap(before: $0) + pad(cell($0), to: widths[$0], columns[$0].alignment) }.joined()
    return String(joined.prefix(through: joined.lastIndex { $0 != " " } ?? joined.startIndex))
  }

  private func pad(_ cell: String, to width: Int, _ alignment: Alignment) -> String {
    let blanks = String(repeating: " ", count: width - displayWidth(cell))
    return alignment == .left ? cell + blanks : blanks + cell
  }
}

/// The text broken between words into lines of at most `width` columns, longer words excepted.
func wrapped(_ text: String, width: Int) -> [String] {
  var lines: [String] = []
  for word in text.split(separator: " ") {
    if let last = lines.last, displayWidth(last) + 1 + displayWidth(word) <= width {
      lines[lines.count - 1] += " \(word)"
    } else {
      lines.append(String(word))
    }
  }
  return lines
}
