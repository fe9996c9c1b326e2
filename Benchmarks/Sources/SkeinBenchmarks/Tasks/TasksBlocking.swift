import Skein

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

// A thousand tasks of a scope that sleep for ten milliseconds each: they do, and they say so.
// Goal: the time of one of two threads divided by the threads that may stand in, and a tenth.

extension Benchmark {
  static let tasksBlocking = Benchmark(
    name: "tasks-blocking",
    summary: "A thousand tasks of a scope that sleep for 10 ms each, on two threads, without withBlocking and with it.",
    goal: "with 64 stand-ins 25 times as fast"
  ) { report in
    let tasks = report.size(1000)
    let pools = try [0, 8, 64].map { count in
      try ThreadPool(ThreadPool.Configuration(threadCount: 2, maximumStandIns: count))
    }
    defer { for pool in pools { pool.shutdown() } }
    let counter = SharedCounter()
    func variant(_ name: String, _ pool: ThreadPool, _ wait: @escaping @Sendable () -> Void) -> Variant<Int> {
      Variant(name) {
        pool.run {
          withParallelScope { scope in
            for _ in 0..<tasks {
              scope.spawn {
                wait()
                counter.add()
              }
            }
          }
        }
        return counter.take()
      }
    }
    var variants = [variant("asleep", pools[0]) { usleep(10_000) }]
    for (pool, count) in zip(pools, [0, 8, 64]) {
      variants.append(
        variant("in withBlocking, \(count) stand-ins", pool) { ThreadPool.withBlocking { _ = usleep(10_000) } })
    }
    try report.compare("\(tasks) tasks", items: tasks, per: "task", variants)
  }
}
