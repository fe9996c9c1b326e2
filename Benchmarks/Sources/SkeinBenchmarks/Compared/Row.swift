#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// One measurement that the programs under `Benchmarks/Peers` make in the same way.
///
/// `skein-benchmarks rows deque` names the rows of `deque`, `skein-benchmarks rows deque ROW DIVISOR` runs one and writes a
/// line of JSON. `Benchmarks/compare` runs these and the peers' programs in turns.
struct Row: Sendable {
  let name: String
  let run: @Sendable (RowRun) throws -> Void

  init(_ name: String, _ run: @escaping @Sendable (RowRun) throws -> Void) {
    self.name = name
    self.run = run
  }

  /// Everything that can be compared, by the name of the peers' programs.
  static let all: [String: [Row]] = [
    "algorithms": algorithms, "deque": deque, "scheduling": scheduling, "sequences": sequences, "sort": sort,
  ]

  static func main(_ arguments: [String]) throws {
    guard let first = arguments.first, let rows = all[first] else {
      Options.fail("rows of what? There are \(all.keys.sorted().joined(separator: ", "))")
    }
    if arguments.count == 1 {
      for row in rows { print(row.name) }
      return
    }
    guard arguments.count == 3, let divisor = Int(arguments[2]), divisor > 0 else {
      Options.fail("usage: skein-benchmarks rows NAME [ROW DIVISOR]")
    }
    for row in rows where row.name == arguments[1] { try row.run(RowRun(row: row.name, divisor: divisor)) }
  }
}

/// One row, as it is asked for.
struct RowRun {
  let row: String
  let divisor: Int

  /// A size, made smaller for a quick run.
  func size(_ full: Int) -> Int { max(1, full / divisor) }

  /// Runs `body` once to warm up and once on time. What `prepare` and `check` do does not count.
  func measure<Input: ~Copyable, Output: ~Copyable>(
    _ library: String = "skein", items: Int, prepare: () throws -> Input,
    _ body: (consuming Input) throws -> Output, check: (borrowing Output) -> UInt64
  ) rethrows {
    let expected = check(try body(prepare()))
    let input = try prepare()
    let clock = ContinuousClock()
    let start = clock.now
    let output = try body(input)
    let elapsed = (clock.now - start).components
    let answer = check(output)
    if answer != expected { Options.fail("\(row): \(library) gives two answers") }
    let nanoseconds = elapsed.seconds * 1_000_000_000 + elapsed.attoseconds / 1_000_000_000
    write(library, items: items, figure: Double(nanoseconds), answer: answer)
  }

  /// For work on nothing but numbers.
  func measure(_ library: String = "skein", items: Int, _ body: () throws -> Int) rethrows {
    try measure(
      library, items: items, prepare: {}, { try body() }, check: { UInt64(truncatingIfNeeded: $0) })
  }

  /// One figure, as `compare` reads it. A second one of the same run stands in a row of its own, named after it.
  func write(
    _ library: String = "skein", _ second: String = "", items: Int = 1, figure: Double, unit: String = "ns",
    answer: UInt64
  ) {
    print(
      #"{"row": "\#(row)\#(second)", "library": "\#(library)", "items": \#(items), "#
        + #""figure": \#(figure), "unit": "\#(unit)", "answer": "\#(answer)"}"#)
  }
}
