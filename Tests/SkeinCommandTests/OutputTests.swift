import Testing

@testable import SkeinCommand

@Suite struct OutputTests {
  @Test func columnsAreAligned() {
    var table = TextTable("What it shows.", columns: [.left("name"), .right("count"), .left("note")])
    table.append(["a", "1", ""])
    table.append(["longer", "12 345", "näh"])
    table.note("A note.")
    #expect(
      table.text == """
        What it shows.

          name     count  note
          ------  ------  ----
          a            1
          longer  12 345  näh
          A note.
        """)
  }

  @Test func aTableWithoutRows() {
    let table = TextTable("Nothing.", columns: [.left("one"), .right("two")])
    #expect(table.text == "Nothing.\n\n  one  two\n  ---  ---")
  }

  @Test func columnsThatDoNotFitFollowBelow() {
    var table = TextTable(
      "What it shows.", keys: 1,
      columns: [.left("name"), .right("two\nlines"), .joined("")] + [
        .left(String(repeating: "x", count: 60)), .right("z"),
      ])
    table.append(["日本", "1", "2x", "a", "b"])
    let rule = String(repeating: "-", count: 60)
    #expect(
      table.text == """
        What it shows.

                  two
          name  lines     \(String(repeating: "x", count: 60))
          ----  ----- --  \(rule)
          日本      1 2x  a

          name  z
          ----  -
          日本  b
        """)
  }

  @Test(arguments: 1...9) func noTableIsWiderThanAPage(columns: Int) {
    let cells = ["", "1", "999.9 ms", "-1 000 000 000 000", "日本語の言葉", String(repeating: "word", count: 100)]
    for cell in cells {
      for keys in 0...min(columns, 2) {
        var table = TextTable(
          "A heading of many words, so that it takes more than one line of those that a page of eighty columns has.",
          keys: keys, columns: (0..<columns).map { $0.isMultiple(of: 2) ? .left("column") : .right("two\nlines") })
        table.append(.init(repeating: cell, count: columns))
        table.note(
          "A note of many words, so that it takes more than one line of those that a page of eighty columns has.")
        #expect(widest(table.text) <= 80)
      }
    }
  }

  @Test func whatIsTooLongIsCut() {
    #expect(shortened("abcdef", to: 6) == "abcdef")
    #expect(shortened("abcdef", to: 4) == "abc…")
    #expect(shortened("日本語", to: 5) == "日本…")
    #expect(shortened("日本語", to: 4) == "日…")
    #expect(shortened("abc", to: 0) == "")
    #expect(shortenedInTheMiddle("/a/long/path/to/file", to: 12) == "/a/l…to/file")
    #expect(shortenedInTheMiddle("/a/path", to: 12) == "/a/path")
  }

  @Test(arguments: [
    ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("한글", 4), ("\u{1112}\u{1161}\u{11AB}", 2), ("👍", 2),
    ("\u{200B}", 0),
    ("→…–", 3), ("ｆｕｌｌ", 8), ("ﾊﾝ", 2), ("", 0),
  ])
  func columnsOfText(text: String, width: Int) {
    #expect(displayWidth(text) == width)
  }

  @Test func longTextIsBrokenBetweenWords() {
    #expect(wrapped("aa bb cc", width: 5) == ["aa bb", "cc"])
    #expect(wrapped("abcdefgh i", width: 5) == ["abcdefgh", "i"])
    #expect(wrapped("", width: 5) == [])
  }

  @Test(arguments: [
    (0, 2, "0.00"), (1.005, 0, "1"), (2.5, 1, "2.5"), (-0.04, 1, "0.0"), (-1.25, 2, "-1.25"), (0.999, 2, "1.00"),
    (12.034, 3, "12.034"), (.infinity, 2, "inf"), (.nan, 2, "nan"),
  ])
  func numbersWithFixedDigits(value: Double, digits: Int, text: String) {
    #expect(fixed(value, digits: digits) == text)
  }

  @Test func durationsSizesAndCounts() {
    #expect(duration(12.345) == "12.35 s")
    #expect(duration(0.0123) == "12.3 ms")
    #expect(duration(0.0000042) == "4.2 us")
    #expect([0.00099996, 0.99996, 999.996, 9999.96].map(duration) == ["1.0 ms", "1.00 s", "1000.0 s", "10000 s"])
    #expect(size(8 << 20) == "8 MiB")
    #expect(size(1 << 29) == "512 MiB")
    #expect(size(3 << 29) == "1.5 GiB")
    #expect(size(100) == "100 B")
    #expect([0, 999, 1000, 1_234_567, -1000].map(grouped) == ["0", "999", "1 000", "1 234 567", "-1 000"])
    #expect(counted(1, "thread") == "1 thread")
    #expect(counted(2000, "thread") == "2 000 threads")
    #expect(ratio(2, over: 1) == "2.00x")
    #expect(ratio(1, over: 0) == "-")
    #expect([9.996, 12.34, 99.96, 1024].map { ratio($0, over: 1) } == ["10.0x", "12.3x", "100x", "1024x"])
    #expect(ratio(0.0001, over: 0.01) == "-")
    #expect(median([3, 1, 2]) == 2)
    #expect(median([4, 1, 2, 3]) == 2)
  }

  @Test func theBarStaysWithinItsBounds() {
    func line(_ count: Int) -> String { ProgressBar.line("work", count, of: 10, width: 80) }
    #expect(line(0) == "work [\(String(repeating: " ", count: 40))]   0 %")
    #expect(line(12) == "work [\(String(repeating: "=", count: 40))] 100 %")
    #expect(line(-1) == line(0))
    #expect(ProgressBar.line("work", .max, of: .max, width: 80) == line(10))
  }

  @Test(arguments: ["work", ".innerWork, inBlocks(ofCount: 100)", "仕事をしている間はこの棒が伸びていく", "e\u{301}te\u{301}", "👩‍👩‍👧 👍🏽", ""])
  func theBarFitsEveryTerminal(title: String) {
    for width in 0...200 {
      for count in [0, 1, 50, 100] {
        let line = ProgressBar.line(title, count, of: 100, width: width)
        #expect(displayWidth(line) <= max(width - 3, 0), "\(width) columns: \(line)")
        #expect(width < 8 || line.hasSuffix("\(count) %"))
      }
    }
  }

  @Test func theBarKeepsAsMuchAsHasRoom() {
    #expect(ProgressBar.line("a long title", 5, of: 10, width: 40) == "a long title [========        ]  50 %")
    #expect(ProgressBar.line("a long title with more", 5, of: 10, width: 40) == "a long title … [=======       ]  50 %")
    #expect(ProgressBar.line("a long title", 5, of: 10, width: 18) == "a long t…  50 %")
    #expect(ProgressBar.line("a long title", 5, of: 10, width: 8) == "50 %")
    #expect(ProgressBar.line("a long title", 5, of: 10, width: 3) == "")
  }

  @Test func aBarThatNobodySeesCostsNothing() {
    let bar = ProgressBar("work", total: 0, isVisible: false)
    bar.advance(by: 3)
    bar.finish()
  }
}

/// The widest line of a text, in columns of a terminal.
func widest(_ text: String) -> Int {
  text.split(separator: "\n").map(displayWidth).max() ?? 0
}
