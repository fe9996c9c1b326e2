import Skein
import Testing

extension InTurn {
  @Suite struct RotateTests {
    @Test(arguments: inPlaceThreadCounts)
    func startsAtEveryIndex(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for count in sizes(upTo: 70) + [200, 5000, 20_001] {
        for start in stride(from: 0, through: count, by: max(1, count / 12)) {
          var array = Array(0..<count)
          let index = pool.run { array.parallel.rotate(toStartAt: start) }
          #expect(index == count - start)
          #expect(array == Array(start..<count) + Array(0..<start))
        }
      }
    }

    @Test(arguments: inPlaceThreadCounts)
    func worksOnSlicesAndBuffers(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      var slice = Array(0..<100)[30..<90]
      #expect(pool.run { slice.parallel.rotate(toStartAt: 40) } == 80)
      #expect(Array(slice) == Array(40..<90) + Array(30..<40))
      var array = Array(0..<10_000)
      let index = unsafe array.withUnsafeMutableBufferPointer { buffer in
        unsafe buffer.parallel(in: pool).rotate(toStartAt: 1)
      }
      #expect(index == 9999)
      #expect(array == Array(1..<10_000) + [0])
    }

    @Test func keepsEveryElementOnce() throws {
      try withInputs(upTo: 50, and: [9000]) { pool, values, label in
        withLives(values) { array in
          let start = values.count / 3
          pool.run { _ = array.parallel.rotate(toStartAt: start) }
          #expect(array.map(\.value) == Array(values[start...] + values[..<start]), "\(label)")
        }
      }
    }

    @Test func anIndexThatIsNoneTraps() async {
      let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        var array = [1, 2, 3]
        array.parallel.rotate(toStartAt: 4)
      }
      #expect(message(result).contains("out of bounds"))
    }
  }
}
