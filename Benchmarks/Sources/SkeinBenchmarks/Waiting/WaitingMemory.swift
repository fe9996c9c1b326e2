import Skein
import Synchronization

// The loop that runs out of memory elsewhere: each iteration makes a vector of 8 MiB and has it summed in another pool of one thread.
// A worker that waits for that pool must not begin the next iteration meanwhile.
// Goal: never more vectors than threads, in less time than anyWork, which touches fresh memory for each of its many vectors.

@inline(never)
private func sumInAnotherPool(_ iterations: Int, outer: ThreadPool, inner: ThreadPool, _ count: LiveCount) -> Double {
  let total = Mutex(0.0)
  (0..<iterations).parallel(in: outer).forEach { i in
    count.enter()
    let values = [Double](repeating: Double(i & 7), count: 1 << 20)
    let sum = inner.run { values.parallel.sum() }
    total.withLock { $0 += sum }
    count.leave()
  }
  return total.withLock { $0 }
}

extension Benchmark {
  static let waitingMemory = Benchmark(
    name: "waiting-memory",
    summary: "An outer loop whose iterations hold 8 MiB each and wait for a one-thread pool.",
    goal: "ownWork keeps at most as many vectors alive as there are threads, and is no slower than anyWork"
  ) { report in
    let iterations = report.size(100)
    var table = Table(
      "\(iterations) iterations of 8 MiB",
      ["policy", "threads", "ms", "min–max", "ratio to anyWork", "most vectors alive"])
    for threads in report.options.waitingThreads {
      let inner = try ThreadPool(threadCount: 1)
      let pools = try waitPolicies.map { try ThreadPool(.init(threadCount: threads, waitPolicy: $0.policy)) }
      defer { for pool in pools + [inner] { pool.shutdown() } }
      let counts = pools.map { _ in LiveCount() }
      let variants = pools.indices.map { index in
        Variant(waitPolicies[index].name) {
          sumInAnotherPool(iterations, outer: pools[index], inner: inner, counts[index])
        }
      }
      let result = try report.rounds("memory", variants)
      for index in variants.indices {
        let sample = result.sample(index)
        table.rows.append([
          .text(variants[index].name), .text("\(threads)"), .number(sample.median / 1e6),
          .range(sample.low / 1e6, sample.high / 1e6), .number(result.ratio(index, to: 0).median),
          .text("\(counts[index].most)"),
        ])
        if waitPolicies[index].policy != .anyWork, counts[index].most > threads {
          report.fail("\(variants[index].name): \(counts[index].most) vectors alive on \(threads) threads")
        }
      }
    }
    report.add(table)
  }
}
