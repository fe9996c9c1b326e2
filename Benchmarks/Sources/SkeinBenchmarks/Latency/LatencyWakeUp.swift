import Dispatch
import Skein

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

// How long an empty closure takes from a thread outside the pool and back: after the pool has slept for 10 ms, and back to back. The two
// libraries take turns, call by call.
// Goal: no slower than Dispatch, some 30 µs after a sleep and 5 µs back to back.

extension Benchmark {
  static let latencyWakeUp = Benchmark(
    name: "latency-wake-up",
    summary: "An empty closure handed to a pool and waited for: after 10 ms of idleness, and back to back.",
    goal: "no slower than Dispatch"
  ) { report in
    try report.withPools { report, pools in
      let queue = DispatchQueue(label: "latency", attributes: .concurrent)
      let isDone = DispatchSemaphore(value: 0)
      var calls: [(name: String, call: () -> Void)] = pools.map { pool in
        ("pool.run, \(pool.label)", { pool.run {} })
      }
      calls.append(
        (
          "DispatchQueue.async and a semaphore",
          {
            queue.async { isDone.signal() }
            isDone.wait()
          }
        ))
      var table = Table("There and back, µs", ["what", "when", "median", "p99", "min–max"])
      for (situation, pause, count) in [
        ("after 10 ms", UInt32(10_000), report.size(500)), ("back to back", UInt32(0), report.size(20_000)),
      ] {
        var times = calls.map { _ in [Double]() }
        if pause > 0 {
          for _ in 0..<count {
            for index in calls.indices {
              usleep(pause)
              times[index].append(nanoseconds(calls[index].call).0 / 1000)
            }
          }
        } else {
          for index in calls.indices {
            for _ in 0..<count { times[index].append(nanoseconds(calls[index].call).0 / 1000) }
          }
        }
        for index in calls.indices {
          let sample = Sample(times[index])
          table.rows.append([
            .text(calls[index].name), .text(situation), .number(sample.median), .number(sample.quantile(0.99)),
            .range(sample.low, sample.high),
          ])
        }
      }
      report.add(table)
    }
  }
}
