import ArgumentParser
import Foundation
import Skein

struct WordsCommand: ParsableCommand {
  static let topBounds = 0...10_000

  static let configuration = CommandConfiguration(
    commandName: "words",
    abstract: "Counts the words of all text files under a directory, in parallel.",
    discussion: """
      Names that begin with a point and binary files are skipped. Text that is not UTF-8 is read as Windows-1252, which \
      Latin-1 is a part of, or as UTF-16 if it begins with a byte order mark. A file or directory that cannot be read is reported on \
      standard error, the others are counted, and the exit status is not zero.
      """)

  @OptionGroup var threadOption: ThreadOption
  @OptionGroup var output: OutputOption

  @Argument(help: "A directory or a file (default: the text of this package).")
  var path: String?

  @Option(parsing: .unconditional, help: "How many of the most frequent words to print.")
  var top = 10

  func validate() throws {
    try require(top, in: Self.topBounds, for: "--top")
  }

  func run() throws {
    try output.show(Self.report(path: path, threads: threadOption.count, top: top))
  }

  static func report(path: String?, threads: Int, top: Int) throws -> WordsReport {
    let path = try path ?? packagePath()
    let tree = try FileTree(at: path)
    let pool = try ThreadPool(threadCount: threads)
    defer { pool.shutdown() }
    let watch = MachineWatch()
    let run = withProgress("words", total: tree.files.count) { CountedRun(tree.files, in: pool, progress: $0) }
    let tally = run.tally
    return WordsReport(
      path: path, threads: threads, textFiles: tally.textFiles, otherTextFiles: tally.otherTextFiles,
      binaryFiles: tally.binaryFiles, lines: tally.lines, words: tally.words, distinctWords: tally.distinctWords,
      mostFrequent: tally.mostFrequent(top), unreadable: tree.unreadable + tally.unreadable,
      rounds: run.rounds, sequentialSeconds: run.sequentialSeconds, parallelSeconds: run.parallelSeconds,
      resultsAgree: run.resultsAgree, machine: watch.state)
  }

  /// The directory of the package that this program was built from, else the working directory if it is that package.
  private static func packagePath(file: String = #filePath) throws -> String {
    let source = URL(fileURLWithPath: file)
    let built = source.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let working = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
    for directory in [built, working] {
      let manifest = directory.appendingPathComponent("Package.swift").path
      if FileManager.default.fileExists(atPath: manifest) {
        return directory.path
      }
    }
    throw CommandFailure(
      "the text of the package is not where it was built: name a directory, as in 'skein words PATH'")
  }
}
