import Skein

// The same work as in `Peers/rust/src/bin/scheduling.rs` and `Peers/cpp/scheduling.cpp`.
// Goal: at or ahead of Rayon in every row, and of oneTBB; with 64 threads at most 1.25 times the time of 2, on two processors.

extension Row {
  static let scheduling: [Row] = forks + data + scopes + outside + alternating + twoPools
}

/// A row for each number of threads, in a pool of so many: `fib-1`, `fib-2`.
func rows(
  _ name: String, threads: [Int], _ run: @escaping @Sendable (RowRun, ThreadPool) throws -> Void
) -> [Row] {
  threads.map { threads in
    Row("\(name)-\(threads)") { row in
      let pool = try ThreadPool(threadCount: threads)
      defer { pool.shutdown() }
      try run(row, pool)
    }
  }
}

extension RowRun {
  var isQuick: Bool { divisor > 1 }

  /// For work on nothing but numbers, all of it in a pool.
  func measure(items: Int, in pool: ThreadPool, _ body: @Sendable () -> Int) {
    measure(items: items) { pool.run { body() } }
  }
}
