import Skein
import Testing

extension InTurn {
  /// Sets, dictionaries, text, groups and halves are those of the sequential loop.
  @Suite struct BuilderTests {
    /// Whether several threads fold the pairs depends on how long the first ones take; the order does not.
    @Test(arguments: [1, 2, 8])
    func aCombinationThatTakesLong(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let pairs = (0..<5000).map { ($0 % 13, "\($0) ") }
      let expected = Dictionary(pairs, uniquingKeysWith: +)
      for duration in [Duration.zero, .microseconds(2)] {
        let folded = Dictionary(pairs.parallel(in: pool)) { first, second in
          spin(for: duration)
          return first + second
        }
        #expect(folded == expected)
      }
    }

    @Test(arguments: fewThreadCounts)
    func everyBuilderBuildsWhatTheSequentialOneDoes(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for n in [0, 1, 2, 7, 101, isSanitized ? 3001 : 10_000] {
        let a = (0..<n).map { $0 * 7919 % 1009 }
        for maximum in [1, 3, Int.max] where n < 3000 || maximum > 3 {
          let p = a.parallel(in: pool, maximumBatch: maximum)
          expectEqual(Set(p), Set(a), "set")
          expectEqual(Set(p.filter { $0 % 2 == 0 }), Set(a.filter { $0 % 2 == 0 }), "set")
          expectEqual(Set(p.enumerated().map { $0.offset }), Set(0..<n), "set distinct")
          expectEqual(
            Dictionary(uniqueKeysWithValues: p.enumerated().map { ($0.offset, $0.element) }),
            Dictionary(uniqueKeysWithValues: a.enumerated().map { ($0.offset, $0.element) }), "unique")
          expectEqual(
            Dictionary(
              p.enumerated().map { ($0.element % 10, Double($0.offset) * 0.1) }, uniquingKeysWith: { $0 * 0.5 - $1 }),
            Dictionary(
              a.enumerated().map { ($0.element % 10, Double($0.offset) * 0.1) }, uniquingKeysWith: { $0 * 0.5 - $1 }),
            "uniquing")
          expectEqual(
            Dictionary(p.map { ($0, 1) }, uniquingKeysWith: +), Dictionary(a.map { ($0, 1) }, uniquingKeysWith: +),
            "count")
          expectEqual(
            Dictionary(grouping: p.enumerated().map { $0.offset }, by: { $0 % 13 }),
            Dictionary(grouping: 0..<n, by: { $0 % 13 }), "grouping")
          expectEqual(p.grouped(by: { $0 % 7 }), Dictionary(grouping: a, by: { $0 % 7 }), "grouped")
          expectEqual(
            p.map { "\($0)" }.grouped(by: \.count), Dictionary(grouping: a.map { "\($0)" }, by: \.count), "grouped kp")
          expectEqual(
            p.enumerated().map { $0.offset }.keyed(by: { $0 % 17 }),
            Dictionary((0..<n).map { ($0 % 17, $0) }, uniquingKeysWith: { $1 }), "keyed")
          expectEqual(
            p.enumerated().map { $0.offset }.keyed(by: { $0 / 2 }),
            Dictionary((0..<n).map { ($0 / 2, $0) }, uniquingKeysWith: { $1 }), "keyed many")
          expectEqual(ContiguousArray(p), ContiguousArray(a), "contiguous")
          expectEqual(ArraySlice(p.filter { $0 > 3 }), ArraySlice(a.filter { $0 > 3 }), "slice")
          let s = a.map { "é\($0)👩‍👩‍👧" }
          let joined = s.joined()
          expectEqual(String(s.parallel(in: pool, maximumBatch: maximum)), joined, "string")
          expectEqual(String(Array(joined).parallel(in: pool, maximumBatch: maximum)), joined, "characters")
          expectEqual(String(Array(joined.unicodeScalars).parallel(in: pool, maximumBatch: maximum)), joined, "scalars")
          expectEqual(
            String(s.parallel(in: pool).map { $0.dropFirst() }), s.map { $0.dropFirst() }.joined(), "substrings")
          for cap in [0, 10, 100_000] {
            var b = [-1, -2]
            b.reserveCapacity(cap)
            b.append(contentsOf: p)
            expectEqual(b, [-1, -2] + a, "append")
            b.append(contentsOf: p.filter { $0 % 2 == 0 })
            expectEqual(b.count, 2 + n + a.count { $0 % 2 == 0 }, "append f")
            let c = b
            b.append(contentsOf: c.parallel(in: pool))
            expectEqual(b, c + c, "append self")
          }
          let u: ([String], [Int]) = p.map { ("\($0)", $0) }.unzipped()
          expectEqual(u.0, a.map { "\($0)" }, "unzip")
          expectEqual(u.1, a, "unzip")
          let v = p.filter { $0 % 3 > 0 }.map { ($0, "\($0)") }.unzipped()
          expectEqual(v.0, a.filter { $0 % 3 > 0 }, "unzip f")
          expectEqual(v.1, a.filter { $0 % 3 > 0 }.map { "\($0)" }, "unzip f")
          let w = p.partitioned { $0 % 3 == 0 }
          expectEqual(w.trueElements, a.filter { $0 % 3 == 0 }, "part")
          expectEqual(w.falseElements, a.filter { $0 % 3 != 0 }, "part")
          expectEqual(Array(parallelCount: n) { $0 * 2 }, (0..<n).map { $0 * 2 }, "make")
        }
      }

    }

    @Test(arguments: fewThreadCounts)
    func theFirstErrorComesOutAndNothingIsLeft(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for n in [1, 2, 7, 40] {
        for at in 0..<n {
          for maximum in [1, 4, .max] {
            let l = Lives()
            let q = (0..<n).parallel(in: pool, maximumBatch: maximum).map { i throws(TestError) in
              if i >= at { throw TestError(i) }
              return LifeTracked(i, l)
            }
            expectEqual(failure { () throws(TestError) in try Set(q.map { $0.value }) }, TestError(at), "set throws")
            expectEqual(
              failure { () throws(TestError) in try q.map { ($0, LifeTracked($0.value, l)) }.unzipped() },
              TestError(at), "unzip throws")
            expectEqual(
              failure { () throws(TestError) in
                try q.filter { $0.value % 2 == 0 }.map { ($0, LifeTracked($0.value, l)) }.unzipped()
              }, TestError(at), "unzip throws")
            expectEqual(
              failure { () throws(TestError) in try q.partitioned { $0.value % 2 == 0 } }, TestError(at),
              "partition throws")
            expectEqual(
              failure { () throws(TestError) in try q.grouped { $0.value % 3 } }, TestError(at), "grouped throws")
            expectEqual(failure { () throws(TestError) in try q.keyed { $0.value % 3 } }, TestError(at), "keyed throws")
            expectEqual(
              failure { () throws(TestError) in try Dictionary(uniqueKeysWithValues: q.map { ($0.value, $0) }) },
              TestError(at), "unique throws")
            expectEqual(
              failure { () throws(TestError) in try Dictionary(q.map { ($0.value % 3, $0) }, uniquingKeysWith: { $1 })
              }, TestError(at), "uniquing throws")
            expectEqual(
              failure { () throws(TestError) in try String(q.map { "\($0.value)" }) }, TestError(at), "string throws")
            expectEqual(failure { () throws(TestError) in try ContiguousArray(q) }, TestError(at), "ca throws")
            expectEqual(
              failure { () throws(TestError) in
                try pool.run { () throws(TestError) in
                  try Array(parallelCount: n) { i throws(TestError) in
                    if i >= at { throw TestError(i) }
                    return LifeTracked(i, l)
                  }
                }
              }, TestError(at), "pc throws")
            var arr = [LifeTracked(-1, l)]
            expectEqual(
              failure { () throws(TestError) in try arr.append(contentsOf: q) }, TestError(at), "append throws")
            expectEqual(arr.count, 1, "append leaves")
            expectEqual(
              failure { () throws(TestError) in try arr.append(contentsOf: q.filter { _ in true }) }, TestError(at),
              "append throws")
            expectEqual(arr.count, 1, "append leaves")
            expectEqual(
              failure { () throws(TestError) in
                try Dictionary(
                  (0..<n).parallel(in: pool).map { ($0 / 2, $0) },
                  uniquingKeysWith: { a, b throws(TestError) in
                    if b >= at { throw TestError(b) }
                    return b
                  })
              }, (0..<n).first { $0 % 2 == 1 && $0 >= at }.map { TestError($0) }, "combine throws")
            expectEqual(
              failure { () throws(TestError) in
                try (0..<n).parallel(in: pool).grouped { i throws(TestError) in
                  if i >= at { throw TestError(i) }
                  return i
                }
              }, TestError(at), "g throws")
            expectEqual(
              failure { () throws(TestError) in
                try (0..<n).parallel(in: pool).partitioned { i throws(TestError) in
                  if i >= at { throw TestError(i) }
                  return true
                }
              }, TestError(at), "p throws")
            arr = []
            expectEqual(l.alive, 0, "lives")
          }
        }
      }

    }

    @Test(arguments: fewThreadCounts)
    func everyElementIsDestroyedOnce(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let l = Lives()
      do {
        let (x, y) = (0..<1000).parallel(in: pool).map { (LifeTracked($0, l), LifeTracked($0, l)) }.unzipped()
        let z = (x + y).parallel(in: pool).partitioned { $0.value % 2 == 0 }
        expectEqual(z.0.count, 1000, "l")
        expectEqual(l.alive, 2000, "lives")
      }
      expectEqual(l.alive, 0, "lives")

    }

    @Test func equalKeysTrap() async {
      let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Dictionary(uniqueKeysWithValues: (0..<1000).parallel.map { ($0 / 2, $0) })
      }
      #expect(message(result).contains("two values have the key 0"))
    }
  }
}
