import Skein
import Testing

extension InTurn {
  /// Two parallel collections are compared as by the standard library.
  @Suite struct CompareTests {
    @Test(arguments: fewThreadCounts)
    func theAnswersAndErrorsAreTheSequentialOnes(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for n in [0, 1, 2, 7, isSanitized ? 40 : 300] {
        let a = (0..<n).map { Double($0) }
        var others = [a, Array(a.dropLast()), a + [1]]
        for i in [0, n / 2, n - 1] where i >= 0 && i < n {
          for d in [-1.0, 1, .nan] {
            var b = a
            b[i] += d
            others.append(b)
            others.append(Array(b.dropLast()))
          }
        }
        for b in others {
          let p = a.parallel(in: pool, maximumBatch: 5)
          let q = b.parallel(in: pool)
          expectEqual(p.elementsEqual(q), a.elementsEqual(b), "eq")
          expectEqual(q.elementsEqual(p.map { $0 }), b.elementsEqual(a), "eq")
          expectEqual(p.lexicographicallyPrecedes(q), a.lexicographicallyPrecedes(b), "lex")
          expectEqual(q.lexicographicallyPrecedes(p), b.lexicographicallyPrecedes(a), "lex")
          expectEqual(p.elementsEqual(q) { $0 <= $1 }, a.elementsEqual(b) { $0 <= $1 }, "eq by")
          let end = Swift.zip(a, b).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(a.count, b.count)
          expectEqual(p.endOfCommonPrefix(with: q), end, "end")
          expectEqual(q.map { $0 }.endOfCommonPrefix(with: p, by: ==), end, "end")
          for t in [0.0, 1, Double(n / 2), Double(n)] {
            @Sendable func f(_ x: Double) throws(TestError) -> Double {
              if x == t { throw TestError(Int(t)) }
              return x
            }
            func run<T>(_ b: () throws(TestError) -> T) -> Result<T, TestError> {
              do { return .success(try b()) } catch { return .failure(error) }
            }
            func seqEq(_ a: [Double], _ b: [Double]) throws(TestError) -> Bool {
              for (x, y) in Swift.zip(a, b) { if try f(x) != y { return false } }
              return a.count == b.count
            }
            func seqLex(_ a: [Double], _ b: [Double]) throws(TestError) -> Bool {
              for (x, y) in Swift.zip(a, b) {
                let x = try f(x)
                if x < y { return true }
                if y < x { return false }
              }
              return a.count < b.count
            }
            let tp = p.map { x throws(TestError) in try f(x) }
            let tq = q.map { x throws(TestError) in x }
            expectEqual(
              run { () throws(TestError) in try tp.elementsEqual(q) }, run { () throws(TestError) in try seqEq(a, b) },
              "teq")
            expectEqual(
              run { () throws(TestError) in try tp.elementsEqual(tq) }, run { () throws(TestError) in try seqEq(a, b) },
              "teq")
            expectEqual(
              run { () throws(TestError) in try tp.lexicographicallyPrecedes(tq) },
              run { () throws(TestError) in try seqLex(a, b) }, "tlex")
            expectEqual(
              run { () throws(TestError) in try tp.lexicographicallyPrecedes(q) },
              run { () throws(TestError) in try seqLex(a, b) }, "tlex")
            expectEqual(
              run { () throws(TestError) in try p.elementsEqual(q) { x, y throws(TestError) in try f(x) == y } },
              run { () throws(TestError) in try seqEq(a, b) }, "teq by")
            expectEqual(
              run { () throws(TestError) in try q.elementsEqual(tp) }, run { () throws(TestError) in try seqEq(a, b) },
              "teq")
          }
        }
      }

    }
  }
}
