import Skein
import Testing

extension InTurn {
  @Suite struct StablePartitionTests {
    @Test func keepsTheOrderOfBothParts() throws {
      try withInputs { pool, values, label in
        for modulus in [1, 2, 50] {
          var array = Placed.array(values)
          let first = array.filter { $0.key % modulus != 0 }
          let second = array.filter { $0.key % modulus == 0 }
          let boundary = pool.run { array.parallel.stablePartition { $0.key % modulus == 0 } }
          #expect(boundary == first.count, "\(label)")
          #expect(array == first + second, "\(label)")
        }
      }
    }

    @Test(arguments: inPlaceThreadCounts)
    func movesOnlyWhatIsOutOfPlace(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for count in [10, 1000, 30_000] {
        for out in [0, 1, count / 2, count - 1] {
          var array = Array(0..<count)
          array.swapAt(out, count / 3)
          let expected = array.filter { $0 < count / 2 } + array.filter { $0 >= count / 2 }
          pool.run { _ = array.parallel.stablePartition { $0 >= count / 2 } }
          #expect(array == expected)
        }
      }
    }

    @Test(arguments: inPlaceThreadCounts)
    func givesIndicesOfTheCollection(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      var slice = Array(0..<100)[30..<90]
      #expect(pool.run { slice.parallel.stablePartition { $0 % 2 == 0 } } == 60)
      #expect(Array(slice) == (30..<90).filter { $0 % 2 == 1 } + (30..<90).filter { $0 % 2 == 0 })
      var array = Array(0..<5000)
      let inBuffer = unsafe array.withUnsafeMutableBufferPointer { buffer in
        unsafe buffer.parallel(in: pool).stablePartition { $0 < 1000 }
      }
      #expect(inBuffer == 4000)
      #expect(array == Array(1000..<5000) + Array(0..<1000))
    }

    @Test func throwsTheFirstErrorAndMovesNothing() throws {
      for threads in inPlaceThreadCounts {
        let pool = try ThreadPool(threadCount: threads)
        for count in [1, 2, 40, 130, 3000] {
          for position in stride(from: 0, to: count, by: max(1, count / 40)) {
            withLives(Array(0..<count)) { array in
              let before = array.map { ObjectIdentifier($0) }
              #expect(throws: TestError(position)) {
                try pool.run { () throws(TestError) in
                  _ = try array.parallel.stablePartition { element throws(TestError) in
                    if element.value >= position { throw TestError(element.value) }
                    return element.value % 2 == 0
                  }
                }
              }
              #expect(array.map { ObjectIdentifier($0) } == before)
            }
          }
        }
      }
    }

    @Test func keepsEveryElementOnce() throws {
      try withInputs(upTo: 70, and: [3000]) { pool, values, label in
        withLives(values) { array in
          let first = array.filter { $0.value % 3 != 1 }
          let second = array.filter { $0.value % 3 == 1 }
          pool.run { _ = array.parallel.stablePartition { $0.value % 3 == 1 } }
          #expect(array.map(\.value) == (first + second).map(\.value), "\(label)")
        }
      }
    }
  }
}
