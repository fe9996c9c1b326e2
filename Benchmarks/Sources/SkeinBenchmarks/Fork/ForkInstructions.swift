import Skein

// What `Benchmarks/instructions` counts the instructions of: forks, in a pool most of whose workers sleep.

enum ForkInstructions {
  /// `skein-benchmarks forks N THREADS` computes the Nth Fibonacci number with a fork at every call, and prints how many forks those are
  /// and how many workers took part.
  static func main(_ arguments: [String]) throws {
    guard arguments.count == 2, let n = Int(arguments[0]), let threads = Int(arguments[1]) else {
      Options.fail("usage: skein-benchmarks forks N THREADS")
    }
    let pool = try ThreadPool(threadCount: threads)
    defer { pool.shutdown() }
    let number = pool.run { forkedFibonacci(n) }
    // The numbers are one more than the forks of the one before.
    if number != forkCount(ofFibonacci: n - 1) + 1 { Options.fail("a wrong number") }
    print(forkCount(ofFibonacci: n), pool.statistics().workers.count { $0.submissions + $0.stolenJobs > 0 })
  }
}
