import Skein
import Testing

/// Containers take further elements from parallel sequences.
@Suite struct ExtendingTests {
  private struct Stop: Error, Equatable {}

  @Test func elementsAreAdded() {
    var numbers: ContiguousArray = [1, 2]
    numbers.append(contentsOf: (3..<100).parallel)
    #expect(numbers == ContiguousArray(1..<100))

    var set: Set = [1, 500]
    set.formUnion((0..<400).parallel.map { $0 % 100 })
    #expect(set == Set(0..<100).union([500]))
    var empty: Set<Int> = []
    empty.formUnion((0..<400).parallel)
    #expect(empty == Set(0..<400))

    var lists = [1: [0], 2: [0]]
    lists.merge((1...10).parallel.map { ($0 % 3, [$0]) }, uniquingKeysWith: +)
    #expect(lists == [0: [3, 6, 9], 1: [0, 1, 4, 7, 10], 2: [0, 2, 5, 8]])

    var text = "é"
    text.append(contentsOf: "çx".parallel)
    text.append(contentsOf: ["a", "bc"].parallel)
    #expect(text == "éçxabc")
  }

  @Test func nothingIsAddedAfterAnError() {
    func number(_ value: Int) throws(Stop) -> Int {
      if value == 7 { throw Stop() }
      return value
    }
    let failing = (0..<100).parallel.map { (value) throws(Stop) in if value == 7 { throw Stop() } else { value } }
    var numbers: ContiguousArray = [1]
    #expect(throws: Stop()) { try numbers.append(contentsOf: failing) }
    var set: Set = [1]
    #expect(throws: Stop()) { try set.formUnion(failing) }
    var table = [1: 1]
    #expect(throws: Stop()) { try table.merge(failing.map { ($0, $0) }, uniquingKeysWith: +) }
    var text = "x"
    #expect(throws: Stop()) { try text.append(contentsOf: failing.map { "\($0)" }) }
    #expect(numbers == [1] && set == [1] && table == [1: 1] && text == "x")
  }
}
