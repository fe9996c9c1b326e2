import Skein

// The same work as in `Peers/cpp/algorithms.cpp`: the standard library's algorithms, sequential and parallel, and oneTBB's scan.
// Goal: at or ahead of each of them, on one thread and on two.

extension Row {
  static let algorithms: [Row] = combining + moving + searching

  private static let combining: [Row] =
    algorithmRows("scan") { run, pool in
      let values = randomNumbers(run.size(50_000_000))
      run.measure(pool, items: values.count) { values.parallel.reductions { $0 &+ $1 } }
    }
    + combiningRows("merge") { Array(merging: $0.parallel, and: $1.parallel) }
    + combiningRows("set-union") { $0.parallel.setUnion($1.parallel) }
    + combiningRows("set-intersection") { $0.parallel.setIntersection($1.parallel) }
    + combiningRows("set-difference") { $0.parallel.setDifference($1.parallel) }

  private static let moving: [Row] =
    algorithmRows("partition") { run, pool in
      run.measure(
        pool, changing: randomNumbers(run.size(20_000_000)), { UInt64($0.parallel.partition { $0 % 2 == 0 }) },
        check: { $1 })
    }
    + movingRows("stable-partition") { _ = $0.parallel.stablePartition { $0 % 2 == 0 } }
    + movingRows("remove-half") { $0.parallel.removeAll { $0 % 2 == 0 } }
    + movingRows("reverse") { $0.parallel.reverse() }
    + movingRows("rotate") { $0.parallel.rotate(toStartAt: $0.count / 3) }
    + algorithmRows("median") { run, pool in
      run.measure(
        pool, changing: randomNumbers(run.size(20_000_000)), { $0.parallel.select(at: $0.count / 2) }, check: { $1 })
    }

  private static let searching: [Row] =
    algorithmRows("min-and-max") { run, pool in
      let values = randomNumbers(run.size(50_000_000))
      run.look(pool, items: values.count) {
        let (least, most) = values.parallel.minAndMax()!
        return least ^ most
      }
    }
    + algorithmRows("is-sorted") { run, pool in
      let values = Array(0..<UInt64(run.size(50_000_000)))
      run.look(pool, items: values.count) { values.parallel.isSorted() ? 1 : 0 }
    }
    + algorithmRows("equal") { run, pool in
      let left = randomNumbers(run.size(20_000_000))
      let right = left.map { $0 }
      run.look(pool, items: left.count) { left.parallel.elementsEqual(right.parallel) ? 1 : 0 }
    }
    + algorithmRows("search") { run, pool in
      var values = randomNumbers(run.size(20_000_000)).map { $0 >> 62 }
      let pattern = values.suffix(32).dropLast() + [4]
      values[values.count - 1] = 4
      run.look(pool, items: values.count) { [values] in UInt64(values.parallel.firstRange(of: pattern)!.lowerBound) }
    }
}

private func algorithmRows(_ name: String, _ run: @escaping @Sendable (RowRun, ThreadPool) throws -> Void) -> [Row] {
  rows(name, threads: [1, 2], run)
}

/// Two sorted arrays become one.
private func combiningRows(
  _ name: String, _ combine: @escaping @Sendable ([UInt64], [UInt64]) -> [UInt64]
) -> [Row] {
  algorithmRows(name) { run, pool in
    let count = run.size(10_000_000)
    let (left, right) = (sortedNumbers(count, seed: 1), sortedNumbers(count, seed: 2))
    run.measure(pool, items: 2 * count) { combine(left, right) }
  }
}

/// The elements of an array change places.
private func movingRows(_ name: String, _ move: @escaping @Sendable (inout [UInt64]) -> Void) -> [Row] {
  algorithmRows(name) { run, pool in
    run.measure(
      pool, changing: randomNumbers(run.size(20_000_000)),
      {
        move(&$0)
        return 0
      }, check: { numbers, _ in weightedSum(numbers) })
  }
}

extension RowRun {
  fileprivate func measure(_ pool: ThreadPool, items: Int, _ body: @Sendable () -> [UInt64]) {
    measure(items: items, prepare: {}, { pool.run { body() } }, check: { weightedSum($0) })
  }

  fileprivate func look(_ pool: ThreadPool, items: Int, _ body: @Sendable () -> UInt64) {
    measure(items: items, prepare: {}, { pool.run { body() } }, check: { $0 })
  }

  fileprivate func measure(
    _ pool: ThreadPool, changing values: [UInt64], _ body: @Sendable (inout [UInt64]) -> UInt64,
    check: ([UInt64], UInt64) -> UInt64
  ) {
    measure(
      items: values.count, prepare: { values.map { $0 } },
      { (values: consuming [UInt64]) -> ([UInt64], UInt64) in
        let answer = pool.run { body(&values) }
        return (values, answer)
      }, check: { check($0.0, $0.1) })
  }
}

private func randomNumbers(_ count: Int, seed: UInt64 = 1) -> [UInt64] {
  var generator = SplitMix(state: seed)
  return (0..<count).map { _ in generator.next() }
}

/// Numbers so small that a tenth of one sequence is in the other, too.
private func sortedNumbers(_ count: Int, seed: UInt64) -> [UInt64] {
  var numbers = randomNumbers(count, seed: seed).map { $0 % UInt64(10 * count) }
  numbers.parallel.unstableSort()
  return numbers
}
