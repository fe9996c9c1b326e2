import Skein

// The same work as in `Peers/rust/src/bin/sequences.rs`.
// Goal: on one thread within 5 % of the sequential loop, on two 1.9 times that where memory allows, and ahead of Rayon in every row.

extension Row {
  static let sequences: [Row] = elementwise + slices + words + tables

  private static let elementwise: [Row] =
    sequenceRows("map") { run, pool in
      let values = numbers(run.size(50_000_000))
      return run.compare(
        pool, items: values.count, { Array(values.parallel.map { Int64($0) * 3 + 1 }) },
        { values.map { Int64($0) * 3 + 1 } },
        check: { weightedSum($0.lazy.map { UInt64(bitPattern: $0) }) })
    }
    + sequenceRows("filter") { run, pool in
      let values = numbers(run.size(20_000_000))
      run.compare(
        pool, items: values.count, { Array(values.parallel.filter { $0 & 1 == 0 }) }, { values.filter { $0 & 1 == 0 } },
        check: { weightedSum($0.lazy.map { UInt64(truncatingIfNeeded: $0) }) })
    }
    + sequenceRows("flat-map") { run, pool in
      let values = numbers(run.size(5_000_000))
      run.compare(
        pool, items: values.count,
        { () -> [Int64] in Array(values.parallel.flatMap { repeated($0) }) },
        { () -> [Int64] in values.flatMap { repeated($0) } },
        check: { weightedSum($0.lazy.map { UInt64(bitPattern: $0) }) })
    }
    + sequenceRows("zip-sum") { run, pool in
      let left = numbers(run.size(50_000_000))
      let right = Array(left.reversed())
      run.compare(
        pool, items: left.count,
        { () -> Int64 in zip(left.parallel, right.parallel).map { Int64($0) &* Int64($1 & 0xff) }.reduce(0) { $0 &+ $1 }
        },
        { () -> Int64 in zip(left, right).reduce(into: 0) { $0 &+= Int64($1.0) &* Int64($1.1 & 0xff) } },
        check: { UInt64(bitPattern: $0) })
    }

  private static let slices: [Row] =
    sequenceRows("chunks") { run, pool in
      let values = numbers(run.size(50_000_000))
      run.compare(
        pool, items: values.count, { () -> [Int32] in Array(values.parallel.chunks(ofCount: 64).map { $0.max()! }) },
        { () -> [Int32] in
          stride(from: 0, to: values.count, by: 64).map { values[$0..<min(values.count, $0 + 64)].max()! }
        },
        check: { weightedSum($0.lazy.map { UInt64(truncatingIfNeeded: $0) }) })
    }
    + sequenceRows("windows") { run, pool in
      let values = numbers(run.size(20_000_000))
      run.compare(
        pool, items: values.count,
        {
          values.parallel.windows(ofCount: 3).count { (window: ArraySlice<Int32>) -> Bool in
            let start = window.startIndex
            return window[start] < window[start + 1] && window[start + 1] > window[start + 2]
          }
        },
        {
          (0..<values.count - 2).count { (i: Int) -> Bool in values[i] < values[i + 1] && values[i + 1] > values[i + 2]
          }
        },
        check: { UInt64($0) })
    }

  private static let words: [Row] =
    sequenceRows("words") { run, pool in
      let text = text(run.size(50_000_000))
      run.compare(
        pool, items: text.utf8.count, { text.parallel.words().count() },
        { text.split(whereSeparator: \.isWhitespace).count }, check: { UInt64($0) })
    }
    + sequenceRows("lines") { run, pool in
      let text = text(run.size(50_000_000))
      run.compare(
        pool, items: text.utf8.count, { text.parallel.lines().map { $0.utf8.count }.max()! },
        { text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(\.utf8.count).max()! },
        check: { UInt64($0) })
    }

  private static let tables: [Row] =
    sequenceRows("count-keys") { run, pool in
      let keys = keys(run.size(5_000_000)).map { $0 & 0xffff }
      run.compare(
        pool, items: keys.count, { keys.parallel.counts() },
        { keys.reduce(into: [:]) { $0[$1, default: 0] += 1 } },
        check: { (counts: [UInt32: Int]) in counts.reduce(0) { $0 &+ UInt64($1.key) &* UInt64($1.value) } })
    }
    + sequenceRows("set") { run, pool in
      let keys = keys(run.size(5_000_000))
      run.compare(
        pool, items: keys.count, { Set(keys.parallel) }, { Set(keys) },
        check: { $0.reduce(0) { $0 &+ UInt64($1) } })
    }
    + sequenceRows("group") { run, pool in
      let keys = keys(run.size(5_000_000)).map { $0 & 0xffff }
      run.compare(
        pool, items: keys.count, { keys.parallel.grouped { $0 & 0xfff } },
        { Dictionary(grouping: keys) { $0 & 0xfff } },
        check: { (groups: [UInt32: [UInt32]]) in groups.reduce(0) { $0 &+ UInt64($1.key) &* UInt64($1.value.count) } })
    }
    + sequenceRows("reduce-into") { run, pool in
      let values = numbers(run.size(50_000_000))
      let bins = [Int](repeating: 0, count: 256)
      run.compare(
        pool, items: values.count,
        {
          values.parallel.reduceByPiece(into: bins) {
            $0[Int($1 & 0xff)] += 1
          } combine: { counts, others in
            for bin in counts.indices { counts[bin] += others[bin] }
          }
        },
        { values.reduce(into: bins) { $0[Int($1 & 0xff)] += 1 } },
        check: { (counts: [Int]) in weightedSum(counts.lazy.map { UInt64($0) }) })
    }
    + sequenceRows("histogram") { run, pool in
      let values = numbers(run.size(50_000_000))
      run.compare(
        pool, items: values.count, { values.parallel.histogram(ofCount: 256) { Int($0 & 0xff) } },
        {
          var bins = [Int](repeating: 0, count: 256)
          for value in values { bins[Int(value & 0xff)] += 1 }
          return bins
        }, check: { weightedSum($0.lazy.map { UInt64($0) }) })
    }
}

/// A few numbers made of one.
private func repeated(_ x: Int32) -> LazyMapSequence<Range<Int64>, Int64> {
  (0..<Int64(x & 7)).lazy.map { $0 ^ Int64(x) }
}

private func sequenceRows(_ name: String, _ run: @escaping @Sendable (RowRun, ThreadPool) throws -> Void) -> [Row] {
  rows(name, threads: [1, 2], run)
}

extension RowRun {
  /// Runs a workload in a pool, and sequentially.
  fileprivate func compare<Output: Sendable>(
    _ pool: ThreadPool, items: Int, _ parallel: @escaping @Sendable () -> Output, _ sequential: () -> Output,
    check: (Output) -> UInt64
  ) {
    measure(items: items, prepare: {}, { pool.run { parallel() } }, check: { check($0) })
    measure("Swift loop", items: items, prepare: {}, { sequential() }, check: { check($0) })
  }
}

private func numbers(_ count: Int) -> [Int32] {
  var generator = SplitMix(state: 1)
  return (0..<count).map { _ in Int32(truncatingIfNeeded: generator.next()) }
}

/// Keys some of which come often.
private func keys(_ count: Int) -> [UInt32] {
  var generator = SplitMix(state: 1)
  return (0..<count).map { _ in
    UInt32(truncatingIfNeeded: generator.next()) & 0xffff &* (UInt32(truncatingIfNeeded: generator.next()) & 0xff)
  }
}

/// Words of one to nine letters; one in sixteen ends its line.
private func text(_ bytes: Int) -> String {
  var generator = SplitMix(state: 1)
  var text: [UInt8] = []
  text.reserveCapacity(bytes + 16)
  while text.count < bytes {
    let random = generator.next()
    for place in 0..<1 + random % 9 {
      text.append(UInt8(ascii: "a") + UInt8(truncatingIfNeeded: random >> (8 + 5 * place)) % 26)
    }
    text.append(UInt8(ascii: random >> 60 == 0 ? "\n" : " "))
  }
  return String(decoding: text, as: UTF8.self)
}
