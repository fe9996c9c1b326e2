/// A log filtered and compressed, one block after the other and on several threads.
struct StreamReport: Report {
  var threads: Int
  var logBytes: Int
  var lines: Int
  var keptLines: Int
  var packedBytes: Int
  var sequentialSeconds: Double
  var parallelSeconds: Double
  var resultsAgree: Bool
  /// The most memory that the process had used before, to make the log.
  var residentBytesBefore: Int?
  var peakResidentBytes: Int?
  var machine: MachineState?

  var failures: [String] { resultsAgree ? [] : ["stream: the parallel result differs from the sequential one"] }

  var text: String {
    var table = TextTable(
      """
      Stream: a log of \(size(logBytes)) with \(grouped(lines)) lines, of which \(grouped(keptLines)) are kept and compressed to \
      \(size(packedBytes)), one block after the other and on \(counted(threads, "thread")).
      """, keys: 0,
      columns: [.right("sequential"), .right("parallel"), .right("speedup"), .right("peak\nmemory"), .left("result")])
    table.append([
      duration(sequentialSeconds), duration(parallelSeconds), ratio(sequentialSeconds, over: parallelSeconds),
      peakResidentBytes.map(size) ?? "-", verdict(resultsAgree),
    ])
    table.note("Right: the parallel result is the sequential one, byte for byte by length and checksum.")
    table.note("The memory is that of the whole process, which holds no more of the log than the blocks in flight.")
    table.note(machine)
    return table.text
  }
}
