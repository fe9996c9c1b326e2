import Skein
import Synchronization
import Testing

private func product(_ a: [Int8]) -> Int8? {
  var m = 1.0
  var z = false
  for x in a {
    if x == 0 { z = true }
    m *= Double(x)
  }
  return z ? 0 : Int8(exactly: m)
}

extension InTurn {
  /// Products, extremes, vectors, and folds by piece.
  @Suite struct ReductionTests {
    @Test(arguments: fewThreadCounts)
    func randomProductsAndExtremes(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let seed = newSeed()
      var g = SeededGenerator(seed: seed)
      for _ in 0..<rounds(100, long: 1000) {
        let a = (0..<Int.random(in: 0...12, using: &g)).map { _ in Int8.random(in: -4...5, using: &g) }
        if let e = product(a) { expectEqual(a.parallel(in: pool, maximumBatch: 2).product(), e, "product \(a)") }
        let b = (0..<Int.random(in: 0...40, using: &g)).map { _ in Int.random(in: 0...9, using: &g) }
        let p = b.parallel(in: pool, maximumBatch: 3)
        expectEqual(p.minAndMax()?.min, b.min(), "mm")
        expectEqual(p.minAndMax()?.max, b.max(), "mm")
        let e = Array(b.enumerated())
        let q = e.parallel(in: pool, maximumBatch: 3)
        let mn = e.min { $0.element < $1.element }
        let mx = e.max { $0.element <= $1.element ? $0.element < $1.element || $0.offset < $1.offset : false }
        expectEqual(q.min(on: \.element)?.offset, mn?.offset, "min on")
        expectEqual(q.max(on: \.element)?.offset, e.max { $0.element < $1.element }?.offset, "max on")
        expectEqual(q.minAndMax(on: { $0.element })?.min.offset, mn?.offset, "mm on")
        expectEqual(q.minAndMax(on: { $0.element })?.max.offset, mx?.offset, "mm on max")
        expectEqual(q.minAndMax { $0.element < $1.element }?.max.offset, mx?.offset, "mm by max")
        expectEqual(q.minAndMax { $0.element < $1.element }?.min.offset, mn?.offset, "mm by min")
        expectEqual(
          failure { () throws(TestError) in
            try p.min(on: { x throws(TestError) in
              if x == 3 { throw TestError(3) }
              return x
            })
          }, b.contains(3) ? TestError(3) : nil, "on throws")
      }

    }

    @Test(arguments: fewThreadCounts)
    func onlyTheProductMustBeRepresentable(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      expectEqual([Int8](repeating: 2, count: 6).parallel(in: pool).product(), 64, "p")
      expectEqual(([-2, 64] as [Int8]).parallel(in: pool).product(), -128, "p")
      expectEqual(([-128, -1, 0] as [Int8]).parallel(in: pool).product(), 0, "p")
      expectEqual(([-128] as [Int8]).parallel(in: pool).product(), -128, "p")
      expectEqual([Int.max, Int.max, 0, 3].parallel(in: pool).product(), 0, "p")
      expectEqual((1...20).parallel(in: pool).product(), (1...20).reduce(1, *), "p")
      expectEqual(
        (1...100).parallel(in: pool).map { Double($0) }.product().bitPattern,
        (1...100).parallel(in: pool, maximumBatch: 3).map { Double($0) }.product().bitPattern, "pd")

    }

    @Test(arguments: fewThreadCounts)
    func whatIsNotANumberIsPassedOverUnlessItIsFirst(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let nans: [Double] = [Double.nan, 1, 2]
      expectEqual(nans.parallel(in: pool).minAndMax()!.min.isNaN, true, "nan")
      expectEqual(([1, .nan, 0, 2, .nan] as [Double]).parallel(in: pool).minAndMax()!.max, 2, "nan")
      expectEqual(([1, .nan, 0, 2, .nan] as [Double]).parallel(in: pool).minAndMax(on: { -$0 })!.max, 0, "nan")

    }

    @Test(arguments: fewThreadCounts)
    func vectorsAndOtherSums(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let v = (0..<1000).map { SIMD4<Float>(Float($0), 1, 2, 0.5) }
      expectEqual(v.parallel(in: pool).sum(), v.reduce(.zero, +), "simd")
      expectEqual(
        (0..<1000).parallel(in: pool).map { SIMD2<Int32>(Int32($0), 1 << 30) }.wrappedSum(),
        (0..<1000).reduce(SIMD2<Int32>()) { $0 &+ SIMD2<Int32>(Int32($1), 1 << 30) }, "simd int")
      struct P: AdditiveArithmetic {
        var x: Int
        static let zero = P(x: 0)
        static func + (a: P, b: P) -> P { P(x: a.x + b.x) }
        static func - (a: P, b: P) -> P { P(x: a.x - b.x) }
      }
      expectEqual((0..<100).parallel(in: pool).map { P(x: $0) }.sum(), P(x: 4950), "additive")

    }

    @Test(arguments: fewThreadCounts)
    func foldsByPieceKeepTheOrder(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for n in [0, 1, 5, 1000, isSanitized ? 3000 : 30_000] {
        let a = (0..<n).map { $0 * 7 % 256 }
        for maximum in [1, 7, .max] where n < 2000 || maximum > 1 {
          let p = a.parallel(in: pool, maximumBatch: maximum)
          let h = p.reduceByPiece(into: [Int](repeating: 0, count: 256)) {
            $0[$1] += 1
          } combine: {
            for i in 0..<256 { $0[i] += $1[i] }
          }
          expectEqual(h, a.reduce(into: [Int](repeating: 0, count: 256)) { $0[$1] += 1 }, "hist")
          expectEqual(
            p.reduceByPiece(into: []) {
              $0.append($1)
            } combine: {
              $0 += $1
            }, a, "order")
          expectEqual(p.histogram(ofCount: 256) { $0 }, h, "histogram")
          expectEqual(
            failure { () throws(TestError) in
              try p.histogram(ofCount: 256) { x throws(TestError) in
                if x >= 100 { throw TestError(x) }
                return x
              }
            }, a.first { $0 >= 100 }.map { TestError($0) }, "hist throws")
          let parts = p.partialResults(into: [Int]()) { $0.append($1) }
          expectEqual(Array(parts.joined()), a, "partial")
          if threads == 1 { expectEqual(parts.count, n == 0 ? 0 : 1, "one part") }
          expectEqual(parts.allSatisfy { !$0.isEmpty }, true, "partial")
          expectEqual(
            p.filter { $0 % 2 == 0 }.reduceByPiece(into: []) {
              $0.append($1)
            } combine: {
              $0 += $1
            }, a.filter { $0 % 2 == 0 }, "order")
          expectEqual(
            Pulled(n).parallel(in: pool, maximumBatch: maximum).reduceByPiece(into: []) {
              $0.append($1)
            } combine: {
              $0 += $1
            }, Array(0..<n), "order")
          expectEqual(
            failure { () throws(TestError) in
              try p.reduceByPiece(into: 0) { (s: inout Int, x) throws(TestError) in
                if x >= 100 { throw TestError(x) }
              } combine: { (a: inout Int, b) throws(TestError) in
              }
            }, a.first { $0 >= 100 }.map { TestError($0) }, "bp throws")
          expectEqual(
            failure { () throws(TestError) in
              try p.partialResults(into: 0) { (s: inout Int, x) throws(TestError) in if x >= 100 { throw TestError(x) }
              }
            }, a.first { $0 >= 100 }.map { TestError($0) }, "pr throws")
          expectEqual(Array(p.filter { $0 % 3 > 0 }), a.filter { $0 % 3 > 0 }, "gather")
        }
      }

    }

    @Test(arguments: fewThreadCounts)
    func aKeyIsComputedOncePerElement(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let calls = Atomic(0)
      _ = (0..<1000).parallel(in: pool).minAndMax(on: { x in
        calls.add(1, ordering: .relaxed)
        return -x
      })
      expectEqual(calls.load(ordering: .relaxed), 1000, "key once")

    }

    @Test func aProductThatIsTooLargeTraps() async {
      let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = [Int.max, 2].parallel.product()
      }
      #expect(message(result).contains("the product is not representable as Int"))
    }

    @Test func aBinThatDoesNotExistTraps() async {
      let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = [1, 2, -1].parallel.histogram(ofCount: 3) { $0 }
      }
      #expect(message(result).contains("there is no bin -1, but 3 bins"))
    }
  }
}
