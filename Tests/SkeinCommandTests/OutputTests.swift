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
    #expect(size(8 << 20) == "8 MiB")
    #expect(size(1 << 29) == "512 MiB")
    #expect(size(3 << 29) == "1.5 GiB")
    #expect(size(100) == "100 B")
    #expect([0, 999, 1000, 1_234_567, -1000].map(grouped) == ["0", "999", "1 000", "1 234 567", "-1 000"])
    #expect(counted(1, "thread") == "1 thread")
    #expect(counted(2000, "thread") == "2 000 threads")
    #expect(ratio(2, over: 1) == "2.00x")
    #expect(ratio(1, over: 0) == "-")
    #expect(ratio(0.0001, over: 0.01) == "-")
    #expect(median([3, 1, 2]) == 2)
    #expect(median([4, 1, 2, 3]) == 2)
  }

  @Test func theBarStaysWithinItsBounds() {
    #expect(ProgressBar.line("work", 0, of: 10) == "work [\(String(repeating: " ", count: 40))]   0 %")
    #expect(ProgressBar.line("work", 12, of: 10) == "work [\(String(repeating: "=", count: 40))] 100 %")
  }

  @Test func aBarThatNobodySeesCostsNothing() {
    let bar = ProgressBar("work", total: 0, isVisible: false)
    bar.advance(by: 3)
    bar.finish()
  }
}
