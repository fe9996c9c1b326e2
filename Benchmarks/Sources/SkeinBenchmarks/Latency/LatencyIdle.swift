import Dispatch
import Skein

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

// What a pool with nothing to do costs: the processor time of the whole process over two seconds.
// Goal: less than 1 % of one core, that is 20 ms.

/// The processor time of this process so far, in milliseconds.
private func processorMilliseconds() -> Double { Double(clock()) * 1000 / Double(CLOCKS_PER_SEC) }

extension Benchmark {
  static let latencyIdle = Benchmark(
    name: "latency-idle",
    summary: "The processor time that an idle pool of eight threads uses in two seconds.",
    goal: "less than 20 ms (1 % of one core)"
  ) { report in
    let pool = try ThreadPool(threadCount: 8)
    defer { pool.shutdown() }
    var ours: [Double] = []
    var dispatch: [Double] = []
    for _ in 0..<min(3, report.options.rounds) {
      // All threads have just been busy.
      _ = pool.run { (0..<1_000_000).parallel.map { cheap($0) }.sum() }
      var start = processorMilliseconds()
      usleep(2_000_000)
      ours.append(processorMilliseconds() - start)
      DispatchQueue.concurrentPerform(iterations: 1000) { _ = opaque(cheap($0)) }
      start = processorMilliseconds()
      usleep(2_000_000)
      dispatch.append(processorMilliseconds() - start)
    }
    var table = Table("Processor time in 2 s", ["what", "ms", "min–max", "% of one core"])
    for (name, sample) in [("pool of 8 threads", Sample(ours)), ("Dispatch (and that pool)", Sample(dispatch))] {
      table.rows.append([
        .text(name), .number(sample.median), .range(sample.low, sample.high), .number(sample.median / 20),
      ])
    }
    report.add(table)
    if Sample(ours).median > 20 { report.fail("the idle pool uses more than 1 % of a core") }
  }
}
