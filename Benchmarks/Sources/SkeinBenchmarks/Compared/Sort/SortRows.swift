import Skein

// As in `Peers/rust/src/bin/sort.rs`, which says what the rows' names mean.
// Goal: on one thread no slower than Rust's `sort` and `sort_unstable`; on two threads at least 1.7 times our own speed on one.

extension Row {
  static let sort: [Row] =
    ["u64", "f64", "record", "string"].flatMap { kind in
      ["random", "few", "nearly"].flatMap { order in
        ["stable", "unstable"].flatMap { sort in
          [1, 2].map { threads in
            Row("\(kind)-\(order)-\(sort)-\(threads)t") { run in
              try SortRow(run: run, order: order, isStable: sort == "stable", threads: threads).measure(kind)
            }
          }
        }
      }
    }
}

private struct Record: Sendable {
  var key: UInt64
  var value: UInt64
}

private func sortOnKey(_ records: inout [Record]) { records.parallel.sort(on: \.key) }

private struct SortRow {
  let run: RowRun
  let order: String
  let isStable: Bool
  let threads: Int

  func measure(_ kind: String) throws {
    let numbers = numbers(run.size(kind == "string" ? 2_000_000 : 20_000_000))
    let isStable = isStable
    switch kind {
    case "u64":
      try measure(numbers, hash: { $0 }, sequential: { $0.sort() }) {
        if isStable { $0.parallel.sort() } else { $0.parallel.unstableSort() }
      }
    case "f64":
      try measure(numbers.map(double), hash: \.bitPattern, sequential: { $0.sort() }) {
        if isStable { $0.parallel.sort() } else { $0.parallel.unstableSort() }
      }
    case "record":
      let records = numbers.indices.map { Record(key: numbers[$0], value: UInt64($0)) }
      let onKey: (@Sendable (inout [Record]) -> Void)? = isStable ? sortOnKey : nil
      try measure(
        records, hash: { $0.key ^ (isStable ? $0.value : 0) }, sequential: { $0.sort { $0.key < $1.key } },
        onKey: onKey
      ) {
        if isStable { $0.parallel.sort { $0.key < $1.key } } else { $0.parallel.unstableSort { $0.key < $1.key } }
      }
    default:
      try measure(
        numbers.map(text), hash: { $0.utf8.reduce(0) { $0 + UInt64($1) } }, sequential: { $0.sort() }
      ) {
        if isStable { $0.parallel.sort() } else { $0.parallel.unstableSort() }
      }
    }
  }

  private func measure<Element: Sendable>(
    _ elements: [Element], hash: (Element) -> UInt64, sequential: @Sendable (inout [Element]) -> Void,
    onKey: (@Sendable (inout [Element]) -> Void)? = nil, _ sort: @Sendable (inout [Element]) -> Void
  ) throws {
    func measure(_ library: String, _ threads: Int?, _ sort: @Sendable (inout [Element]) -> Void) throws {
      let pool = try threads.map { try ThreadPool(threadCount: $0) }
      run.measure(
        library, items: elements.count, prepare: { elements.map { $0 } },
        { (elements: consuming [Element]) -> [Element] in
          if let pool { pool.run { sort(&elements) } } else { sort(&elements) }
          return elements
        },
        check: { sorted in
          var (sum, place) = (UInt64(0), UInt64(0))
          for element in sorted {
            place += 1
            sum &+= hash(element) &* place
          }
          return sum
        })
      pool?.shutdown()
    }
    try measure("skein", threads, sort)
    if let onKey { try measure("skein sort(on:)", threads, onKey) }
    if threads > 1 {
      try measure("skein, 1 thread", 1, sort)
    } else {
      try measure("Swift Array.sort", nil, sequential)
    }
  }

  /// Random numbers, sixteen different ones, or ascending ones a fiftieth of which have changed places.
  private func numbers(_ count: Int) -> [UInt64] {
    var generator = SplitMix(state: 1)
    switch order {
    case "random": return (0..<count).map { _ in generator.next() }
    case "few": return (0..<count).map { _ in (generator.next() >> 60) &* 0x0F0F_0F0F_0F0F_0F0F }
    default:
      var values = (0..<UInt64(count)).map { $0 << 36 }
      for _ in 0..<count / 100 {
        let (i, j) = (generator.next() % UInt64(count), generator.next() % UInt64(count))
        values.swapAt(Int(i), Int(j))
      }
      return values
    }
  }

  /// As many different values as there are numbers (up to 2⁵³), in the same order, half of them negative.
  private func double(_ number: UInt64) -> Double { Double(number >> 11) / Double(1 << 53) - 0.5 }

  /// Eight to twenty-three letters, in the same order as the first 32 bits of the numbers.
  private func text(_ number: UInt64) -> String {
    var letters = (0..<14).map { UInt8(97 + (number >> UInt64(60 - 4 * $0) & 15)) }
    letters.removeLast(14 - min(14, 8 + Int(number >> 8 & 7)))
    letters += [UInt8](repeating: 122, count: Int(number & 7))
    return String(decoding: letters, as: UTF8.self)
  }
}
