import Skein
import Synchronization
import Testing

extension InTurn {
  /// More than two closures are joined.
  @Suite struct JoinManyTests {
    @Test(arguments: fewThreadCounts)
    func allRunAndTheFirstErrorComesOut(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      pool.run {
        let (x, y, z) = join {
          1
        } and: {
          "two"
        } and: {
          [3.0]
        }
        expectEqual(x, 1, "join")
        expectEqual(y, "two", "join")
        expectEqual(z, [3], "join")
        let (a, b, c, d) = join {
          1
        } and: {
          2
        } and: {
          3
        } and: {
          (0..<1000).parallel.sum()
        }
        expectEqual([a, b, c, d], [1, 2, 3, 499_500], "join")
        let (a5, b5, c5, d5, e5) = join {
          1
        } and: {
          2
        } and: {
          3
        } and: {
          4
        } and: {
          5
        }
        expectEqual([a5, b5, c5, d5, e5], [1, 2, 3, 4, 5], "join")
        let (a6, b6, c6, d6, e6, f6) = join {
          1
        } and: {
          2
        } and: {
          3
        } and: {
          4
        } and: {
          5
        } and: {
          Workspace(Lives())
        }
        f6.buffer = [6]
        expectEqual([a6, b6, c6, d6, e6], [1, 2, 3, 4, 5], "join")
        for mask in 0..<64 {
          let ran = Atomic(0)
          @Sendable func go(_ i: Int) throws(TestError) -> Int {
            ran.add(1, ordering: .relaxed)
            if mask >> i & 1 == 1 { throw TestError(i) }
            return i
          }
          let firstTestError = (0..<6).first { mask >> $0 & 1 == 1 }
          expectEqual(
            failure { () throws(TestError) in
              try join { () throws(TestError) in
                try go(0)
              } and: { () throws(TestError) in
                try go(1)
              } and: { () throws(TestError) in
                try go(2)
              } and: { () throws(TestError) in
                try go(3)
              } and: { () throws(TestError) in
                try go(4)
              } and: { () throws(TestError) in
                try go(5)
              }
            }, firstTestError.map { TestError($0) }, "join throws")
          expectEqual(ran.load(ordering: .relaxed), 6, "all ran")
          let f3 = (0..<3).first { mask >> $0 & 1 == 1 }
          expectEqual(
            failure { () throws(TestError) in
              try join { () throws(TestError) in
                try go(0)
              } and: { () throws(TestError) in
                try go(1)
              } and: { () throws(TestError) in
                try go(2)
              }
            }, f3.map { TestError($0) }, "join 3 throws")
          @Sendable func g1() throws(TestError) -> Int { try go(1) }
          expectEqual(
            failure { () throws(TestError) in try join(g1, and: g1, and: g1) }, mask & 2 == 2 ? TestError(1) : nil,
            "functions")
        }
        let seen = Atomic(0)
        join {
          seen.add(1, ordering: .relaxed)
        } and: {
          seen.add(2, ordering: .relaxed)
        } and: {
          seen.add(4, ordering: .relaxed)
        }
        expectEqual(seen.load(ordering: .relaxed), 7, "void")
      }

    }

    @Test func joiningOutsideAnyPool() {
      var mine = 0
      let (x, y, z) = join {
        mine += 1
        return 1
      } and: {
        2
      } and: {
        3
      }
      expectEqual(x + y + z + mine, 7, "join outside")

    }
  }
}
