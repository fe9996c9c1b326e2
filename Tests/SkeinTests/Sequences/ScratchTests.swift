import Skein
import Synchronization
import Testing

extension InTurn {
  /// Scratch values of loops, and workers' own values.
  @Suite struct ScratchTests {
    @Test(arguments: fewThreadCounts)
    func aLoopMakesAtMostOneScratchValueForEachThread(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for maximum in [1, 10, .max] {
        let made = Atomic(0)
        let l = Lives()
        let p = (0..<10_000).parallel(in: pool, maximumBatch: maximum)
        let r = Array(
          p.map(withScratch: {
            made.add(1, ordering: .relaxed)
            return Workspace(l)
          }) { (s: inout Workspace, x) in
            s.buffer.append(x)
            return x + s.buffer.last!
          })
        expectEqual(r, (0..<10_000).map { $0 * 2 }, "scratch map")
        expectEqual(
          made.load(ordering: .relaxed) <= threads && made.load(ordering: .relaxed) > 0, true,
          "made \(made.load(ordering: .relaxed))")
        expectEqual(l.alive, 0, "scratch lives")
        let sum = Atomic(0)
        p.forEach(withScratch: { [0] }) { s, x in
          s[0] = x
          sum.add(s[0], ordering: .relaxed)
        }
        expectEqual(sum.load(ordering: .relaxed), 49_995_000, "scratch forEach")
        expectEqual(
          Array(
            zip(
              p,
              p.map(withScratch: { Workspace(l) }) { s, x in
                s.buffer = [x]
                return s.buffer[0]
              })
          ).allSatisfy { $0.0 == $0.1 }, true, "zip scratch")
        expectEqual(
          Pulled(1000).parallel(in: pool).map(withScratch: { Workspace(l) }) { s, x in x }.sum(), 499_500,
          "pulled scratch")
        for at in [0, 1, 500, 9999] {
          expectEqual(
            failure { () throws(TestError) in
              try p.forEach(withScratch: { Workspace(l) }) { s, x throws(TestError) in
                s.buffer = [x]
                if x >= at { throw TestError(x) }
              }
            }, TestError(at), "scratch throws")
          expectEqual(
            failure { () throws(TestError) in
              try p.map { x throws(TestError) in
                if x >= at { throw TestError(x) }
                return x
              }.forEach(withScratch: { Workspace(l) }) { s, x in s.buffer = [x] }
            }, TestError(at), "scratch base throws")
        }
        expectEqual(l.alive, 0, "scratch lives")
      }

    }

    @Test(arguments: fewThreadCounts)
    func changesInPlaceHaveScratch(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let lives = Lives()
      var numbers = Array(0..<10_000)
      func check(_ change: (inout [Int]) -> Void) {
        let born = lives.bornCount
        numbers = Array(0..<10_000)
        change(&numbers)
        #expect(numbers == (1...10_000).map { $0 })
        #expect(lives.alive == 0)
        #expect((1...threads).contains(lives.bornCount - born))
      }
      check {
        $0.parallel(in: pool, maximumBatch: 100).modifyEach(withScratch: { Workspace(lives) }) { scratch, number in
          scratch.buffer = [number]
          number = scratch.buffer[0] + 1
        }
      }
      check {
        $0.parallel(in: pool).modifyEach(chunksOf: 333, withScratch: { Workspace(lives) }) { scratch, index, chunk in
          scratch.buffer = [index * 333]
          for place in chunk.indices { chunk[place] = scratch.buffer[0] + place + 1 }
        }
      }
      check { numbers in
        pool.run {
          unsafe numbers.withUnsafeMutableBufferPointer { buffer in
            unsafe buffer.parallel.modifyEach(withScratch: { Workspace(lives) }) { scratch, number in number += 1 }
          }
        }
      }
      check { numbers in
        pool.run {
          unsafe numbers.withUnsafeMutableBufferPointer { buffer in
            unsafe buffer.parallel.modifyEach(chunksOf: 10, withScratch: { Workspace(lives) }) { scratch, _, chunk in
              for place in chunk.indices { chunk[place] += 1 }
            }
          }
        }
      }
      check { numbers in
        pool.run { numbers.parallel.modifyEach(withScratch: { Workspace(lives) }) { scratch, number in number += 1 } }
      }
    }

    @Test(arguments: fewThreadCounts)
    func nestedIterationsHaveScratchOfTheirOwn(_ threads: Int) throws {
      let any = try ThreadPool(ThreadPool.Configuration(threadCount: threads, waitPolicy: .anyWork))
      let l = Lives()
      any.run {
        (0..<200).parallel(maximumBatch: 1).forEach(withScratch: { Workspace(l) }) { s, x in
          s.buffer = [x]
          let t = (0..<100).parallel.map { _ in 1 }.sum()
          expectEqual(t, 100, "inner")
          expectEqual(s.buffer, [x], "mine alone")
        }
      }
      expectEqual(l.alive, 0, "nested lives")

    }

    @Test(arguments: fewThreadCounts)
    func aWorkersOwnValueIsNeverGivenOutTwice(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let local = WorkerLocal { [Int]() }
      (0..<10_000).parallel(in: pool).forEach { x in local.withValue { $0.append(x) } }
      expectEqual(local.values.count <= threads, true, "local \(local.values.count)")
      expectEqual(local.values.joined().sorted(), Array(0..<10_000), "local")
      expectEqual(local.removeAll().joined().count, 10_000, "local")
      expectEqual(local.values.count, 0, "local")
      local.withValue {
        $0.append(1)
        local.withValue {
          $0.append(2)
          local.withValue { $0.append(3) }
        }
      }
      expectEqual(local.values.joined().sorted(), [1, 2, 3], "nested local")
      pool.run {
        local.withValue { a in
          a.append(4)
          (0..<1000).parallel.forEach { x in local.withValue { $0.append(5) } }
          a.append(6)
        }
      }
      expectEqual(local.removeAll().joined().count, 1005, "held local")
      let tl = Lives()
      do {
        let w = WorkerLocal { LifeTracked(0, tl) }
        (0..<1000).parallel(in: pool).forEach { _ in w.withValue { $0 = LifeTracked($0.value + 1, tl) } }
        expectEqual(w.values.map { $0.value }.reduce(0, +), 1000, "counts")
      }
      expectEqual(tl.alive, 0, "local lives")
      // Workers of two pools at once, whose positions are the same.
      let w = WorkerLocal { 0 }
      (0..<8).parallel(in: pool).forEach { _ in
        (0..<1000).parallel.forEach { _ in w.withValue { $0 += 1 } }
        _ = w.values
      }
      expectEqual(w.values.reduce(0, +), 8000, "pools")

    }
  }
}
