/// What a directory of text holds, counted sequentially and in parallel.
struct WordsReport: Report {
  var path: String
  var threads: Int
  var textFiles: Int
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

  var failures: [String] {
    let differences = resultsAgree ? [] : ["words: the parallel count differs from the sequential one"]
    return unreadable.map { "cannot read \($0.path): \($0.reason)" } + differences
  }

  var text: String {
    var table = TextTable(
      """
      Words: what the text files under \(path) hold, and the median time of \(counted(rounds, "run")) that count them one \
      after another and on \(counted(threads, "thread")).
      """,
      columns: [
        .right("files"), .right("binary, skipped"), .right("unreadable"), .right("lines"), .right("words"),
        .right("distinct"), .right("sequential"), .right("parallel"), .right("speedup"), .left("result"),
      ])
    table.append([
      grouped(textFiles), grouped(binaryFiles), grouped(unreadable.count), grouped(lines), grouped(words),
      grouped(distinctWords), duration(sequentialSeconds), duration(parallelSeconds),
      ratio(sequentialSeconds, over: parallelSeconds), verdict(resultsAgree),
    ])
    table.note("Right: every parallel count gave the words, lines and frequencies of the sequential one.")
    guard !mostFrequent.isEmpty else { return table.text }
    var words = TextTable("The most frequent words.", columns: [.left("word"), .right("count")])
    for frequency in mostFrequent {
      words.append([frequency.word, grouped(frequency.count)])
    }
    return table.text + "\n\n" + words.text
  }
}
