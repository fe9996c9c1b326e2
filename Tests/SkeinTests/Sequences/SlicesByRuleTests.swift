import Skein
import Testing

/// A collection that does not keep its elements in contiguous memory.
private struct Scattered: RandomAccessCollection {
  let elements: [Int]
  var startIndex: Int { 100 }
  var endIndex: Int { 100 + elements.count }
  subscript(index: Int) -> Int { elements[index - 100] }
}

extension InTurn {
  /// `chunked(by:)` and `split`, divided anywhere.
  @Suite struct SlicesByRuleTests {
    @Test func divisions() {
      var random = SeededGenerator(seed: newSeed())
      for count in 0..<20 {
        for most in 0..<4 {
          let array = (0..<count).map { _ in Int.random(in: 0...most, using: &random) }
          let scattered = Scattered(elements: array)
          let chunks = chunks(array, by: ==)
          expectSplits(of: array.parallel.chunked { $0 == $1 }, chunks, "chunks of \(array)") { $0 }
          expectSplits(of: scattered.parallel.chunked { $0 == $1 }, chunks.map { Array($0) }, "\(array)") { Array($0) }
          for omits in [true, false] {
            let pieces = array.split(omittingEmptySubsequences: omits) { $0 == 0 }
            let parallel = array.parallel.split(omittingEmptySubsequences: omits) { $0 == 0 }
            expectSplits(of: parallel, pieces, "pieces of \(array)") { $0 }
            expectSplits(
              of: array.parallel.split(separator: 0, omittingEmptySubsequences: omits), pieces, "\(array)"
            ) { $0 }
            expectSplits(
              of: scattered.parallel.split(omittingEmptySubsequences: omits) { $0 == 0 }, pieces.map { Array($0) },
              "pieces of \(array)"
            ) { Array($0) }
          }
        }
      }
    }

    @Test(arguments: fewThreadCounts)
    func longCollections(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      var random = SeededGenerator(seed: newSeed())
      withTimeout {
        for most in [1, 50, 100_000] {
          let array = (0..<elements(50_000)).map { _ in Int.random(in: 0...most, using: &random) }
          for maximumBatch in [1, Int.max] {
            let parallel = array.parallel(in: pool, maximumBatch: maximumBatch)
            #expect(Array(parallel.chunked { $0 <= $1 }) == chunks(array, by: <=))
            #expect(Array(parallel.split { $0 == 0 }) == array.split { $0 == 0 })
            #expect(
              Array(parallel.split(omittingEmptySubsequences: false) { $0 == 0 })
                == array.split(omittingEmptySubsequences: false) { $0 == 0 })
          }
        }
      }
    }

    @Test(arguments: fewThreadCounts)
    func theFirstErrorInOrder(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let array = Array(0..<40)
      withTimeout {
        for bad in 1..<40 {
          for maximumBatch in [1, Int.max] {
            let parallel = array.parallel(in: pool, maximumBatch: maximumBatch)
            #expect(throws: TestError(bad)) {
              try Array(
                parallel.split { (number) throws(TestError) in
                  if number >= bad { throw TestError(number) }
                  return number % 7 == 0
                })
            }
            #expect(throws: TestError(bad)) {
              try Array(
                parallel.chunked { (_, number) throws(TestError) in
                  if number >= bad { throw TestError(number) }
                  return number % 7 != 0
                })
            }
          }
        }
      }
    }

    private func chunks(_ array: [Int], by belongTogether: (Int, Int) -> Bool) -> [ArraySlice<Int>] {
      var chunks: [ArraySlice<Int>] = []
      var start = 0
      for end in stride(from: 1, through: array.count, by: 1)
      where end == array.count || !belongTogether(array[end - 1], array[end]) {
        chunks.append(array[start..<end])
        start = end
      }
      return chunks
    }
  }
}
