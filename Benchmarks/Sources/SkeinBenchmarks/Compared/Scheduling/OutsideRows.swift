import Skein

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

// Parallel calls with next to nothing in them, from a thread outside the pool of two threads: one after the other, and each after ten
// milliseconds in which the pool falls asleep.

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
    + calls("run") { run in
      // A pool that is named and not the shared one: the closure goes to one of its workers.
      let pool = try ThreadPool(threadCount: 2)
      defer { pool.shutdown() }
      run { pool.run { 1 } }
    }
}

/// The two rows of one kind of call, whose answers are added up.
private func calls(
  _ name: String, _ body: @escaping @Sendable (_ measure: (() -> Int) -> Void) throws -> Void
) -> [Row] {
  [
    Row("outside-\(name)") { run in
      try ThreadPool.configureShared(.init(threadCount: 2))
      let count = run.size(50_000)
      try body { call in
        run.measure(items: count) {
          var sum = 0
          for _ in 0..<count { sum &+= call() }
          return sum
        }
      }
    },
    Row("outside-\(name)-after-10ms") { run in
      try ThreadPool.configureShared(.init(threadCount: 2))
      let count = run.size(100)
      try body { call in
        var sum = call()
        let times = (0..<count).map { _ in
          usleep(10_000)
          let (time, answer) = nanoseconds(call)
          sum &+= answer
          return time
        }
        run.write(figure: Sample(times).median, answer: UInt64(sum))
      }
    },
  ]
}
