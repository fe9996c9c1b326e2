/// The rows of the memory part.
struct MemoryReport: Report {
  var asked: Asked
  var availableBytes: Int
  var results: [MemoryResult]
  var machine: MachineState?

  struct Asked: Codable {
    var threads: Int
    var iterations: Int
    var vectorBytes: Int
  }

  var failures: [String] { results.compactMap(\.failure) }

  var text: String {
    var table = TextTable(
      """
      Memory: what is alive at once while a loop on \(counted(asked.threads, "thread")) fills vectors and \
      waits, in every iteration, for a pool of one thread to sum them.
      """,
      keys: 2,
      columns: [
        .left("policy"), .left("splitting"), .right("iterations"), .right("vector"), .right("alive\nat once"),
        .right("deepest\nnest"), .left("result"), .right("peak\nresident"), .right("time"), .right("time\nper GiB"),
      ])
    for result in results {
      let row = result.row
      table.append([
        ".\(row.policy.rawValue)", row.splitting.title, grouped(row.iterations), size(row.vectorBytes),
        grouped(result.peakAlive), grouped(result.deepestNesting), verdict(result.failure == nil),
        result.peakResidentBytes.map(size) ?? "unknown", duration(result.seconds), duration(result.secondsPerGibibyte),
      ])
    }
    if results.contains(where: { $0.row.splitting != .onDemand }) {
      table.note("The calls in full: \(Splitting.minimumBatch.description), \(Splitting.inBlocks.description).")
    }
    table.note(
      """
      Each row ran in a process of its own\(ownMemory); a nest counts the unfinished iterations stacked on one thread. Time per \
      GiB is that of as many vectors as make one.
      """)
    table.note(
      """
      Right: the total is exact, and, under all policies but .anyWork, no more iterations were alive than there are threads, none on top \
      of another.
      """)
    for row in results.map(\.row) where row.policy == .anyWork && row.vectorBytes < asked.vectorBytes {
      table.note(
        """
        .anyWork may keep every vector alive, so it ran \(grouped(row.iterations)) iterations of \
        \(size(row.vectorBytes)): at most \(size(row.iterations * row.vectorBytes)) of \
        \(size(availableBytes)) available.
        """)
    }
    if results.contains(where: { $0.row.policy != .anyWork && $0.row.iterations < asked.iterations }) {
      table.note("The rows with fewer than \(grouped(asked.iterations)) iterations were cut short to save time.")
    }
    table.note(machine)
    return table.text
  }

  private var ownMemory: String {
    guard let bytes = results.compactMap(\.initialResidentBytes).max() else { return "" }
    return ", which takes \(size(bytes)) before the loop begins"
  }
}
