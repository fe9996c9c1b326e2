import Synchronization
import Testing

@testable import Skein

extension InTurn {
  @Suite struct SelectTests {
    private func expectSelected(_ array: [Placed], _ values: [Int], at index: Int, _ label: String) {
      #expect(array[index].key == values.sorted()[index], "\(label)")
      let wanted = array[index].key
      #expect(array[..<index].allSatisfy { $0.key <= wanted }, "\(label)")
      #expect(array[index...].allSatisfy { $0.key >= wanted }, "\(label)")
      var seen = [Bool](repeating: false, count: array.count)
      for element in array where values[element.place] == element.key { seen[element.place] = true }
      #expect(seen.allSatisfy { $0 }, "\(label)")
    }

    @Test func putsTheElementWhereSortingWould() throws {
      try withInputs(and: [1025, 5000]) { pool, values, label in
        for index in Set([0, values.count / 3, values.count - 1]) where values.indices.contains(index) {
          var array = Placed.array(values)
          let selected = pool.run { array.parallel.select(at: index) { $0.key < $1.key } }
          #expect(selected == array[index])
          expectSelected(array, values, at: index, label)
        }
      }
    }

    @Test func givesTheSameOrderAtEveryThreadCount() throws {
      let seed = newSeed()
      var generator = SeededGenerator(seed: seed)
      for input in Input.allCases {
        let values = input.values(elements(30_000), &generator)
        var results: [[Placed]] = []
        for threads in inPlaceThreadCounts {
          let pool = try ThreadPool(threadCount: threads)
          var array = Placed.array(values)
          pool.run { _ = array.parallel.select(at: values.count / 3) { $0.key < $1.key } }
          results.append(array)
        }
        #expect(results.allSatisfy { $0 == results[0] }, "\(input), seed \(seed)")
      }
    }

    @Test func worksOnSlicesAndBuffersOfComparableElements() throws {
      var slice = (0..<1000).map { ($0 * 7) % 1000 }[100..<900]
      let sorted = slice.sorted()
      #expect(slice.parallel.select(at: 300) == sorted[200])
      #expect(slice[300] == sorted[200])
      var strings = (0..<1000).map { "\(($0 * 7) % 1000)" }
      let median = unsafe strings.withUnsafeMutableBufferPointer { unsafe $0.parallel.select(at: 500) }
      #expect(median == (0..<1000).map { "\($0)" }.sorted()[500])
    }

    /// The guard, from the first pass on, must find the same element, and in a number of comparisons that is linear.
    @Test(arguments: [1, 3])
    func mediansOfMediansFindItInLinearTime(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let seed = newSeed()
      var generator = SeededGenerator(seed: seed)
      for input in Input.allCases {
        for count in [600, 5000, elements(30_000)] {
          let values = input.values(count, &generator)
          for index in [0, count / 2, count - 1] {
            let calls = Counter()
            var array = Placed.array(values)
            let order = SelectionOrder<Placed, Never> {
              calls.add()
              return $0.key < $1.key
            }
            pool.run {
              unsafe array.withUnsafeMutableBufferPointer { buffer in
                var selection = Selection(order, plan: LoopPlan(), patience: 0)
                unsafe selection.run(buffer, at: index)
              }
            }
            expectSelected(array, values, at: index, "\(input) of \(count), seed \(seed)")
            #expect(calls.value < 20 * count + 20_000, "\(input) of \(count), seed \(seed)")
          }
        }
      }
    }

    @Test(arguments: inPlaceThreadCounts)
    func keepsEveryElementWhereverTheOrderThrows(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for count in [2, 30, 600, 3000] {
        let values = (0..<count).map { ($0 * 7919) % 10_007 }
        for last in [0, 1, 5, 50, count, 2 * count, 4 * count] {
          withLives(values) { array in
            let calls = Counter()
            do throws(TestError) {
              try pool.run { () throws(TestError) in
                _ = try array.parallel.select(at: count / 2) { (left, right) throws(TestError) in
                  if calls.add() > last { throw TestError(last) }
                  return left.value < right.value
                }
              }
              #expect(calls.value <= last)
            } catch {
              #expect(error == TestError(last))
            }
            #expect(array.map(\.value).sorted() == values.sorted())
          }
        }
      }
    }

    @Test func theErrorIsTheSameAtEveryThreadCount() throws {
      let values = (0..<5000).map { ($0 * 7919) % 10_007 }
      var errors: Set<Int> = []
      for threads in inPlaceThreadCounts {
        let pool = try ThreadPool(threadCount: threads)
        for _ in 0..<rounds(10, long: 100) {
          var array = values
          do {
            try pool.run { () throws(TestError) in
              _ = try array.parallel.select(at: 2500) { (left, right) throws(TestError) in
                if left % 100 == 3 { throw TestError(left) }
                return left < right
              }
            }
            Issue.record("nothing was thrown")
          } catch {
            errors.insert(error.position)
          }
        }
      }
      #expect(errors.count == 1)
    }

    @Test(arguments: [1, 3])
    func anOrderThatIsNoneLosesNothing(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let orders: [@Sendable (Int, Int) -> Bool] = [
        { _, _ in true }, { _, _ in false }, { $0 <= $1 }, { ($0 ^ $1) & 1 == 0 },
        { CountedHash.mix($0 ^ $1 << 7) & 1 == 0 },
      ]
      for order in orders {
        for count in [10, 600, 3000] {
          var array = Array(0..<count)
          pool.run { _ = array.parallel.select(at: count / 2, by: order) }
          #expect(array.sorted() == Array(0..<count))
        }
      }
    }

    @Test func anIndexThatIsNoneTraps() async {
      let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        var array = [1, 2, 3]
        array.parallel.select(at: 3)
      }
      #expect(message(result).contains("there is no element 3 of 3"))
    }
  }
}
