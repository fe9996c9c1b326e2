import Skein
import Testing

extension InTurn {
  @Suite struct PartitionTests {
    @Test func leavesTheArrayAsTheStandardLibraryDoes() throws {
      try withInputs { pool, values, label in
        for modulus in [1, 2, 50] {
          var ours = Placed.array(values)
          var theirs = ours
          let boundary = pool.run { ours.parallel.partition { $0.key % modulus == 0 } }
          let expected = theirs.partition { $0.key % modulus == 0 }
          #expect(boundary == expected, "\(label)")
          #expect(ours == theirs, "\(label)")
        }
      }
    }

    @Test(arguments: inPlaceThreadCounts)
    func givesIndicesOfTheCollection(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      var slice = Array(0..<100)[30..<90]
      var expected = slice
      let boundary = pool.run { slice.parallel.partition { $0 % 2 == 0 } }
      #expect(boundary == expected.partition { $0 % 2 == 0 })
      #expect(slice == expected)
      var array = Array(0..<5000)
      let inBuffer = unsafe array.withUnsafeMutableBufferPointer { buffer in
        unsafe buffer.parallel(in: pool).partition { $0 < 1000 }
      }
      #expect(inBuffer == 4000)
      #expect(array[..<4000].allSatisfy { $0 >= 1000 } && array[4000...].allSatisfy { $0 < 1000 })
    }

    @Test func throwsTheFirstErrorAndMovesNothing() throws {
      for threads in inPlaceThreadCounts {
        let pool = try ThreadPool(threadCount: threads)
        for count in [1, 2, 3, 40, 130, 3000] {
          for position in stride(from: 0, to: count, by: max(1, count / 40)) {
            withLives(Array(0..<count)) { array in
              let before = array.map { ObjectIdentifier($0) }
              #expect(throws: TestError(position)) {
                try pool.run { () throws(TestError) in
                  _ = try array.parallel.partition { element throws(TestError) in
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
          let boundary = pool.run { array.parallel.partition { $0.value % 3 == 1 } }
          #expect(array.map { $0.value % 3 == 1 } == (0..<array.count).map { $0 >= boundary }, "\(label)")
        }
      }
    }

    @Test func asksAboutEachElementOnce() throws {
      let pool = try ThreadPool(threadCount: 3)
      for count in [1, 63, 64, 65, 1024, 1025, 10_000] {
        let asked = Marks(count)
        var array = Array(0..<count)
        pool.run {
          _ = array.parallel.partition {
            asked.mark($0)
            return $0 % 3 == 0
          }
        }
        #expect(asked.everyOnce)
      }
    }
  }
}
