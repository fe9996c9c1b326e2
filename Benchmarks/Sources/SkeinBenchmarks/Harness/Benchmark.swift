/// One question with its answer in figures.
struct Benchmark: Sendable {
  let name: String
  /// What it shows.
  let summary: String
  /// What is to be reached.
  let goal: String
  let run: @Sendable (inout Report) throws -> Void
}
