import Skein
import Testing

private struct Person: Equatable {
  var name: String
  var age: Int
}

private func isLess(_ left: Int, _ right: Int) throws(TestError) -> Bool {
  if left < 0 { throw TestError(left) }
  return left < right
}

private struct Ledger {
  var amounts = [3, 1, 2]
  mutating func arrange() { amounts.parallel.sort() }
}

extension Array where Element: Comparable & Sendable {
  fileprivate func arranged() -> [Element] { parallel.sorted() }
  fileprivate mutating func arrange() { parallel.unstableSort() }
}

extension InTurn {
  /// The names of sorts and of the other algorithms in place.
  @Suite struct SortContractTests {
    private let people = [Person(name: "Cy", age: 30), Person(name: "ada", age: 20), Person(name: "Bob", age: 30)]
    private let numbers = (0..<100).map { $0 * 37 % 100 }

    @Test func sorting() throws {
      var array = numbers
      array.parallel.sort()
      #expect(array == Array(0..<100))
      array.parallel.sort(by: >)
      #expect(array.first == 99)
      array.parallel.sort { $0 % 10 < $1 % 10 }
      #expect(array.prefix(3) == [90, 80, 70])
      array.parallel.unstableSort()
      array.parallel.unstableSort(by: >)
      array.parallel.unstableSort { $0 < $1 }
      #expect(array == Array(0..<100))
      array[90...].parallel.sort(by: >)
      #expect(array.last == 90)
      try array.parallel.sort(by: isLess)
      try array.parallel.unstableSort { try isLess($0, $1) }
      unsafe array.withUnsafeMutableBufferPointer { unsafe $0.parallel.sort() }
      let pool = try ThreadPool(threadCount: 2)
      pool.run { array.parallel.sort() }
      array.arrange()
      #expect(array == numbers.arranged())
      var doubles = [1, .nan, -.infinity, -0.0, 0.0]
      doubles.parallel.sort()
      #expect(doubles.first == -.infinity && doubles.last?.isNaN == true)
      var ledger = Ledger()
      ledger.arrange()
      #expect(ledger.amounts == [1, 2, 3])
      var shelves = ["a": ["y", "x"]]
      shelves["a"]?.parallel.sort()
      shelves["b", default: ["v", "u"]].parallel.sort()
      #expect(shelves == ["a": ["x", "y"], "b": ["u", "v"]])
    }

    @Test func sortingByKeys() throws {
      var array = people
      array.parallel.sort { $0.age < $1.age }
      #expect(array.map(\.name) == ["ada", "Cy", "Bob"])
      array.parallel.sort { ($0.age, $0.name) < ($1.age, $1.name) }
      #expect(array.map(\.name) == ["ada", "Bob", "Cy"])
      array.parallel.sort(on: \.name)
      #expect(array.map(\.name) == ["Bob", "Cy", "ada"])
      array.parallel.sort { $0.name.lowercased() }
      #expect(array.map(\.name) == ["ada", "Bob", "Cy"])
      array.parallel.sort(on: { person in -person.age })
      #expect(array.map(\.name) == ["Bob", "Cy", "ada"])
      #expect(throws: TestError(20)) {
        try array.parallel.sort(on: { person in
          if person.age < 30 { throw TestError(person.age) }
          return person.age
        })
      }
    }

    @Test func sortedForms() throws {
      #expect(numbers.parallel.sorted() == Array(0..<100))
      #expect(numbers.parallel.sorted(by: >).first == 99)
      #expect(numbers.parallel.filter { $0 > 97 }.sorted { $0 > $1 } == [99, 98])
      #expect(people.parallel.sorted(on: \.age).map(\.name) == ["ada", "Cy", "Bob"])
      #expect(people.parallel.map(\.name).sorted() == ["Bob", "Cy", "ada"])
      #expect(try numbers.parallel.sorted { try isLess($0, $1) } == Array(0..<100))
      #expect(!numbers.parallel.isSorted())
      #expect(try [3, 2, 1].parallel.isSorted { try isLess($1, $0) })
      #expect([3, 2, 1].parallel.isSorted(by: >))
      func typed() throws(TestError) -> [Int] { try [2, -1, 3].parallel.sorted(by: isLess) }
      do { _ = try typed() } catch { #expect(error.position == -1) }
    }

    @Test func mergingAndSelecting() {
      let (even, odd) = ([0, 2, 4], [1, 3, 5])
      #expect(Array(merging: even.parallel, and: odd.parallel) == Array(0..<6))
      #expect(Array(merging: even.parallel, and: odd.parallel, by: <) == Array(0..<6))
      #expect([Int](merging: even.parallel, and: (6..<9).parallel) { $0 < $1 } == [0, 2, 4, 6, 7, 8])
      var array = numbers
      #expect(array.parallel.select(at: array.count / 2) == 50)
      array.parallel.select(at: 3, by: >)
      #expect(array[3] == 96)
      #expect(numbers.parallel.min(count: 3) == [0, 1, 2])
      #expect(numbers.parallel.max(count: 3) == [97, 98, 99])
      #expect(people.parallel.max(count: 1) { $0.name.count < $1.name.count }.map(\.name) == ["Bob"])
      #expect(people.parallel.min(count: 2, sortedBy: { $0.age < $1.age }).map(\.name) == ["ada", "Cy"])
    }

    @Test func movingInPlace() throws {
      var array = numbers
      let boundary = array.parallel.partition { $0 >= 30 }
      #expect(boundary == 30 && array[..<boundary].allSatisfy { $0 < 30 })
      array.parallel.stablePartition { $0 < 50 }
      array.parallel.removeAll { $0.isMultiple(of: 2) }
      array.parallel.removeAll(where: { $0 > 90 })
      try array.parallel.removeAll { try isLess($0, 10) }
      #expect(Set(array) == Set((10...90).filter { $0 % 2 != 0 }))
      var row = [10, 20, 30, 40, 50]
      let oldFirst = row.parallel.rotate(toStartAt: 3)
      #expect(row == [40, 50, 10, 20, 30] && oldFirst == 2)
      row.parallel.reverse()
      #expect(row == [30, 20, 10, 50, 40])
      row[1...3].parallel.fill(with: 0)
      #expect(row == [30, 0, 0, 0, 40])
      var (first, second) = (Array(0..<50), Array(0..<50))
      first.parallel.shuffle(seed: 42)
      second.parallel.shuffle(seed: 42)
      #expect(first == second && first != Array(0..<50))
    }
  }
}
