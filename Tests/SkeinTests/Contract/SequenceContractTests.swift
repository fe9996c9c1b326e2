import Skein
import Synchronization
import Testing

private struct Point: Equatable { var x = 0.0, y = 0.0 }

private func half(_ number: Int) throws(TestError) -> Int {
  if number % 2 != 0 { throw TestError(number) }
  return number / 2
}

// Functions over any parallel sequence.
private func total(_ numbers: some ParallelSequence<Int, Never>) -> Int { numbers.map { $0 + 1 }.sum() }
private func length<S: ParallelSequence>(_ sequence: S) throws(S.Failure) -> Int { try sequence.map { _ in 1 }.sum() }
private func largest<T: Comparable & Sendable>(_ values: [T]) -> T? { values.parallel.max() }
private func halves(of numbers: [Int]) -> some ParallelSequence<Int, TestError> { numbers.parallel.map(half) }
private func indexed<C: ParallelCollection>(_ elements: C) -> Int { elements.count }

extension InTurn {
  /// The names of parallel sequences.
  @Suite struct SequenceContractTests {
    private let numbers = Array(1...100)
    private let names = ["Ada", "Alan", "Barbara", "", "Edsger", "Ada"]

    @Test func whatIsParallel() throws {
      let pool = try ThreadPool(threadCount: 2)
      #expect((0..<10).parallel.sum() == 45)
      #expect((0...10).parallel.sum() == 55)
      #expect((UInt8(0)..<10).parallel.max() == 9)
      #expect(numbers.parallel.sum() == 5050)
      #expect(numbers[50...].parallel.min() == 51)
      #expect(numbers.prefix(10).parallel.sum() == 55)
      #expect(ContiguousArray(numbers).parallel.sum() == 5050)
      #expect(numbers.reversed().parallel.first { $0 < 50 } == 49)
      #expect(numbers.indices.parallel.map { numbers[$0] }.sum() == 5050)
      #expect(unsafe numbers.withUnsafeBufferPointer { buffer in unsafe buffer.parallel.sum() } == 5050)
      #expect(numbers.parallel(in: pool).sum() == 5050)
      #expect(numbers.parallel(minimumBatch: 3).sum() == 5050)
      #expect(numbers.parallel(minimumBatch: 2, maximumBatch: 10).sum() == 5050)
      #expect(numbers.parallel(maximumInFlight: 3).sum() == 5050)
      #expect(numbers.parallel(in: pool, minimumBatch: 2, maximumBatch: 3, maximumInFlight: 1).sum() == 5050)
      #expect(numbers.parallel.map { $0 + 1 }.batched(minimum: 3, maximum: 4).sum() == 5150)
      #expect(Array(numbers.parallel.inBlocks(ofCount: 7).map { $0 }) == numbers)
      #expect(Array(numbers.parallel.inGrowingBlocks()) == numbers)
    }

    @Test func closuresThatDoNotThrow() {
      let seen = Atomic(0)
      let offset = 3
      numbers.parallel.forEach { seen.add($0 + offset, ordering: .relaxed) }
      #expect(seen.load(ordering: .relaxed) == 5350)
      let squares: [Int] = Array(numbers.parallel.map { $0 * $0 })
      #expect(squares == numbers.map { $0 * $0 })
      #expect(Array(numbers.parallel.map(String.init)) == numbers.map(String.init))
      #expect(Array(names.parallel.map(\.count)) == [3, 4, 7, 0, 6, 3])
      #expect([Int](numbers.parallel.filter { $0.isMultiple(of: 50) }) == [50, 100])
      #expect(Array(["1", "x", "3"].parallel.compactMap { Int($0) }) == [1, 3])
      #expect(Array(["1", "x", "3"].parallel.compactMap(Int.init)) == [1, 3])
      #expect(names.parallel.filter { !$0.isEmpty }.map { $0.uppercased() }.first { $0 > "B" } == "BARBARA")
      #expect(numbers.parallel.reduce(0, +) == 5050)
      #expect(numbers.parallel.reduce(100) { $0 + $1 } == 5150)
      #expect(numbers.parallel.reduce { max($0, $1) } == 100)
      #expect(numbers.parallel.reduce(.min, max) == 100)
      let initials = names.parallel.reduce(into: [:]) {
        $0[$1.first, default: 0] += 1
      } combine: {
        $0.merge($1, uniquingKeysWith: +)
      }
      #expect(initials == ["A": 3, "B": 1, "E": 1, nil: 1])
      #expect(numbers.parallel.map { Double($0) }.filter { $0 > 50 }.sum() == 3775)
      #expect(numbers.parallel.count { $0 > 30 } == 70)
      #expect(numbers.parallel.count == 100)
      #expect(numbers.parallel.filter { $0 > 30 }.count() == 70)
      #expect(numbers.parallel.min() == 1)
      #expect(names.parallel.max { $0.count < $1.count } == "Barbara")
      #expect(names.parallel.min(by: { $0.count < $1.count })?.isEmpty == true)
      #expect(numbers.parallel.contains { $0 == 3 })
      #expect(numbers.parallel.contains(3))
      #expect(numbers.parallel.allSatisfy { $0 > 0 })
      #expect(numbers.parallel.first { $0 > 30 } == 31)
      if let last = numbers.parallel.first(where: { $0 > 99 }) { #expect(last == 100) }
      var appended = [0]
      appended.append(contentsOf: numbers.parallel.map { -$0 })
      #expect(appended.count == 101 && appended.last == -100)
    }

    @Test func closuresThatThrow() throws {
      let even = (1...100).map { $0 * 2 }
      try even.parallel.forEach { _ = try half($0) }
      #expect(try Array(even.parallel.map { try half($0) }) == numbers)
      #expect(try Array(even.parallel.map(half)) == numbers)
      #expect(try even.parallel.map { try half($0) }.filter { $0 > 50 }.count() == 50)
      #expect(try even.parallel.filter { try half($0) > 50 }.count() == 50)
      #expect(try even.parallel.compactMap { try $0 > 190 ? half($0) : nil }.sum() == 490)
      #expect(try even.parallel.map(half).map { $0 + 1 }.min() == 2)
      #expect(try even.parallel.reduce(0) { try 2 * (half($0) + half($1)) } == 10_100)
      #expect(
        try even.parallel.reduce(into: 0) {
          $0 += try half($1)
        } combine: {
          $0 += $1
        } == 5050)
      #expect(try even.parallel.first { try half($0) > 30 } == 62)
      #expect(try even.parallel.contains { try half($0) == 30 })
      #expect(try even.parallel.count { try half($0) > 30 } == 70)
      #expect(try even.parallel.allSatisfy { try half($0) > 0 })
      #expect(try even.parallel.max { try half($0) < half($1) } == 200)
      #expect(throws: TestError(1)) { try numbers.parallel.forEach { _ = try half($0) } }
      #expect(throws: TestError(1)) { try numbers.parallel.map(half).sum() }
    }

    @Test func errorsKeepTheirType() {
      func sum(_ numbers: [Int]) throws(TestError) -> Int {
        try numbers.parallel.forEach { number throws(TestError) in _ = try half(number) }
        let halves = try Array(numbers.parallel.map { number throws(TestError) in try half(number) })
        return try halves.parallel.sum() + numbers.parallel.map(half).sum()
      }
      do {
        #expect(try sum([2, 4]) == 6)
        _ = try sum([2, 3])
      } catch {
        #expect(error.position == 3)
      }
      do {
        _ = try numbers.parallel.map(half).contains { $0 > 3 }
      } catch {
        #expect(error.position == 1)
      }
    }

    @Test func inPlace() throws {
      var array = numbers
      array.parallel.modifyEach { $0 += 1 }
      array.parallel.modifyEach { (x: inout Int) in x *= 2 }
      array[50...].parallel.modifyEach { $0 = 0 }
      try array.parallel.modifyEach { $0 = try half($0) }
      #expect(array == numbers.map { $0 <= 50 ? $0 + 1 : 0 })
      unsafe array.withUnsafeMutableBufferPointer { unsafe $0.parallel(minimumBatch: 10).modifyEach { $0 += 1 } }
      #expect(array.parallel.sum() == numbers[..<50].reduce(0, +) + 2 * 50 + 50)
      var points = [Point](repeating: Point(), count: 10)
      points.parallel.modifyEach { point in
        point.x += 1
        point.y -= 1
      }
      #expect(points.allSatisfy { $0 == Point(x: 1, y: -1) })
    }

    @Test func generically() throws {
      #expect(total(numbers.parallel) == 5150)
      #expect(total((0..<10).parallel.filter { $0 > 4 }) == 40)
      #expect(length(names.parallel) == 6)
      #expect(throws: TestError(1)) { try length(numbers.parallel.map(half)) }
      #expect(largest(names) == "Edsger")
      #expect(try halves(of: [2, 4]).sum() == 3)
      #expect(indexed(numbers.parallel.map { $0 + 1 }) == 100)
      let table = Array((0..<3).parallel.map { row in (0..<4).map { column in row * column } })
      #expect(table[2] == [0, 2, 4, 6])
      #expect((0..<10).parallel.map { row in (0..<10).parallel.map { row * $0 }.sum() }.sum() == 45 * 45)
    }
  }
}
