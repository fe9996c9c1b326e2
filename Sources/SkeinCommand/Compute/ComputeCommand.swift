import ArgumentParser
import Skein

struct ComputeCommand: ParsableCommand {
  static let defaultSize = 1600
  static let defaultQueens = 13
  static let sizeBounds = 8...4096
  static let queensBounds = 4...16
  static let roundBounds = 1...100

  static let configuration = CommandConfiguration(
    commandName: "compute",
    abstract: "Computations under Skein, Dispatch and task groups, side by side.",
    // By hand, because it would be one line.
    usage: """
      skein compute [--threads <threads>] [--size <size>] [--queens <queens>]
               [--rounds <rounds>] [--picture <file>] [--json]
      """,
    discussion: """
      Rows of the Mandelbrot set, the n-queens problem by forking, the sum of an array, and a filtered array. Every answer \
      is compared with that of a plain loop.
      """)

  @OptionGroup var threadOption: ThreadOption
  @OptionGroup var output: OutputOption

  @Option(
    parsing: .unconditional,
    help: "Side of the Mandelbrot picture in points; the arrays have four times as many elements as the picture points."
  )
  var size = Self.defaultSize

  @Option(parsing: .unconditional, help: "Side of the board of the n-queens problem.")
  var queens = Self.defaultQueens

  @Option(parsing: .unconditional, help: "How often each computation is run; the median time counts.")
  var rounds = 3

  @Option(
    help: ArgumentHelp(
      "Write the Mandelbrot set to this file: in grey if its name ends in .pgm, in colour if in .ppm.",
      valueName: "file"))
  var picture: String?

  func validate() throws {
    try require(size, in: Self.sizeBounds, for: "--size")
    try require(queens, in: Self.queensBounds, for: "--queens")
    try require(rounds, in: Self.roundBounds, for: "--rounds")
    if let picture {
      _ = try Picture.Format(path: picture)
    }
  }

  func run() throws {
    try output.show(
      Self.report(threads: threadOption.count, size: size, queens: queens, rounds: rounds, picture: picture))
  }

  static func report(
    threads: Int, size: Int, queens: Int, rounds: Int, picture: String? = nil
  ) throws -> ComputeReport {
    let pool = try ThreadPool(threadCount: threads)
    defer { pool.shutdown() }
    let mandelbrot = Mandelbrot(side: size)
    if let picture {
      // Before anything is measured: a file that cannot be written is known at once.
      let format = try Picture.Format(path: picture)
      try Picture(rows: mandelbrot.skein(pool), format: format).write(to: picture)
    }
    let count = 4 * size * size
    let computations: [any Computation] = [
      mandelbrot, Queens(side: queens), BigSum(count: count), FilterCollect(count: count),
    ]
    let steps = computations.count * Scheduler.allCases.count * rounds
    let watch = MachineWatch()
    let comparisons = withProgress("compute", total: steps) { bar in
      computations.map { $0.compared(in: pool, rounds: rounds) { bar.advance() } }
    }
    return ComputeReport(
      threads: threads, rounds: rounds, comparisons: comparisons, picture: picture, machine: watch.state)
  }
}
