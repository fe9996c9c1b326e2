import Skein
import Testing

extension InTurn {
  /// Floating-point values that are not numbers come last, whatever takes elements in their natural order.
  @Suite struct NotANumberTests {
    /// The rule, as an order of the standard library's.
    private func isBefore<Value: FloatingPoint>(_ left: Value, _ right: Value) -> Bool {
      left < right || !left.isNaN && right.isNaN
    }

    private func isSame<Value: BinaryFloatingPoint>(_ left: [Value], _ right: [Value]) -> Bool {
      left.count == right.count
        && zip(left, right).allSatisfy { $0 == $1 && $0.sign == $1.sign || $0.isNaN && $1.isNaN && $0.sign == $1.sign }
    }

    private func ranksAreSame<Value: BinaryFloatingPoint>(_ left: [Value], _ right: [Value]) -> Bool {
      left.count == right.count && zip(left, right).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }
    }

    private struct Tagged<Value: BinaryFloatingPoint & Sendable>: Sendable {
      let value: Value
      let serial: Int
    }

    private func check<Value: BinaryFloatingPoint & Sendable>(_ pool: ThreadPool, _ special: [Value], _ seed: UInt64) {
      var generator = SeededGenerator(seed: seed)
      for count in isSanitized ? [2, 33, 700] : [1, 2, 3, 10, 33, 100, 700, 5000] {
        let values = (0..<count).map { _ -> Value in
          let bits = generator.next()
          return bits & 3 == 0 ? special[Int(bits >> 8) % special.count] : Value(Int(bits >> 8) % 1000 - 500) / 4
        }
        let expected = values.sorted(by: isBefore)
        let label = "\(Value.self), \(count), \(pool.threadCount) threads, seed \(seed)"
        pool.run {
          var array = values
          array.parallel.sort()
          #expect(isSame(array, expected), "\(label)")
          #expect(array.parallel.isSorted(), "\(label)")
          #expect(
            values.parallel.isSorted() == !zip(values, values.dropFirst()).contains { isBefore($1, $0) }, "\(label)")
          array = values
          array.parallel.unstableSort()
          #expect(ranksAreSame(array, expected), "\(label)")
          #expect(isSame(values.parallel.sorted(), expected), "\(label)")

          let tagged = values.enumerated().map { Tagged(value: $1, serial: $0) }
          let expectedTags = tagged.sorted { isBefore($0.value, $1.value) }.map(\.serial)
          var sorted = tagged
          sorted.parallel.sort(on: { $0.value })
          #expect(sorted.map(\.serial) == expectedTags, "\(label)")
          #expect(tagged.parallel.sorted(on: { $0.value }).map(\.serial) == expectedTags, "\(label)")

          for limit in [1, 5, count] {
            #expect(isSame(values.parallel.min(count: limit), Array(expected.prefix(limit))), "\(limit), \(label)")
            #expect(isSame(values.parallel.max(count: limit), Array(expected.suffix(limit))), "\(limit), \(label)")
          }

          for index in Set([0, count / 2, count * 7 / 8, count - 1]) {
            array = values
            let selected = array.parallel.select(at: index)
            #expect(ranksAreSame([selected, array[index]], [expected[index], expected[index]]), "\(index), \(label)")
            #expect(!array[..<index].contains { isBefore(array[index], $0) }, "\(index), \(label)")
            #expect(!array[index...].contains { isBefore($0, array[index]) }, "\(index), \(label)")
            #expect(ranksAreSame(array.sorted(by: isBefore), expected), "\(index), \(label)")
          }

          let (first, second) = (
            values[..<(count / 3)].sorted(by: isBefore), values[(count / 3)...].sorted(by: isBefore)
          )
          #expect(isSame(Array(merging: first.parallel, and: second.parallel), expected), "\(label)")
          // The standard library's own answers.
          #expect(
            isSame([values.parallel.min()!, values.parallel.max()!], [values.min()!, values.max()!]), "\(label)")
        }
      }
    }

    @Test(arguments: sortThreadCounts) func comeLastEverywhere(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let seed = newSeed()
      check(
        pool,
        [
          0, -0.0, Double.nan, -.nan, .signalingNaN, -.signalingNaN, Double(nan: 0x1234, signaling: false),
          -Double(nan: 0x4321, signaling: true), .infinity, -.infinity, .greatestFiniteMagnitude,
          .leastNonzeroMagnitude,
          -.leastNonzeroMagnitude,
        ], seed)
      check(
        pool,
        [
          0, -0.0, Float.nan, -.nan, .signalingNaN, Float(nan: 0x123, signaling: false),
          -Float(nan: 0x321, signaling: true),
          .infinity, -.infinity, .leastNonzeroMagnitude, -.leastNonzeroMagnitude,
        ], seed)
      #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
        check(
          pool,
          [
            0, -0.0, Float16.nan, -.nan, .signalingNaN, Float16(nan: 0x12, signaling: false), .infinity, -.infinity,
            .leastNonzeroMagnitude, -.leastNonzeroMagnitude,
          ], seed)
      #endif
      #if arch(x86_64) && os(Linux)
        check(pool, [0, -0.0, Float80.nan, -.nan, .signalingNaN, .infinity, -.infinity, .leastNonzeroMagnitude], seed)
      #endif
    }

    /// Few different ones are counted, and must keep their bits.
    @Test(arguments: sortThreadCounts) func fewDifferentOnes(_ threads: Int) throws {
      #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
        let pool = try ThreadPool(threadCount: threads)
        var generator = SeededGenerator(seed: newSeed())
        let values: [Float16] = [1, -1, 0, 7, .infinity, .nan, 2.5, -.infinity, -.nan]
        let numbers = (0..<5000).map { _ in values[Int(generator.next() % UInt64(values.count))] }
        pool.run {
          var array = numbers
          array.parallel.sort()
          #expect(array.map(\.bitPattern) == numbers.sorted(by: isBefore).map(\.bitPattern))
          array = numbers
          array.parallel.unstableSort()
          #expect(ranksAreSame(array, numbers.sorted(by: isBefore)))
          #expect(array.map(\.bitPattern).sorted() == numbers.map(\.bitPattern).sorted())
        }
      #endif
    }
  }
}
