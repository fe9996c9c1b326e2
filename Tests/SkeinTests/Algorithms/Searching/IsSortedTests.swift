import Skein
import Testing

extension InTurn {
  @Suite struct IsSortedTests {
    private func isSorted(_ values: [Int]) -> Bool {
      values.indices.dropFirst().allSatisfy { values[$0 - 1] <= values[$0] }
    }

    @Test func givesTheSequentialAnswer() throws {
      try withInputs(and: [1025, 5000]) { pool, values, label in
        #expect(values.parallel(in: pool).isSorted() == isSorted(values), "\(label)")
        let sorted = values.sorted()
        #expect(sorted.parallel(in: pool, maximumBatch: 3).isSorted(), "\(label)")
        #expect(sorted.reversed().parallel(in: pool, maximumBatch: 7).isSorted { $0 > $1 }, "\(label)")
        // Elements that are left out are no neighbours.
        let mixed = (0..<2 * sorted.count).map { $0 % 2 == 0 ? sorted[$0 / 2] : .min }
        #expect(mixed.parallel(in: pool, maximumBatch: 3).filter { $0 != .min }.isSorted(), "\(label)")
        #expect(mixed.parallel(in: pool).isSorted() == isSorted(mixed), "\(label)")
      }
    }

    /// Of a sequence whose length is not known beforehand.
    @Test(arguments: inPlaceThreadCounts)
    func plainSequences(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for count in [0, 1, 2, 12, 100, 5000] {
        let source = Pulled(count).parallel(in: pool, maximumBatch: count > 100 ? .max : 3)
        #expect(source.isSorted())
        #expect(source.filter { $0 % 3 == 0 }.isSorted())
        #expect(source.isSorted { $0 > $1 } == (count < 2))
        for place in Set([1, count / 2, count - 1]) where place >= 1 && place < count {
          #expect(!source.map { $0 == place ? -1 : $0 }.isSorted())
          #expect(throws: TestError(place)) {
            try source.isSorted { (left, right) throws(TestError) in
              if left == place { throw TestError(place) }
              return left < right
            }
          }
        }
      }
    }

    @Test(arguments: inPlaceThreadCounts)
    func findsDisorderAtEveryPosition(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for count in [2, 3, 10, 100] {
        for position in 1..<count {
          var values = Array(0..<count)
          values[position] = values[position - 1] - 1
          for batch in [1, 2, 7, .max] {
            #expect(!values.parallel(in: pool, maximumBatch: batch).isSorted())
          }
        }
      }
    }

    /// Disorder before the error is the answer; the error before disorder is thrown, at every boundary of pieces.
    @Test(arguments: inPlaceThreadCounts)
    func theFirstOfErrorAndDisorderDecides(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for count in [3, 8, 24] {
        for disorder in 1..<count {
          for error in 1..<count {
            var values = Array(0..<count).map { $0 * 10 }
            values[disorder] = values[disorder - 1] - 1
            let thrower = values[error]
            let source = values.parallel(in: pool, maximumBatch: 2)
            let order: @Sendable (Int, Int) throws(TestError) -> Bool = { (left, right) throws(TestError) in
              if left == thrower { throw TestError(error) }
              return left < right
            }
            if error <= disorder {
              #expect(throws: TestError(error)) { _ = try source.isSorted(by: order) }
            } else {
              #expect(try !source.isSorted(by: order))
            }
          }
        }
      }
    }

    @Test(arguments: inPlaceThreadCounts)
    func anErrorOfTheChainIsThrownOnlyBeforeDisorder(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for count in [3, 8, 24] {
        for disorder in 1..<count {
          for error in 0..<count {
            var values = Array(0..<count).map { $0 * 10 }
            values[disorder] = values[disorder - 1] - 1
            let thrower = values[error]
            let source = values.parallel(in: pool, maximumBatch: 2).map { value throws(TestError) in
              if value == thrower { throw TestError(error) }
              return value
            }
            if error <= disorder {
              #expect(throws: TestError(error)) { _ = try source.isSorted() }
              #expect(throws: TestError(error)) { _ = try source.isSorted { $0 < $1 } }
            } else {
              #expect(try !source.isSorted())
            }
          }
        }
      }
    }

    /// On one thread, where it is certain that nobody else runs on meanwhile.
    @Test func endsEarly() throws {
      let pool = try ThreadPool(threadCount: 1)
      let calls = Counter()
      let values = [1, 0] + Array(2..<100_000)
      #expect(
        !values.parallel(in: pool, maximumBatch: 64).isSorted {
          calls.add()
          return $0 < $1
        })
      #expect(calls.value <= 64)
    }
  }
}
