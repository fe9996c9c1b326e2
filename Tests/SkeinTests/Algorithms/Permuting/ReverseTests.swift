import Skein
import Testing

extension InTurn {
  @Suite struct ReverseTests {
    @Test func reversesAsTheStandardLibraryDoes() throws {
      try withInputs { pool, values, label in
        var array = values
        pool.run { array.parallel.reverse() }
        #expect(array == values.reversed(), "\(label)")
        var strings = values.map { "\($0)" }
        pool.run { strings.parallel.reverse() }
        #expect(strings == values.reversed().map { "\($0)" }, "\(label)")
      }
    }

    @Test(arguments: inPlaceThreadCounts)
    func worksOnSlicesAndBuffers(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      var array = Array(0..<10_000)
      pool.run { array[1000..<9000].parallel.reverse() }
      let expected = Array(0..<1000) + (1000..<9000).reversed() + Array(9000..<10_000)
      #expect(array == expected)
      unsafe array.withUnsafeMutableBufferPointer { buffer in unsafe buffer.parallel(in: pool).reverse() }
      #expect(array == expected.reversed())
    }

    @Test func keepsEveryElementOnce() throws {
      try withInputs(upTo: 50, and: [9000]) { pool, values, label in
        withLives(values) { array in
          pool.run { array.parallel.reverse() }
          #expect(array.map(\.value) == values.reversed(), "\(label)")
        }
      }
    }
  }
}
