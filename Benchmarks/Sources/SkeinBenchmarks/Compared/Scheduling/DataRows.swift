import Skein

// Loops over arrays: a sum, an array made from another, a sort.

extension Row {
  static let data =
    rows("sum", threads: [1, 2, 8, 16, 64]) { run, pool in
      let values = (0..<run.size(50_000_000)).map { Double($0 % 1000) }
      // Whole numbers below 2⁵³: every order of the additions gives the same sum.
      run.measure(items: values.count, in: pool) { Int(values.parallel.map { $0 * $0 }.sum()) }
    }
    + rows("collect", threads: [1, 2, 8, 16, 64]) { run, pool in
      var generator = SplitMix(state: 1)
      let values = (0..<run.size(50_000_000)).map { _ in Int32(truncatingIfNeeded: generator.next()) }
      run.measure(
        items: values.count, prepare: {}, { pool.run { Array(values.parallel.map { Int64($0) * 3 + 1 }) } },
        check: { weightedSum($0.lazy.map { UInt64(bitPattern: $0) }) })
    }
    + rows("sort", threads: [1, 2, 8, 16, 64]) { run, pool in
      var generator = SplitMix(state: 1)
      let values = (0..<run.size(20_000_000)).map { _ in generator.next() }
      run.measure(
        items: values.count, prepare: { values.map { $0 } },
        { (values: consuming [UInt64]) -> [UInt64] in
          pool.run { values.parallel.unstableSort() }
          return values
        }, check: { weightedSum($0) })
    }
}

/// Changes when an element changes, and when two change places.
func weightedSum(_ elements: some Sequence<UInt64>) -> UInt64 {
  var (sum, place) = (UInt64(0), UInt64(0))
  for element in elements {
    place += 1
    sum &+= element &* place
  }
  return sum
}
