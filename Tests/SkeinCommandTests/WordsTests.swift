import Foundation
import Skein
import Testing

@testable import SkeinCommand

@Suite struct WordsTests {
  private func tally(_ text: String) -> Tally {
    var tally = Tally()
    tally.count(text)
    return tally
  }

  @Test(
    arguments: [
      ("", [:], 0),
      ("\n\n", [:], 2),
      ("one", ["one": 1], 1),
      ("One two\nTWO", ["one": 1, "two": 2], 2),
      (
        "don't 'quote' it''s a dog's\u{2019} life",
        ["don't": 1, "quote": 1, "it": 1, "s": 1, "a": 1, "dog's": 1, "life": 1], 1
      ),
      ("Straße ΣΟΦΟΣ 日本 x2\r\n", ["straße": 1, "σοφοσ": 1, "日本": 1, "x2": 1], 1),
      ("cafe\u{301} – naïve", ["cafe\u{301}": 1, "naïve": 1], 1),
      ("--- *** 1.5", ["1": 1, "5": 1], 1),
    ] as [(String, [String: Int], Int)])
  func wordsAndLines(text: String, occurrences: [String: Int], lines: Int) {
    let tally = tally(text)
    #expect(tally.occurrences == occurrences)
    #expect(tally.lines == lines)
    #expect(tally.words == occurrences.values.reduce(0, +))
  }

  @Test func theMostFrequentComeFirstThenTheAlphabet() {
    let words = tally("b b a a c d d d").mostFrequent(3)
    #expect(words.map(\.word) == ["d", "a", "b"])
    #expect(words.map(\.count) == [3, 2, 2])
  }

  @Test(arguments: [1, 2, 4]) func parallelEqualsSequential(threads: Int) throws {
    try withTemporaryDirectory { directory in
      for index in 0..<60 {
        let text = (0..<index * 20).map { "word\($0 % (index + 1)) été \($0)" }.joined(separator: " \n")
        try directory.write(text, to: "\(index % 7)/\(index).txt")
      }
      try directory.write(Data([0x61, 0x00, 0x62]), to: "binary")
      try directory.write(Data([0x61, 0xFF, 0x62]), to: "other/latin")
      try directory.write("", to: "empty")
      try directory.write("hidden", to: ".hidden/file")
      let tree = try FileTree(at: directory.path)
      #expect(tree.files.count == 63)
      #expect(tree.unreadable.isEmpty)
      let pool = try ThreadPool(threadCount: threads)
      defer { pool.shutdown() }
      let missing = directory.path + "/missing"
      let sequential = countWords(tree.files + [missing])
      #expect(sequential.textFiles == 62)
      #expect(sequential.otherTextFiles == 1)
      #expect(sequential.binaryFiles == 1)
      #expect(sequential.unreadable == [.init(path: missing, reason: "no such file or directory")])
      #expect(sequential.occurrences["hidden"] == nil)
      #expect(sequential == countWords(tree.files + [missing], in: pool))
    }
  }

  @Test func linksAndSpecialFiles() throws {
    try withTemporaryDirectory { directory in
      let file = try directory.write("a", to: "real")
      func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(
          atPath: directory.appendingPathComponent(name).path, withDestinationPath: target)
      }
      try link("alias", to: "real")
      try link("round", to: ".")
      try link("broken", to: "nowhere")
      try link("device", to: "/dev/null")
      let tree = try FileTree(at: directory.path)
      #expect(tree.files == [directory.path + "/alias", file.path])
      #expect(tree.unreadable.map(\.path) == [directory.path + "/broken"])
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/zero"))) func filesWithoutEndAreBinary() {
    var tally = Tally()
    tally.count(fileAt: "/dev/zero")
    #expect(tally.binaryFiles == 1)
  }

  @Test func oneFileIsATree() throws {
    try withTemporaryDirectory { directory in
      let file = try directory.write("a b", to: "text")
      #expect(try FileTree(at: file.path).files == [file.path])
      #expect(try WordsCommand.report(path: file.path, threads: 1, top: 5).words == 2)
    }
  }

  @Test func unreadableDirectoriesAreReported() throws {
    try withTemporaryDirectory { directory in
      try directory.write("secret", to: "closed/file")
      let closed = directory.appendingPathComponent("closed").path
      try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: closed)
      defer { try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: closed) }
      // Whoever may read everything, as the superuser does, sees the file.
      let mayReadAll = (try? FileManager.default.contentsOfDirectory(atPath: closed)) != nil
      let tree = try FileTree(at: directory.path)
      #expect(tree.unreadable == (mayReadAll ? [] : [.init(path: closed, reason: "permission denied")]))
    }
  }

  @Test func anEmptyDirectoryIsNoError() throws {
    try withTemporaryDirectory { directory in
      let report = try WordsCommand.report(path: directory.path, threads: 2, top: 5)
      #expect(report.failures.isEmpty)
      #expect(try JSONDecoder().decode(WordsReport.self, from: Data(jsonText(report).utf8)).rounds == 5)
      #expect((report.textFiles, report.words, report.lines) == (0, 0, 0))
      #expect(report.mostFrequent.isEmpty)
    }
  }

  @Test(
    arguments: [
      ([0x63, 0x61, 0x66, 0xE9], "café", .windows1252),
      ([0xC0, 0x20, 0xFF, 0x0D, 0x0A, 0x1A], "À ÿ\r\n\u{1A}", .windows1252),
      ([0x91, 0x61, 0x92, 0x80, 0x81, 0x9F], "‘a’€\u{81}Ÿ", .windows1252),
      ([0x63, 0x61, 0x66, 0xC3, 0xA9], "café", .utf8),
      ([0x61, 0x01], "a\u{1}", .utf8),
      ([0xFF, 0xFE, 0x61, 0x00, 0xE9, 0x00], "aé", .utf16),
      ([0xFE, 0xFF, 0x00, 0x61, 0x00, 0xE9], "aé", .utf16),
      ([], "", .utf8),
    ] as [([UInt8], String, TextFile.Encoding)])
  func textInOtherEncodings(bytes: [UInt8], text: String, encoding: TextFile.Encoding) throws {
    let file = try #require(TextFile(Data(bytes)))
    #expect(file.text == text)
    #expect(file.encoding == encoding)
    try withTemporaryDirectory { directory in
      let url = try directory.write(Data(bytes), to: "file")
      #expect(try TextFile(at: url.path)?.text == text)
    }
  }

  @Test(
    arguments: [
      [0x61, 0x00], [0x00], [0xE9, 0x01], [0xE9, 0x1A, 0x61], [0xE9, 0x7F],
      [0x1F, 0x8B, 0x08, 0xFF, 0x04, 0x03],  // the beginning of what gzip writes
      [0xFF, 0xFE, 0x00, 0x00, 0x61, 0x00, 0x00, 0x00],  // UTF-32 is not read
      [0xFF, 0xFE, 0x00, 0xD8, 0x61, 0x00],  // half of a pair
    ] as [[UInt8]])
  func whatIsNoText(bytes: [UInt8]) throws {
    #expect(TextFile(Data(bytes)) == nil)
    try withTemporaryDirectory { directory in
      let url = try directory.write(Data(bytes), to: "file")
      #expect(try TextFile(at: url.path) == nil)
    }
  }

  @Test func latinWordsAreCountedAsTheSameWordsInUTF8() throws {
    try withTemporaryDirectory { directory in
      let text = "Été à la Forêt d'Évreux\n"
      try directory.write(try #require(text.data(using: .isoLatin1)), to: "latin")
      try directory.write(text, to: "utf")
      let report = try WordsCommand.report(path: directory.path, threads: 2, top: 10)
      #expect(report.mostFrequent.map(\.count) == [2, 2, 2, 2, 2])
      #expect((report.textFiles, report.otherTextFiles, report.binaryFiles) == (2, 1, 0))
      #expect(report.text.contains("Windows-1252 or UTF-16: 1 file."))
    }
  }

  @Test func extremesFitThePage() {
    let report = WordsReport(
      path: String(repeating: "/some/where", count: 30), threads: 1024, textFiles: 10_000_000,
      otherTextFiles: 10_000_000,
      binaryFiles: 10_000_000, lines: 10_000_000_000, words: 100_000_000_000, distinctWords: 1_000_000_000,
      mostFrequent: [
        .init(word: String(repeating: "f", count: 1000), count: 1_000_000),
        .init(word: String(repeating: "語", count: 90), count: 1),
      ],
      unreadable: [], rounds: 5, sequentialSeconds: 99_999.9, parallelSeconds: 99_999.9, resultsAgree: false,
      machine: .init(processors: 2, available: 0.5))
    #expect(widest(report.text) <= 80)
    #expect(report.text.contains("BUSY"))
  }
}
