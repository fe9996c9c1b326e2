/// Figures side by side.
struct Table {
  enum Cell {
    case text(String)
    case number(Double)
    case range(Double, Double)
    case none

    var text: String {
      switch self {
      case .text(let text): text
      case .number(let value): Cell.format(value)
      case .range(let low, let high): "\(Cell.format(low))–\(Cell.format(high))"
      case .none: "–"
      }
    }

    var json: String {
      switch self {
      case .text(let text): Table.quoted(text)
      case .number(let value): value.isFinite ? "\(value)" : "null"
      case .range(let low, let high): "[\(low), \(high)]"
      case .none: "null"
      }
    }

    /// Three significant digits.
    static func format(_ value: Double) -> String {
      guard value.isFinite else { return "–" }
      let magnitude = abs(value)
      if magnitude >= 100 { return grouped(Int(value.rounded())) }
      let decimals = magnitude >= 10 ? 1 : magnitude >= 0.01 || magnitude == 0 ? 2 : 4
      let scale = [1.0, 10, 100, 1000, 10000][decimals]
      let scaled = Int((magnitude * scale).rounded())
      let fraction = String(scaled % Int(scale))
      let zeros = String(repeating: "0", count: decimals - fraction.count)
      return (value < 0 && scaled > 0 ? "-" : "") + "\(scaled / Int(scale)).\(zeros)\(fraction)"
    }

    private static func grouped(_ value: Int) -> String {
      var digits = String(value.magnitude)
      var groups: [String] = []
      while digits.count > 3 {
        groups.insert(String(digits.suffix(3)), at: 0)
        digits.removeLast(3)
      }
      return (value < 0 ? "-" : "") + ([digits] + groups).joined(separator: " ")
    }
  }

  let title: String
  let columns: [String]
  var rows: [[Cell]] = []

  init(_ title: String, _ columns: [String]) {
    self.title = title
    self.columns = columns
  }

  /// As Markdown, aligned for reading as plain text too.
  var markdown: String {
    let cells = [columns] + rows.map { $0.map(\.text) }
    let widths = columns.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    func line(_ row: [String]) -> String {
      let padded = row.indices.map { column in
        let space = String(repeating: " ", count: widths[column] - row[column].count)
        return column == 0 ? row[column] + space : space + row[column]
      }
      return "| " + padded.joined(separator: " | ") + " |"
    }
    let rule = widths.indices.map { column in
      column == 0
        ? String(repeating: "-", count: widths[0] + 2) : String(repeating: "-", count: widths[column] + 1) + ":"
    }
    return (["\(title)", "", line(cells[0]), "|" + rule.joined(separator: "|") + "|"] + cells.dropFirst().map(line))
      .joined(separator: "\n")
  }

  var json: String {
    let rows = rows.map { row in
      "{" + zip(columns, row).map { "\(Table.quoted($0)): \($1.json)" }.joined(separator: ", ") + "}"
    }
    return "{\"title\": \(Table.quoted(title)), \"rows\": [\(rows.joined(separator: ", "))]}"
  }

  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
