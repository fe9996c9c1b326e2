import Skein
import Testing

extension InTurn {
  @Suite struct FillTests {
    @Test(arguments: inPlaceThreadCounts)
    func replacesEveryElement(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for count in Array(0...100) + [5000, 100_000] {
        var array = Array(0..<count)
        pool.run { array.parallel.fill(with: 7) }
        #expect(array == [Int](repeating: 7, count: count))
        var slice = Array(0..<count)[(count / 3)...]
        pool.run { slice.parallel.fill(with: -1) }
        #expect(slice.count == count - count / 3 && slice.allSatisfy { $0 == -1 })
        unsafe array.withUnsafeMutableBufferPointer { buffer in unsafe buffer.parallel(in: pool).fill(with: 8) }
        #expect(array.allSatisfy { $0 == 8 })
      }
    }

    @Test(arguments: inPlaceThreadCounts)
    func destroysWhatWasThereAndSharesTheValue(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for count in [1, 2, 100, 10_000] {
        let lives = Lives()
        do {
          var array = (0..<count).map { LifeTracked($0, lives) }
          pool.run { array.parallel.fill(with: LifeTracked(-1, lives)) }
          #expect(lives.alive == 1)
          #expect(array.allSatisfy { $0.value == -1 })
        }
        #expect(lives.alive == 0)
      }
    }

    @Test func aCopyOfTheArrayIsNotFilled() {
      var array = Array(0..<1000)
      let copy = array
      array.parallel.fill(with: 0)
      #expect(copy == Array(0..<1000))
    }
  }
}
