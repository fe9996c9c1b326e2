/// What a directory of text holds, counted sequentially and in parallel.
struct WordsReport: Report {
  var path: String
  var threads: Int
  var textFiles: Int
  /// Those among the text files that are not UTF-8.
  var otherTextFiles = 0
  var binaryFiles: Int
  var lines: Int
  var words: Int
  var distinctWords: Int
  var mostFrequent: [WordFrequency]
  var unreadable: [FileTree.Unreadable]
  var rounds: Int
  var sequentialSeconds: Double
  var parallelSeconds: Double
  var resultsAgree: Bool
  var machine: MachineState?

  var failures: [String] {
    let differences = resultsAgree ? [] : ["words: the parallel count differs from the sequential one"]
    return unreadable.map { "cannot read \($0.path): \($0.reason)" } + differences
  }

  var text: String {
    let tables = mostFrequent.isEmpty ? [contents, times] : [contents, frequencies, times]
    return tables.map(\.text).joined(separator: "\n\n")
  }

  private var contents: TextTable {
    var table = TextTable(
      "Words: what the text files under \(shortenedInTheMiddle(path, to: 50)) hold.", keys: 0,
      columns: [
        .right("files"), .right("binary,\nskipped"), .right("not\nreadable"), .right("lines"), .right("words"),
        .right("distinct\nwords"),
      ])
    table.append([textFiles, binaryFiles, unreadable.count, lines, words, distinctWords].map(grouped))
    if otherTextFiles > 0 {
      table.note("Not UTF-8, and read as Windows-1252 or UTF-16: \(counted(otherTextFiles, "file")).")
    }
    return table
  }

  private var frequencies: TextTable {
    var table = TextTable("The most frequent words.", columns: [.left("word"), .right("count")])
    for frequency in mostFrequent {
      table.append([frequency.word, grouped(frequency.count)])
    }
    return table
  }

  private var times: TextTable {
    var table = TextTable(
      """
      The median time of \(counted(rounds, "run")) that count them one after another and on \
      \(counted(threads, "thread")).
      """, keys: 0, columns: [.right("sequential"), .right("parallel"), .right("speedup"), .left("result")])
    table.append([
      duration(sequentialSeconds), duration(parallelSeconds), ratio(sequentialSeconds, over: parallelSeconds),
      verdict(resultsAgree),
    ])
    table.note("Right: every parallel count gave the words, lines and frequencies of the sequential one.")
    table.note(machine)
    return table
  }
}
