import Skein

// Asynchronous code on a pool, as the executor that its tasks prefer, and on Swift's own executor, which has as many threads as there are processors.
// Goal: no slower than Swift's own in each, but for calls of free actors: Swift's runtime makes these without an executor only for tasks that prefer none.

private actor Number {
  private var value = 0

  func add() -> Int {
    value += 1
    return value
  }
}

/// One task calls two actors in turn, which nobody else calls.
@Sendable private func alternate(_ count: Int) async -> Int {
  let (first, second) = (Number(), Number())
  var sum = 0
  for _ in 0..<count / 2 {
    sum += await first.add()
    sum += await second.add()
  }
  return sum
}

/// Two tasks hand a number to and fro.
@Sendable private func handOver(_ count: Int) async -> Int {
  let (there, sendThere) = AsyncStream.makeStream(of: Int.self)
  let (back, sendBack) = AsyncStream.makeStream(of: Int.self)
  return await withTaskGroup(of: Int.self) { group in
    group.addTask {
      for await number in there { sendBack.yield(number - 1) }
      return 0
    }
    group.addTask {
      sendThere.yield(count / 2)
      var turns = 0
      for await number in back {
        turns += 1
        if number == 0 { break }
        sendThere.yield(number)
      }
      sendThere.finish()
      return turns
    }
    return await group.reduce(0, +)
  }
}

/// Tasks of one group that do nothing.
@Sendable private func group(_ count: Int) async -> Int {
  await withTaskGroup(of: Int.self) { group in
    for index in 0..<count { group.addTask { cheap(index) } }
    return await group.reduce(0, &+)
  }
}

/// Tasks one in a hundred of which takes a hundred times as long as the others.
@Sendable private func uneven(_ count: Int) async -> Int {
  await withTaskGroup(of: Int.self) { group in
    for index in 0..<count {
      group.addTask { (0..<(index % 100 == 0 ? 100_000 : 1000)).reduce(0) { $0 &+ opaque(cheap($1)) } }
    }
    return await group.reduce(0, &+)
  }
}

/// A task for each fork of a recursion.
@Sendable private func fibonacci(_ number: Int) async -> Int {
  if number < 2 { return number }
  async let first = fibonacci(number - 1)
  let second = await fibonacci(number - 2)
  return await first + second
}

extension Benchmark {
  static let tasksExecutor = Benchmark(
    name: "tasks-executor",
    summary: "Swift's tasks in a pool, and on Swift's own executor.",
    goal: "no slower than Swift's own executor, but for calls of free actors"
  ) { report in
    try report.withPools { report, pools in
      let works: [(name: String, items: Int, per: String, body: @Sendable (Int) async -> Int)] = [
        ("calls of free actors", report.size(200_000), "call", alternate),
        ("a number handed to and fro", report.size(100_000), "turn", handOver),
        ("a group of empty tasks", report.size(100_000), "task", group),
        ("uneven tasks", report.size(2000), "task", uneven),
        ("a recursion with async let", 22, "Fibonacci number", fibonacci),
      ]
      for work in works {
        func run(in pool: ThreadPool?) -> Int {
          let answer = SharedCounter()
          waitForTask {
            let number = await withTaskExecutorPreference(pool) { await work.body(work.items) }
            answer.add(number)
          }
          return answer.take()
        }
        var variants = [Variant("Swift's own executor") { run(in: nil) }]
        for pool in pools { variants.append(Variant("a pool, \(pool.label)") { run(in: pool) }) }
        try report.compare(
          "\(work.name), \(work.items)", items: work.per == "Fibonacci number" ? 1 : work.items, per: work.per, variants
        )
      }
    }
  }
}
