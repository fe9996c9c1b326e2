import ArgumentParser
import Foundation
import Skein

struct StreamCommand: ParsableCommand {
  static let megabyteBounds = 1...1_000_000

  static let configuration = CommandConfiguration(
    commandName: "stream",
    abstract: "Filters and compresses a log that is larger than memory may be.",
    discussion: """
      Writes a made-up log to a scratch file, which has no name and is gone afterwards. Then reads it in blocks of lines, drops the lines that are \
      there for debugging, compresses the others and writes them, first one block after the other, then with the blocks \
      spread over the threads, as many of them at once as four for each thread. Both results must be the same. \
      Needs as much space again for the results as a fifth of the log.
      """)

  @OptionGroup var threadOption: ThreadOption
  @OptionGroup var output: OutputOption

  @Option(parsing: .unconditional, help: "Size of the log in mebibytes.")
  var megabytes = 128

  @Option(help: "Where the scratch files are written (default: the directory for temporary files).")
  var directory: String?

  func validate() throws {
    try require(megabytes, in: Self.megabyteBounds, for: "--megabytes")
  }

  func run() throws {
    let directory = directory ?? FileManager.default.temporaryDirectory.path
    try output.show(Self.report(threads: threadOption.count, megabytes: megabytes, directory: directory))
  }

  static func report(threads: Int, megabytes: Int, directory: String) throws -> StreamReport {
    let pool = try ThreadPool(threadCount: threads)
    defer { pool.shutdown() }
    let zlib = try Zlib()
    let log = try makeLog(megabytes: megabytes, in: directory, pool)
    let watch = MachineWatch()
    let memoryBefore = ProcessMemory.peakResidentBytes
    let sequential = try withProgress("one thread", total: log.byteCount) { bar in
      try PackedLog(log, in: directory, zlib, bar) { blocks, pack, take in
        for block in blocks { try take(pack(block)) }
      }
    }
    let parallel = try withProgress(counted(threads, "thread"), total: log.byteCount) { bar in
      try PackedLog(log, in: directory, zlib, bar) { blocks, pack, take in
        var packed = blocks.parallelMapped(maximumInFlight: 4 * threads, in: pool) { block throws in try pack(block) }
          .makeIterator()
        while let block = try packed.next() { try take(block) }
      }
    }
    return StreamReport(
      threads: threads, logBytes: log.byteCount, lines: sequential.lines, keptLines: sequential.keptLines,
      packedBytes: sequential.byteCount, sequentialSeconds: sequential.seconds, parallelSeconds: parallel.seconds,
      resultsAgree: sequential.checksum == parallel.checksum && sequential.byteCount == parallel.byteCount
        && sequential.keptLines == parallel.keptLines,
      residentBytesBefore: memoryBefore, peakResidentBytes: ProcessMemory.peakResidentBytes, machine: watch.state)
  }

  /// Writes the log: blocks are made on all threads, and written in order.
  private static func makeLog(megabytes: Int, in directory: String, _ pool: ThreadPool) throws -> ScratchFile {
    let file = try ScratchFile(in: directory)
    try withProgress("writing the log", total: megabytes) { bar in
      let blocks = (0..<megabytes).parallelMapped(maximumInFlight: 4 * pool.threadCount, in: pool) {
        LogText.block($0, bytes: 1 << 20)
      }
      for block in blocks {
        try file.append(block)
        bar.advance()
      }
    }
    return file
  }
}

/// What one way of packing the log comes to.
private struct PackedLog {
  var lines = 0
  var keptLines = 0
  var byteCount = 0
  var checksum: UInt = 0
  var seconds = 0.0

  /// - Parameter run: Has each block packed, and the results taken in order.
  init(
    _ log: ScratchFile, in directory: String, _ zlib: Zlib, _ bar: ProgressBar,
    _ run: (
      _ blocks: LineBlocks, _ pack: @escaping @Sendable ([UInt8]) throws -> PackedBlock,
      _ take: (PackedBlock) throws -> Void
    ) throws -> Void
  ) throws {
    let failure = LineBlocks.Failure()
    let output = try ScratchFile(in: directory)
    let watch = Stopwatch()
    try run(LineBlocks(log, failure), { try PackedBlock($0, zlib) }) { block in
      try output.append(block.bytes)
      checksum = zlib.checksum(block.bytes, after: checksum)
      lines += block.lines
      keptLines += block.keptLines
      bar.advance(by: block.readBytes)
    }
    seconds = watch.seconds
    if let error = failure.error { throw error }
    byteCount = output.byteCount
  }
}
