import Skein
import Testing

extension InTurn {
  /// Elements, pairs and chunks are changed in place.
  @Suite struct ModifyTests {
    @Test(arguments: fewThreadCounts)
    func whatIsChangedInPlaceIsWhatTheSequentialLoopChanges(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for n in [0, 1, 2, 7, 100, isSanitized ? 100 : 1000] {
        for maximum in [1, 5, .max] {
          var a = Array(0..<n)
          let w = (0..<n + 3).map { "\($0)" }
          a.parallel.modifyEach(with: w.parallel.map(\.count)) { (x: inout Int, y) in x = x * 10 + y }
          expectEqual(a, (0..<n).map { $0 * 10 + "\($0)".count }, "with")
          a = Array(0..<n)
          a.parallel(in: pool, maximumBatch: maximum).modifyEach(with: w.prefix(max(0, n - 2)).parallel) { x, y in
            x += y.count
          }
          expectEqual(a, (0..<n).map { $0 < n - 2 ? $0 + "\($0)".count : $0 }, "with shorter")
          a = Array(0..<n)
          a.parallel.enumerated().modifyEach { (i, x: inout Int) in x += i }
          expectEqual(a, (0..<n).map { $0 * 2 }, "enumerated")
          a.parallel(in: pool, maximumBatch: maximum).enumerated().modifyEach { $1 -= $0 }
          expectEqual(a, Array(0..<n), "enumerated")
          for c in [1, 2, 7, 1000] {
            a.parallel(in: pool, maximumBatch: maximum).modifyEach(chunksOf: c) { index, span in
              for i in span.indices { span[i] = index * 1000 + i }
            }
            expectEqual(a, (0..<n).map { $0 / c * 1000 + $0 % c }, "chunks")
            a.parallel.modifyEach(chunksOf: c) { index, span in span[0] = -index }
            expectEqual(a, (0..<n).map { $0 % c == 0 ? -($0 / c) : $0 / c * 1000 + $0 % c }, "chunks")
          }
          for at in [0, n / 2, n - 1] where at >= 0 && at < n {
            var b = (0..<n).map { "\($0)" }
            let other = (0..<n).parallel.map { i throws(TestError) in
              if i >= at { throw TestError(i) }
              return i
            }
            expectEqual(
              failure { () throws(TestError) in
                try b.parallel(in: pool, maximumBatch: maximum).modifyEach(chunksOf: 3) { i, s throws(TestError) in
                  if i >= at / 3 { throw TestError(i) }
                  s[0] += "!"
                }
              }, TestError(at / 3), "chunks throw")
            for i in 0..<at / 3 { expectEqual(b[3 * i], "\(3 * i)!", "before") }
            b = (0..<n).map { "\($0)" }
            expectEqual(
              failure { () throws(TestError) in
                try b.parallel(in: pool, maximumBatch: maximum).modifyEach(with: (0..<n).parallel) {
                  (s: inout String, i) throws(TestError) in
                  if i >= at { throw TestError(i) }
                  s += "!"
                }
              }, TestError(at), "with throw")
            expectEqual(Array(b.prefix(at)), (0..<at).map { "\($0)!" }, "before")
            expectEqual(
              failure { () throws(TestError) in try b.parallel(in: pool).modifyEach(with: other) { s, i in s = "\(i)" }
              }, TestError(at), "with throw other")
            expectEqual(
              failure { () throws(TestError) in
                try b.parallel.enumerated().modifyEach { (i, s: inout String) throws(TestError) in
                  if i >= at { throw TestError(i) }
                  s += "?"
                }
              }, TestError(at), "enumerated throw")
          }
        }
      }

    }
  }
}
