import Skein
import Testing

/// Dictionaries made from pairs with labels. What is written here must compile, above all: the plain forms do so without Skein.
@Suite struct LabelledPairsTests {
  private let numbers = Array(0..<2000)
  private let squares = Dictionary(uniqueKeysWithValues: (0..<2000).map { ($0, $0 * $0) })

  @Test func ofPlainSequences() throws {
    let labelled = Dictionary(uniqueKeysWithValues: numbers.map { (key: $0, value: $0 * $0) })
    #expect(labelled == squares)
    let annotated: [Int: Int] = .init(uniqueKeysWithValues: numbers.lazy.map { (key: $0, value: $0 * $0) })
    #expect(annotated == squares)
    #expect(Dictionary(uniqueKeysWithValues: squares.sorted { $0.key < $1.key }) == squares)
    #expect(
      Dictionary(squares.filter { $0.key > 5 }.map { (key: $0.value, value: 1) }, uniquingKeysWith: +).count == 1994)
    let combined = Dictionary(numbers.map { (key: $0 % 7, value: "\($0)") }) { first, _ in first }
    #expect(combined == Dictionary(uniqueKeysWithValues: (0..<7).map { ($0, "\($0)") }))
    #expect(throws: TestError(1)) {
      try Dictionary(numbers.map { (key: $0 % 7, value: $0) }, uniquingKeysWith: { _, _ in throw TestError(1) })
    }
    var merged = squares
    merged.merge(numbers.map { (key: $0, value: 1) }, uniquingKeysWith: +)
    merged.merge(squares) { $1 }
    #expect(merged == squares)
  }

  @Test func withoutLabels() {
    #expect(Dictionary(uniqueKeysWithValues: numbers.map { ($0, $0 * $0) }) == squares)
    #expect(Dictionary(uniqueKeysWithValues: zip(numbers, numbers.map { $0 * $0 })) == squares)
    #expect(Dictionary(zip(numbers, numbers.map { $0 * $0 }), uniquingKeysWith: +) == squares)
    #expect(Dictionary(uniqueKeysWithValues: numbers.parallel.map { ($0, $0 * $0) }) == squares)
  }

  @Test(arguments: [1, 2, 8])
  func ofParallelSequences(_ threads: Int) throws {
    let pool = try ThreadPool(threadCount: threads)
    pool.run {
      #expect(Dictionary(uniqueKeysWithValues: numbers.parallel.map { (key: $0, value: $0 * $0) }) == squares)
      #expect(Dictionary(uniqueKeysWithValues: squares.parallel) == squares)
      let few = Dictionary(squares.parallel.filter { $0.key < 10 }, uniquingKeysWith: +)
      #expect(few == squares.filter { $0.key < 10 })
      let sums = Dictionary(numbers.parallel.map { (key: $0 % 3, value: $0) }, uniquingKeysWith: +)
      #expect(sums == Dictionary(numbers.map { ($0 % 3, $0) }, uniquingKeysWith: +))
      var merged = squares
      merged.merge(squares.parallel) { $0 + $1 }
      #expect(merged == squares.mapValues { $0 + $0 })
      #expect(throws: TestError(7)) {
        try Dictionary(
          uniqueKeysWithValues: numbers.parallel.map { number throws(TestError) -> (key: Int, value: Int) in
            if number == 7 { throw TestError(7) }
            return (number, number)
          })
      }
    }
  }
}
