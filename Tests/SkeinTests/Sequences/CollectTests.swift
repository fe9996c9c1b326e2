import Skein
import Testing

extension InTurn {
  /// L5: collecting gives the sequential answer, in place.
  @Suite struct CollectTests {
    @Test(arguments: threadCounts)
    func everyChainCollectsWhatTheSequentialOneDoes(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for count in stride(from: 0, through: 200, by: threads == 4 ? 1 : 13) { withTimeout { check(count, pool) } }
      withTimeout(.seconds(120)) { check(elements(1_000_000) / (isLong ? 1 : 4 * threads), pool) }
    }

    private func check(_ count: Int, _ pool: ThreadPool) {
      let range = 0..<count
      let source = range.parallel(in: pool)
      #expect(Array(source) == Array(range))
      #expect(Array(source.map { $0 * 2 }) == range.map { $0 * 2 })
      #expect(Array(source.filter { $0 % 3 == 0 }) == range.filter { $0 % 3 == 0 })
      #expect(Array(source.compactMap { $0 % 3 == 0 ? -$0 : nil }) == range.compactMap { $0 % 3 == 0 ? -$0 : nil })
      #expect(
        Array(source.map { $0 + 1 }.filter { $0 % 2 == 0 }.map { "\($0)" })
          == range.map { $0 + 1 }.filter { $0 % 2 == 0 }.map { "\($0)" })
      #expect(Array(source.batched(minimum: 2, maximum: 5).map { $0 }) == Array(range))
      #expect(Array(source.inBlocks(ofCount: 7).filter { $0 % 2 == 1 }) == range.filter { $0 % 2 == 1 })
      #expect(Array(source.inGrowingBlocks()) == Array(range))
      #expect(Array(source.filter { _ in false }).isEmpty)
    }

    @Test func everySource() throws {
      let pool = try ThreadPool(threadCount: 4)
      for count in 0...64 {
        let array = (0..<count).map { "\($0)" }
        #expect(Array(array.parallel(in: pool)) == array)
        #expect(Array(array.parallel) == array)
        #expect(Array(ContiguousArray(array).parallel(in: pool)) == array)
        #expect(Array(ContiguousArray(array).parallel) == array)
        let slice = array[(count / 4)..<(count - count / 4)]
        #expect(Array(slice.parallel(in: pool)) == Array(slice))
        #expect(Array(slice.parallel.map { $0 + "!" }) == slice.map { $0 + "!" })
        #expect(Array((0...count).parallel(in: pool)) == Array(0...count))
        #expect(Array((-count..<count).parallel(in: pool)) == Array(-count..<count))
        #expect(Array((-count...0).parallel(in: pool)) == Array(-count...0))
        #expect(Array((Int8(-64)..<Int8(count)).parallel(in: pool)) == Array(Int8(-64)..<Int8(count)))
        #expect(Array((0..<count).reversed().parallel(in: pool)) == (0..<count).reversed())
        #expect(Array(repeatElement(7, count: count).parallel(in: pool)) == [Int](repeating: 7, count: count))
        unsafe array.withUnsafeBufferPointer { buffer in
          #expect(unsafe Array(buffer.parallel(in: pool)) == array)
          #expect(unsafe Array(buffer.parallel) == array)
        }
        var copy = array
        unsafe copy.withUnsafeMutableBufferPointer { buffer in
          #expect(unsafe Array(buffer.parallel(in: pool)) == array)
          unsafe buffer.parallel(in: pool).modifyEach { $0 += "?" }
        }
        #expect(copy == array.map { $0 + "?" })
      }
      #expect(unsafe Array(UnsafeBufferPointer<Int>(start: nil, count: 0).parallel).isEmpty)
      #expect(Array((Int.max - 3..<Int.max).parallel) == [Int.max - 3, Int.max - 2, Int.max - 1])
      #expect(Array((Int.min...Int.min + 2).parallel) == [Int.min, Int.min + 1, Int.min + 2])
    }

    @Test func appending() throws {
      let pool = try ThreadPool(threadCount: 4)
      for count in [0, 1, 10, 1000] {
        var array = ["a", "b"]
        array.append(contentsOf: (0..<count).parallel(in: pool).map { "\($0)" })
        #expect(array == ["a", "b"] + (0..<count).map { "\($0)" })
        array.append(contentsOf: (0..<count).parallel(in: pool).filter { $0 % 2 == 0 }.map { "\($0)" })
        #expect(array.count == 2 + count + (count + 1) / 2)
        var empty: [Int] = []
        empty.append(contentsOf: (0..<count).parallel(in: pool))
        #expect(empty == Array(0..<count))
      }
    }

    @Test func modifyingCopiesNothing() throws {
      let pool = try ThreadPool(threadCount: 4)
      func address(_ array: [Int]) -> UInt { unsafe array.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) } }
      var array = Array(0..<10_000)
      let before = address(array)
      array.parallel.modifyEach { $0 += 1 }
      #expect(array == Array(1...10_000))
      pool.run { array.parallel.modifyEach { $0 -= 1 } }
      #expect(array == Array(0..<10_000))
      #expect(address(array) == before)

      let shared = array
      array.parallel.modifyEach { $0 = 0 }
      #expect(shared == Array(0..<10_000))
      #expect(array.allSatisfy { $0 == 0 })
    }

    @Test func modifyingEveryKindOfArray() {
      for count in 0...100 {
        var array = (0..<count).map { [$0] }
        array.parallel.modifyEach { $0.append(-1) }
        #expect(array == (0..<count).map { [$0, -1] })
        var contiguous = ContiguousArray(0..<count)
        contiguous.parallel.modifyEach { $0 *= 2 }
        #expect(contiguous == ContiguousArray((0..<count).map { $0 * 2 }))
        var slice = Array(0..<count)[(count / 3)...]
        slice.parallel.modifyEach { $0 += 1 }
        #expect(slice.startIndex == count / 3)
        #expect(Array(slice) == ((count / 3)..<count).map { $0 + 1 })
      }
    }
  }
}
