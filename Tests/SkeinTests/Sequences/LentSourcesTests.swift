import Skein
import Testing

extension InTurn {
  /// Optionals, inline arrays, spans, sequences that are used up, and collections without anything of their own.
  @Suite struct LentSourcesTests {
    @Test func optionals() {
      expect((5 as Int?).parallel, toBe: [5], "some")
      expect((nil as Int?).parallel, toBe: [], "none")
      #expect(Array(chain(("a" as String?).parallel, ["b"].parallel)) == ["a", "b"])
    }

    @available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *)
    @Test func inlineArrays() {
      expect(([1, 2, 3, 4, 5] as [5 of Int]).parallel, toBe: [1, 2, 3, 4, 5], "numbers")
      expect(([] as [0 of Int]).parallel, toBe: [], "none")
      let long = "a string that is too long to lie inline"
      expect((["a", long, "c"] as [3 of String]).parallel.reversed(), toBe: ["c", long, "a"], "strings")
    }

    @Test(arguments: [1, 3])
    func spans(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let array = (0..<10_000).map { "\($0)" }
      let length = array.span.withParallel(in: pool) { $0.map { $0.utf8.count }.sum() }
      #expect(length == array.map { $0.utf8.count }.reduce(0, +))
      let sevens = array.span.withParallel(in: pool) { Array($0.filter { $0.hasSuffix("7") }) }
      #expect(sevens == array.filter { $0.hasSuffix("7") })
      let none: [Int] = []
      let sum = none.span.withParallel { $0.sum() }
      #expect(sum == 0)
      #expect(throws: TestError(777)) {
        try array.span.withParallel(in: pool) { (elements) throws(TestError) in
          try elements.forEach { (element) throws(TestError) in if element == "777" { throw TestError(777) } }
        }
      }
    }

    @available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *)
    @Test func inlineArraysChangedInPlace() {
      var numbers: InlineArray<7, Int> = [3, 1, 4, 1, 5, 9, 2]
      func values() -> [Int] { numbers.indices.map { numbers[$0] } }
      numbers.parallel.modifyEach { $0 *= 2 }
      #expect(values() == [6, 2, 8, 2, 10, 18, 4])
      numbers.parallel.modifyEach(chunksOf: 3) { index, chunk in
        for place in chunk.indices { chunk[place] += 100 * index }
      }
      #expect(values() == [6, 2, 8, 102, 110, 118, 204])
      numbers.parallel.modifyEachSpan { span, offset in
        for place in span.indices { span[place] = offset + place }
      }
      #expect(values() == Array(0..<7))
      #expect(throws: TestError(4)) {
        try numbers.parallel.modifyEach { (number) throws(TestError) in
          if number >= 4 { throw TestError(number) }
          number = -1
        }
      }
      #expect(values() == [-1, -1, -1, -1, 4, 5, 6])
      var words: InlineArray<3, String> = ["a string that is too long to lie inline", "b", "c"]
      words.parallel.modifyEach { $0 += "!" }
      #expect(words[0] == "a string that is too long to lie inline!" && words[2] == "c!")
    }

    @Test(arguments: fewThreadCounts)
    func mutableSpans(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for count in [0, 1, 2, 1009, 20_011] {
        let array = (0..<count).map { $0 &* 7 % 1013 }
        var changed = array
        var span = changed.mutableSpan
        span.withParallel(in: pool, maximumBatch: 50) { $0.modifyEach { $0 += 1 } }
        span.withParallel(in: pool) { elements in
          elements.sort { $0 > $1 }
          elements.reverse()
        }
        #expect(changed == array.map { $0 + 1 }.sorted())
        span = changed.mutableSpan
        let middle = span.withParallel(in: pool) { $0.partition { $0 > 500 } }
        #expect(changed[..<middle].allSatisfy { $0 <= 500 } && changed[middle...].allSatisfy { $0 > 500 })
        #expect(changed.sorted() == array.map { $0 + 1 }.sorted())
      }
      var names = (0..<1000).map { "\($0)" }
      var span = names.mutableSpan
      #expect(throws: TestError(777)) {
        try span.withParallel(in: pool) { (elements) throws(TestError) in
          try elements.modifyEach { (name) throws(TestError) in
            if name == "777" { throw TestError(777) }
            name += "!"
          }
        }
      }
      #expect(names[777] == "777" && names[..<777].allSatisfy { $0.hasSuffix("!") })
    }

    @Test func usingASpanAfterItsTimeTraps() async {
      let late = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let array = [1, 2, 3]
        let elements = array.span.withParallel { $0 }
        _ = elements.sum()
      }
      #expect(message(late).contains("used after the call that lent them"))
    }

    @Test(arguments: fewThreadCounts)
    func sequencesThatAreUsedUp(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      withTimeout {
        let count = 20_000
        #expect(
          ParallelConsumed(sequence(first: 1) { $0 < count ? $0 + 1 : nil }, in: pool).map { $0 * 2 }.sum()
            == count * (count + 1))
        #expect(
          Array(ParallelConsumed(AnySequence(0..<count), in: pool).filter { $0 % 2 == 0 })
            == (0..<count).filter { $0 % 2 == 0 })
        #expect(ParallelConsumed(sequence(first: 1) { $0 + 1 }, in: pool).first { $0 > 5000 } == 5001)
      }
    }

    @Test func usingThemASecondTimeTraps() async {
      let second = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let numbers = ParallelConsumed(AnySequence(0..<10))
        _ = numbers.sum()
        _ = numbers.map { $0 + 1 }.sum()
      }
      #expect(message(second).contains("used a second time"))
    }

    @Test func anyRandomAccessCollection() {
      expect(EmptyCollection<Int>().parallel, toBe: [], "empty")
      expect(CollectionOfOne(3).parallel, toBe: [3], "one")
      expect(repeatElement("x", count: 4).parallel, toBe: ["x", "x", "x", "x"], "repeated")
      expect(["a", "b", "c"].reversed().parallel, toBe: ["c", "b", "a"], "reversed")
      expect([1, 2, 3, 4][1...].parallel, toBe: [2, 3, 4], "slice")
      expect(ContiguousArray(0..<9).parallel, toBe: Array(0..<9), "contiguous array")
      expect([0, 1, 2].indices.parallel, toBe: [0, 1, 2], "indices")
    }
  }
}
