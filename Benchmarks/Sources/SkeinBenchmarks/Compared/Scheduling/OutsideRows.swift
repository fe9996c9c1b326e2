import Skein

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

// Parallel calls from a thread outside the pool of two threads, with next to nothing in them or two milliseconds of work: one after the
// other, and each after ten milliseconds in which the pool falls asleep.

extension Row {
  static let outside =
    calls("join") { run in
      run {
        let (a, b) = join {
          1
        } and: {
          2
        }
        return a + b
      }
    }
    + calls("loop") { run in
      let count = opaque(10)
      run { (0..<count).parallel.sum() }
    }
    + calls("scope") { run in
      run { withParallelScope { _ in 1 } }
    }
    + calls("scope-spawn") { run in
      let counter = SharedCounter()
      run {
        withParallelScope { scope in scope.spawn { counter.add() } }
        return counter.take()
      }
    }
    + calls("work", batch: 1) { run in
      run { Int(truncatingIfNeeded: (0..<1000).parallel.map { chain(from: UInt64($0), steps: 1000) }.reduce(0, &+)) }
    }
    + calls("run") { run in
      // A pool that is named and not the shared one: the closure goes to one of its workers.
      let pool = try ThreadPool(threadCount: 2)
      defer { pool.shutdown() }
      run { pool.run { 1 } }
    }
}

/// The two rows of one kind of call: medians of a hundred batches, of one call each after a pause, so that one in which the system took the processor away does not count.
private func calls(
  _ name: String, batch: Int = 500, _ body: @escaping @Sendable (_ measure: (() -> Int) -> Void) throws -> Void
) -> [Row] {
  [("outside-\(name)", 0, batch), ("outside-\(name)-after-10ms", 10_000, 1)].map { name, pause, batch in
    Row(name) { run in
      try ThreadPool.configureShared(.init(threadCount: 2))
      try body { call in
        func callBatch() -> Int { (0..<batch).reduce(0) { sum, _ in sum &+ call() } }
        var sum = callBatch()
        let times = (0..<run.size(100)).map { _ in
          if pause > 0 { usleep(UInt32(pause)) }
          let (time, answer) = nanoseconds(callBatch)
          sum &+= answer
          return time
        }
        run.write(items: batch, figure: Sample(times).median, answer: UInt64(bitPattern: Int64(sum)))
      }
    }
  }
}
