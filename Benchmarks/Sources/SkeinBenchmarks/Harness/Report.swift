import Skein

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Runs the variants of one benchmark and keeps what they gave.
struct Report {
  let options: Options
  private(set) var tables: [Table] = []
  private(set) var failures: [String] = []

  init(_ options: Options) { self.options = options }

  /// A size, made smaller for a quick run.
  func size(_ full: Int) -> Int { max(1, full / options.divisor) }

  mutating func add(_ table: Table) {
    tables.append(table)
    if options.writesJSON { return }
    print(table.markdown + "\n")
    fflush(nil)
  }

  /// Says that something which must hold does not. The program then ends with a status that is not zero.
  mutating func fail(_ message: String) {
    failures.append(message)
    if !options.writesJSON { print("FAILED: \(message)\n") }
  }
}

/// One of several ways to compute the same thing.
struct Variant<Answer: Equatable> {
  let name: String
  /// Runs before each time, and does not count.
  let prepare: () -> Void
  let body: () throws -> Answer

  init(_ name: String, prepare: @escaping () -> Void = {}, _ body: @escaping () throws -> Answer) {
    self.name = name
    self.prepare = prepare
    self.body = body
  }
}

/// What the rounds of the variants took, in nanoseconds, by their index.
struct Comparison {
  let names: [String]
  let times: [[Double]]

  func sample(_ index: Int) -> Sample { Sample(times[index]) }
  func ratio(_ index: Int, to base: Int) -> Sample { .ratio(times[index], to: times[base]) }
}

extension Report {
  /// Runs every variant once as a warm-up, then `rounds` times in turns, and checks that all give the same answer.
  mutating func rounds<Answer: Equatable>(_ title: String, _ variants: [Variant<Answer>]) throws -> Comparison {
    variants[0].prepare()
    let expected = try variants[0].body()
    for variant in variants {
      variant.prepare()
      let answer = try variant.body()
      if answer != expected { fail("\(title): '\(variant.name)' gives \(answer), '\(variants[0].name)' \(expected)") }
    }
    var times = variants.map { _ in [Double]() }
    for round in 0..<options.rounds {
      for offset in variants.indices {
        // Another one goes first each time.
        let index = (round + offset) % variants.count
        variants[index].prepare()
        let (time, answer) =
          options.usesProcessorTime
          ? try processorNanoseconds(variants[index].body) : try nanoseconds(variants[index].body)
        if answer != expected { fail("\(title): '\(variants[index].name)' gives another answer in round \(round + 1)") }
        times[index].append(time)
      }
    }
    return Comparison(names: variants.map(\.name), times: times)
  }

  /// As `rounds`, and adds a table: time per item, its range, and the ratio to the first variant, or to `base`.
  @discardableResult
  mutating func compare<Answer: Equatable>(
    _ title: String, items: Int, per item: String, base: Int = 0, _ variants: [Variant<Answer>]
  ) throws -> Comparison {
    let comparison = try rounds(title, variants)
    var table = Table(title, ["variant", "ns per \(item)", "min–max", "ratio to '\(variants[base].name)'"])
    for index in variants.indices {
      let sample = comparison.sample(index)
      table.rows.append([
        .text(variants[index].name), .number(sample.median / Double(items)),
        .range(sample.low / Double(items), sample.high / Double(items)),
        .number(comparison.ratio(index, to: base).median),
      ])
    }
    add(table)
    return comparison
  }

  /// Calls `body` with a pool for each number of threads, and ends the pools after it.
  mutating func withPools<Result>(
    _ counts: [Int]? = nil, _ body: (inout Report, [ThreadPool]) throws -> Result
  ) throws -> Result {
    let pools = try (counts ?? options.threads).map { try ThreadPool(threadCount: $0) }
    defer { for pool in pools { pool.shutdown() } }
    return try body(&self, pools)
  }
}

extension ThreadPool {
  /// How tables name it.
  var label: String { threadCount == 1 ? "1 thread" : "\(threadCount) threads" }
}
