import Skein
import Testing

extension InTurn {
  /// Numbers, which are sorted by their bits, end up as the standard library has them.
  @Suite struct NumericSortTests {
    private func check<Number: FixedWidthInteger & Sendable>(_ type: Number.Type, _ pool: ThreadPool, _ seed: UInt64) {
      for count in isSanitized ? [0, 1, 33, 511] : [0, 1, 2, 3, 31, 32, 33, 64, 100, 511, 1000, 5000] {
        for input in SortInput.allCases {
          let numbers = input.numbers(count, seed: seed).map { Number(truncatingIfNeeded: $0) }
          let expected = numbers.sorted()
          pool.run {
            var array = numbers
            array.parallel.sort()
            #expect(array == expected, "\(type), \(input), \(count)")
            array = numbers
            array.parallel.unstableSort()
            #expect(array == expected, "\(type), \(input), \(count)")
          }
        }
      }
    }

    @Test func everyIntegerType() throws {
      let pool = try ThreadPool(threadCount: 2)
      let seed = newSeed()
      check(Int.self, pool, seed)
      check(UInt.self, pool, seed)
      check(Int8.self, pool, seed)
      check(UInt8.self, pool, seed)
      check(Int16.self, pool, seed)
      check(UInt16.self, pool, seed)
      check(Int32.self, pool, seed)
      check(UInt32.self, pool, seed)
      check(Int64.self, pool, seed)
      check(UInt64.self, pool, seed)
      check(Int128.self, pool, seed)
    }

    private func doubles(_ count: Int, _ seed: UInt64) -> [Double] {
      var generator = SeededGenerator(seed: seed)
      let special = [
        0, -0.0, .nan, -.nan, .infinity, -.infinity, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, 1, -1,
      ]
      return (0..<count).map { _ in
        let bits = generator.next()
        return bits & 3 == 0 ? special[Int(bits >> 8) % special.count] : Double(bitPattern: bits)
      }
    }

    @Test func floatingPointNumbersWithNaNsLastAndZerosInTheirOrder() throws {
      let seed = newSeed()
      for threads in sortThreadCounts {
        let pool = try ThreadPool(threadCount: threads)
        for count in [2, 10, 33, 1000, 20_000] {
          let numbers = doubles(count, seed &+ UInt64(count))
          let expected = numbers.sorted { $0 < $1 || !$0.isNaN && $1.isNaN }
          let floats = numbers.map { Float($0) }
          let expectedFloats = floats.sorted { $0 < $1 || !$0.isNaN && $1.isNaN }
          pool.run {
            var array = numbers
            array.parallel.sort()
            #expect(array.map(\.bitPattern) == expected.map(\.bitPattern))
            array = numbers
            array.parallel.unstableSort()
            #expect(array.map { $0.isNaN ? .infinity : $0 + 0 } == expected.map { $0.isNaN ? .infinity : $0 + 0 })
            #expect(array.map(\.bitPattern).sorted() == numbers.map(\.bitPattern).sorted())
            var short = floats
            short.parallel.sort()
            #expect(short.map(\.bitPattern) == expectedFloats.map(\.bitPattern))
          }
        }
      }
    }

    /// Few different numbers are counted; one that no sample has seen must not be lost.
    @Test func fewDistinctNumbersAndStrangers() throws {
      let pool = try ThreadPool(threadCount: 3)
      var generator = SeededGenerator(seed: newSeed())
      for (count, distinct) in [(4096, 1), (5000, 16), (isSanitized ? 4100 : 40_000, 60), (5000, 65)] {
        let values = (0..<distinct).map { _ in Double(bitPattern: generator.next()) } + [-0.0, 0, .nan, -.nan]
        for strangers in 0...1 {
          var numbers = (0..<count).map { _ in values[Int(generator.next() % UInt64(values.count))] }
          for _ in 0..<strangers { numbers[Int(generator.next() % UInt64(count))] = Double(generator.next()) }
          let bits = numbers.map(\.bitPattern)
          pool.run {
            var array = numbers
            array.parallel.unstableSort()
            #expect(array.map(\.bitPattern).sorted() == bits.sorted())
            #expect(
              !zip(array, array.dropFirst()).contains {
                $1 < $0 || $0.isNaN && !$1.isNaN || $0 == 0 && $1 == 0 && $0.sign == .plus && $1.sign == .minus
              })
            array = numbers
            array.parallel.sort()
            #expect(array.map(\.bitPattern) == numbers.sorted { $0 < $1 || !$0.isNaN && $1.isNaN }.map(\.bitPattern))
            // Here no two are equal.
            let positive = numbers.filter { $0 > 0 }
            array = positive
            array.parallel.sort()
            #expect(array == positive.sorted())
            var integers = bits
            integers.parallel.unstableSort()
            #expect(integers == bits.sorted())
            integers = bits
            integers.parallel.sort()
            #expect(integers == bits.sorted())
          }
        }
      }
    }

    @Test func manyNumbers() throws {
      let seed = newSeed()
      let count = isLong ? 10_000_000 : isSanitized ? 20_000 : 270_000
      for (threads, input) in [(1, SortInput.random), (3, .random), (3, .fewDistinct), (8, .nearlySorted)] {
        let pool = try ThreadPool(threadCount: threads)
        let numbers = input.numbers(count, seed: seed)
        let expected = numbers.sorted()
        pool.run {
          var array = numbers
          array.parallel.sort()
          #expect(array == expected, "\(input)")
          array = numbers
          array.parallel.unstableSort()
          #expect(array == expected, "\(input)")
        }
      }
    }
  }
}
