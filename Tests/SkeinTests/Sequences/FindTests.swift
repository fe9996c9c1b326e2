import Skein
import Synchronization
import Testing

extension InTurn {
  /// Searches from either end, anywhere, and for an index.
  @Suite struct FindTests {
    @Test(arguments: fewThreadCounts)
    func everySearchFindsWhatTheSequentialOneDoes(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for n in [0, 1, 2, 7, 101, isSanitized ? 500 : 2000] {
        let a = (0..<n).map { $0 * 7 % 31 }
        for maximum in [1, 3, Int.max] {
          let p = a.parallel(in: pool, maximumBatch: maximum)
          let m = p.map { $0 }
          for want in [0, 5, 30, 31] {
            expectEqual(p.last { $0 == want }, a.last { $0 == want }, "last")
            expectEqual(p.filter { $0 >= want }.last(), a.last { $0 >= want }, "last filter")
            expectEqual(
              p.flatMap { [$0, $0 + 1] }.last { $0 <= want }, a.flatMap { [$0, $0 + 1] }.last { $0 <= want },
              "last flat")
            expectEqual(p.anyElement { $0 == want }, a.first { $0 == want }, "any")
            expectEqual(p.firstIndex { $0 == want }, a.firstIndex { $0 == want }, "fi")
            expectEqual(p.lastIndex { $0 == want }, a.lastIndex { $0 == want }, "li")
            expectEqual(m.firstIndex { $0 == want }, a.firstIndex { $0 == want }, "fi")
            expectEqual(m.lastIndex { $0 == want }, a.lastIndex { $0 == want }, "li")
            expectEqual(p.firstIndex(of: want), a.firstIndex(of: want), "fio")
            expectEqual(m.lastIndex(of: want), a.lastIndex(of: want), "lio")
            if let i = p.anyIndex(where: { $0 == want }) {
              expectEqual(a[i], want, "ai")
            } else {
              expectEqual(a.contains(want), false, "ai")
            }
            expectEqual(p.firstNonNil { $0 == want ? "\($0)" : nil }, a.contains(want) ? "\(want)" : nil, "fnn")
            expectEqual(p.anyNonNil { $0 == want ? "\($0)" : nil }, a.contains(want) ? "\(want)" : nil, "ann")
            expectEqual(
              p.enumerated().lastNonNil { $0.element == want ? $0.offset : nil }, a.lastIndex(of: want), "lnn")
            if threads < 3 {
              expectEqual(
                Pulled(n).parallel(in: pool).last { $0 % 31 == want }, (0..<n).last { $0 % 31 == want }, "pulled last")
              expectEqual(
                Pulled(n).parallel(in: pool).anyElement { $0 == want }, (0..<n).first { $0 == want }, "pulled any")
            }
            // errors
            @Sendable func e(_ x: Int) throws(TestError) -> Bool {
              if x == want { throw TestError(x) }
              return false
            }
            let w: (TestError?) = a.contains(want) ? TestError(want) : nil
            expectEqual(
              failure { () throws(TestError) in try p.last { x throws(TestError) in try e(x) } }, w, "err last")
            expectEqual(
              failure { () throws(TestError) in try p.anyElement { x throws(TestError) in try e(x) } }, w, "err any")
            expectEqual(
              failure { () throws(TestError) in try p.anyIndex { x throws(TestError) in try e(x) } }, w, "err any")
            expectEqual(
              failure { () throws(TestError) in try m.firstIndex { x throws(TestError) in try e(x) } }, w, "err fi")
            expectEqual(
              failure { () throws(TestError) in try p.firstNonNil { x throws(TestError) in try e(x) ? 1 : nil } }, w,
              "err fnn")
            // order of error against answer: throw on 5, look for want
            @Sendable func f(_ x: Int) throws(TestError) -> Bool {
              if x == 5 { throw TestError(x) }
              return x == want
            }
            func seq(_ x: some Sequence<Int>) -> Result<Int?, TestError> {
              for y in x { do { if try f(y) { return .success(y) } } catch { return .failure(error) } }
              return .success(nil)
            }
            func res(_ b: () throws(TestError) -> Int?) -> Result<Int?, TestError> {
              do { return .success(try b()) } catch { return .failure(error) }
            }
            expectEqual(
              res { () throws(TestError) in try p.first { x throws(TestError) in try f(x) } }, seq(a), "first/err")
            expectEqual(
              res { () throws(TestError) in try p.last { x throws(TestError) in try f(x) } }, seq(a.reversed()),
              "last/err")
          }
        }
        expectEqual(a.parallel(in: pool).first(), a.first, "first()")
        expectEqual(a.parallel(in: pool).last(), a.last, "last()")
        expectEqual(a.parallel(in: pool).map { $0 + 1 }.last(), a.last.map { $0 + 1 }, "last()")
        let s = a[(n / 2)...]
        expectEqual(s.parallel(in: pool).firstIndex { $0 == 5 }, s.firstIndex(of: 5), "slice index")
        let set = s.reversed()
        expectEqual(set.parallel(in: pool).firstIndex(of: 5), set.firstIndex(of: 5), "reversed index")
        expectEqual(set.parallel(in: pool).lastIndex(of: 5), set.lastIndex(of: 5), "reversed index")
      }

    }

    /// A search in growing blocks does less than twice what the sequential one does, and what each thread begins with.
    @Test(arguments: fewThreadCounts)
    func growingBlocksWasteAtMostAConstantFactor(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for k in [0, 1, 2, 5, 17, 100, 1000, 9999] {
        let calls = Atomic(0)
        expectEqual(
          (0..<10_000).parallel(in: pool).inGrowingBlocks().first {
            calls.add(1, ordering: .relaxed)
            return $0 == k
          }, k, "growing")
        expectEqual(
          calls.load(ordering: .relaxed) <= 2 * k + threads && calls.load(ordering: .relaxed) > k, true,
          "growing calls \(calls.load(ordering: .relaxed)) \(k)")
      }

    }

    @Test(arguments: fewThreadCounts)
    func searchesOfHugeRangesEnd(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      expectEqual(
        (0..<Int.max).parallel(in: pool).last { $0 % 7 == 3 }, (0..<Int.max).last { $0 % 7 == 3 }, "huge last")
      expectEqual((0..<Int.max).parallel(in: pool).anyElement { $0 > 100_000 } != nil, true, "huge any")

    }
  }
}
