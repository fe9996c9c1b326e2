import Skein

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

@main
enum Main {
  static let benchmarks: [Benchmark] = [
    .forkFibonacci, .forkQueens, .forkCounts,
    .loopSum, .loopDoubleSum, .loopMap, .loopFilter, .loopCaptures, .loopTiny,
    .partition, .stablePartition, .removeAll, .reverse, .rotate, .fill, .select, .isSorted, .minCount, .merge, .shuffle,
    .waitingShapes, .waitingMemory,
    .spawnScope, .spawnDetached,
    .tasksExecutor, .tasksCounts, .tasksElements, .tasksBlocking,
    .latencyIdle, .latencyWakeUp,
    .peersData, .peersMandelbrot, .peersFibonacci,
  ]

  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.first == "rows" { return try Row.main(Array(arguments.dropFirst())) }
    if arguments.first == "forks" { return try ForkInstructions.main(Array(arguments.dropFirst())) }
    let options = Options(arguments)
    let chosen = benchmarks.filter { benchmark in
      options.only.isEmpty || options.only.contains { benchmark.name.contains($0) }
    }
    if chosen.isEmpty { Options.fail("no benchmark has such a name; --list names them") }
    if options.listsOnly {
      for benchmark in chosen { print("\(benchmark.name): \(benchmark.summary)\n    goal: \(benchmark.goal)") }
      return
    }
    var objects: [String] = []
    var failures = 0
    for benchmark in chosen {
      if !options.writesJSON {
        print("## \(benchmark.name)\n\(benchmark.summary)\nGoal: \(benchmark.goal)\n")
      }
      var report = Report(options)
      try benchmark.run(&report)
      failures += report.failures.count
      objects.append(
        "{\"name\": \(Table.quoted(benchmark.name)), \"goal\": \(Table.quoted(benchmark.goal)), "
          + "\"tables\": [\(report.tables.map(\.json).joined(separator: ", "))], "
          + "\"failures\": [\(report.failures.map(Table.quoted).joined(separator: ", "))]}")
    }
    if options.writesJSON {
      print("{\"rounds\": \(options.rounds), \"benchmarks\": [\(objects.joined(separator: ",\n"))]}")
    }
    if failures > 0 { exit(1) }
  }
}
