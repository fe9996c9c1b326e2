import Skein
import Testing

extension InTurn {
  /// Sorting by comparison gives what the standard library's does.
  @Suite struct SortTests {
    @Test func everySmallSizeInEveryOrder() throws {
      let pool = try ThreadPool(threadCount: 3)
      let seed = newSeed()
      for round in 0..<rounds(2, long: 40) {
        for count in sizes(upTo: 200) {
          for input in SortInput.allCases {
            let numbers = input.numbers(count, seed: seed &+ UInt64(1000 * round + count))
            let expected = numbers.sorted()
            pool.run {
              var stable = Tagged.make(numbers)
              stable.parallel.sort { $0.key < $1.key }
              #expect(stable == Tagged.make(numbers).sorted { $0.key < $1.key }, "\(input), \(count)")
              var unstable = numbers
              unstable.parallel.unstableSort { $0 < $1 }
              #expect(unstable == expected, "\(input), \(count)")
              var descending = numbers
              descending.parallel.unstableSort(by: >)
              #expect(descending == expected.reversed(), "\(input), \(count)")
            }
          }
        }
      }
    }

    @Test func largeArraysAreTheSameAtEveryNumberOfThreads() throws {
      let seed = newSeed()
      for input in SortInput.allCases {
        let wide = Wide.make(input.numbers(elements(6000), seed: seed))
        let expected = wide.sorted { $0.key < $1.key }
        var unstable: [Wide]?
        for threads in sortThreadCounts {
          let pool = try ThreadPool(threadCount: threads)
          withTimeout {
            pool.run {
              var array = wide
              array.parallel.sort { $0.key < $1.key }
              #expect(array == expected, "\(input), \(threads) threads")
              array = wide
              array.parallel.unstableSort { $0.key < $1.key }
              #expect(array.map(\.key) == expected.map(\.key), "\(input), \(threads) threads")
              if let unstable { #expect(array == unstable, "\(input), \(threads) threads") }
              unstable = array
            }
          }
        }
      }
    }

    @Test func elementsThatArePutIntoBuckets() throws {
      let seed = newSeed()
      for input in isLong ? SortInput.allCases : [.random, .fewDistinct, .nearlySorted] {
        for count in isLong ? [2047, 2048, 2049, 9000, 20_000] : [2048] {
          let wide = Wide.make(input.numbers(count, seed: seed))
          let expected = wide.sorted { $0.key < $1.key }.map(\.serial)
          for threads in sortThreadCounts {
            let pool = try ThreadPool(threadCount: threads)
            var array = wide
            withTimeout { pool.run { array.parallel.sort { $0.key < $1.key } } }
            #expect(array.map(\.serial) == expected, "\(input), \(count), \(threads) threads")
          }
        }
      }
    }

    @Test func veryLargeArrays() throws {
      let seed = newSeed()
      let pool = try ThreadPool(threadCount: 3)
      let count = isLong ? 10_000_000 : elements(750_000)
      for input in isLong ? SortInput.allCases : [.random, .runsAndNoise] {
        let tagged = Tagged.make(input.numbers(count, seed: seed))
        withTimeout(.seconds(600)) {
          pool.run {
            var stable = tagged
            stable.parallel.sort { $0.key < $1.key }
            for index in 1..<count {
              let (left, right) = (stable[index - 1], stable[index])
              guard left.key < right.key || left.key == right.key && left.serial < right.serial else {
                Issue.record("\(input): not in order at \(index)")
                break
              }
            }
            #expect(Set(stable.map(\.serial)).count == count)
            var unstable = tagged
            unstable.parallel.unstableSort { $0.key < $1.key }
            #expect(unstable.map(\.key) == stable.map(\.key))
            #expect(Set(unstable.map(\.serial)).count == count)
          }
        }
      }
    }

    @Test func runsAreUsed() throws {
      let pool = try ThreadPool(threadCount: 2)
      let count = 40_000
      let inputs = [
        Array(0..<count), Array((0..<count).reversed()), [Int](repeating: 1, count: count),
        Array(0..<count / 2) + Array(0..<count / 2), Array((0..<count / 2).reversed()) + Array(0..<count / 2),
      ]
      for numbers in inputs {
        let comparisons = Counter()
        pool.run {
          var array = numbers
          array.parallel.sort {
            comparisons.add()
            return $0 < $1
          }
          #expect(array == numbers.sorted())
        }
        #expect(comparisons.value < 3 * count, "\(comparisons.value) comparisons of \(count) elements")
      }
    }

    @Test func comparisonsRunInTheChosenPool() throws {
      let pool = try ThreadPool(threadCount: 3)
      let wide = Wide.make(SortInput.random.numbers(2000, seed: newSeed()))
      let strangers = Counter()
      let isLess: @Sendable (Wide, Wide) -> Bool = {
        if ThreadPool.current?.threadCount != 3 { strangers.add() }
        return $0.key < $1.key
      }
      var array = wide
      pool.run { array.parallel.sort(by: isLess) }
      pool.run { array.parallel.unstableSort(by: isLess) }
      #expect(wide.parallel(in: pool).sorted(by: isLess) == wide.sorted { $0.key < $1.key })
      array = wide
      unsafe array.withUnsafeMutableBufferPointer { unsafe $0.parallel(in: pool).sort(by: isLess) }
      #expect(array == wide.sorted { $0.key < $1.key })
      unsafe array.withUnsafeMutableBufferPointer { unsafe $0.parallel(in: pool).unstableSort(by: isLess) }
      #expect(strangers.value == 0)
      // From outside any pool, in the shared one.
      array = wide
      array.parallel.sort { $0.key < $1.key }
      #expect(array == wide.sorted { $0.key < $1.key })
    }

    @Test func everyKindOfArray() {
      let numbers = SortInput.random.numbers(500, seed: newSeed())
      var contiguous = ContiguousArray(numbers)
      contiguous.parallel.sort()
      #expect(contiguous == ContiguousArray(numbers.sorted()))
      var slice = numbers[100..<400]
      slice.parallel.unstableSort()
      #expect(slice.startIndex == 100 && Array(slice) == numbers[100..<400].sorted())
      var shared = numbers
      let copy = shared
      shared.parallel.sort(by: >)
      #expect(shared == numbers.sorted(by: >) && copy == numbers)
      unsafe shared.withUnsafeMutableBufferPointer { unsafe $0.parallel.sort() }
      #expect(shared == numbers.sorted())
      var empty: [Int] = []
      empty.parallel.sort()
      empty.parallel.unstableSort { $0 < $1 }
      empty.parallel.sort(on: { -$0 })
      #expect(empty.isEmpty)
    }
  }
}
