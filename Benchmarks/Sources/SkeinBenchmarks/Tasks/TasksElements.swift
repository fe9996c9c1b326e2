import Dispatch
import Skein
import Synchronization

// The overhead for each element, in each of the ways in which Swift code distributes elements over threads. The
// figures of the page "Skein and async/await" come from here. The closure does next to nothing, so that only the
// overhead is measured.
// Goal: no way of Skein's costs more than the corresponding one of Swift itself.

/// The elements of an asynchronous sequence that never suspends.
private struct AsyncNumbers: AsyncSequence, Sendable {
  let count: Int

  struct AsyncIterator: AsyncIteratorProtocol {
    let count: Int
    var next = 0

    mutating func next() async -> Int? { await next(isolation: nil) }

    mutating func next(isolation actor: isolated (any Actor)?) async -> Int? {
      if next == count { return nil }
      defer { next += 1 }
      return next
    }
  }

  func makeAsyncIterator() -> AsyncIterator { AsyncIterator(count: count) }
}

/// Returns the sum of the results for the numbers, by forks that divide them down to single elements.
private func forkedSum(_ numbers: Range<Int>) -> Int {
  if numbers.count == 1 { return cheap(numbers.lowerBound) }
  let middle = numbers.lowerBound + numbers.count / 2
  let (first, second) = join {
    forkedSum(numbers.lowerBound..<middle)
  } and: {
    forkedSum(middle..<numbers.upperBound)
  }
  return first &+ second
}

private func answer(_ body: @escaping @Sendable () async -> Int) -> Int { waitForTask(body) }

extension Benchmark {
  static let tasksElements = Benchmark(
    name: "tasks-elements",
    summary: "What an element costs whose closure does next to nothing, in tasks, in Dispatch and in Skein.",
    goal: "no way of Skein's costs more than that of Swift's that it stands beside"
  ) { report in
    let count = report.size(100_000)
    try report.withPools([report.options.threads.max()!]) { report, pools in
      let pool = pools[0]
      var variants = [
        Variant("TaskGroup, addTask for all, then next") {
          answer {
            await withTaskGroup(of: Int.self) { group in
              for index in 0..<count { group.addTask { cheap(index) } }
              return await group.reduce(0, &+)
            }
          }
        },
        Variant("TaskGroup, 16 in flight") {
          answer {
            await withTaskGroup(of: Int.self) { group in
              var added = min(16, count)
              for index in 0..<added { group.addTask { cheap(index) } }
              var sum = 0
              while let value = await group.next() {
                sum &+= value
                if added < count {
                  group.addTask { [added] in cheap(added) }
                  added += 1
                }
              }
              return sum
            }
          }
        },
        Variant("async let, two at a time") {
          answer {
            var sum = 0
            for index in stride(from: 0, to: count, by: 2) {
              async let first = cheap(index)
              async let second = index + 1 < count ? cheap(index + 1) : 0
              sum &+= await first &+ second
            }
            return sum
          }
        },
        Variant("concurrentPerform") {
          let sum = Atomic(0)
          DispatchQueue.concurrentPerform(iterations: count) { sum.wrappingAdd(cheap($0), ordering: .relaxed) }
          return sum.load(ordering: .relaxed)
        },
        Variant("loop") { (0..<count).parallel(in: pool).map { cheap($0) }.reduce(0) { $0 &+ $1 } },
        Variant("join, down to single elements") { pool.run { forkedSum(0..<count) } },
        Variant("spawn in a scope") {
          let counter = SharedCounter()
          pool.run {
            withParallelScope { scope in
              for index in 0..<count { scope.spawn { counter.add(cheap(index)) } }
            }
          }
          return counter.take()
        },
        Variant("await pool.run for each") {
          answer {
            var sum = 0
            for index in 0..<count { sum &+= await pool.run { cheap(index) } }
            return sum
          }
        },
        Variant("async withParallelScope") {
          let counter = SharedCounter()
          return answer {
            await withTaskExecutorPreference(pool) {
              await withParallelScope { scope in
                for await index in AsyncNumbers(count: count) { scope.spawn { counter.add(cheap(index)) } }
              }
            }
            return counter.take()
          }
        },
      ]
      for limit in [16, 64, 1024] {
        variants += [
          Variant("parallelMap, \(limit) in flight") {
            answer {
              var sum = 0
              for await value in AsyncNumbers(count: count).parallelMap(maximumInFlight: limit, in: pool, { cheap($0) })
              {
                sum &+= value
              }
              return sum
            }
          },
          Variant("parallelStream, \(limit) in flight") {
            answer {
              var sum = 0
              for await value in (0..<count).parallelStream(maximumInFlight: limit, in: pool, { cheap($0) }) {
                sum &+= value
              }
              return sum
            }
          },
          Variant("results, \(limit) in flight") {
            answer {
              var sum = 0
              for await value in (0..<count).parallel(in: pool).map({ cheap($0) }).results(maximumInFlight: limit) {
                sum &+= value
              }
              return sum
            }
          },
          Variant("parallelMapped, \(limit) in flight") {
            (0..<count).parallelMapped(maximumInFlight: limit, in: pool) { cheap($0) }.reduce(0, &+)
          },
        ]
      }
      try report.compare(
        "\(count) elements that do next to nothing, \(pool.label), \(processorName())", items: count, per: "element",
        variants)

      // The same with elements that take 20 microseconds each.
      let works = report.size(5000)
      let work = BusyWork(stepNanoseconds: 20_000)
      try report.compare(
        "\(works) elements of 20 µs, \(pool.label), \(processorName())", items: works, per: "element",
        [
          Variant("one after the other") {
            for _ in 0..<works { work.run(steps: opaque(1)) }
            return works
          },
          Variant("TaskGroup, 16 in flight") {
            answer {
              await withTaskGroup(of: Void.self) { group in
                var added = min(16, works)
                for _ in 0..<added { group.addTask { work.run(steps: opaque(1)) } }
                while await group.next() != nil {
                  if added < works {
                    group.addTask { work.run(steps: opaque(1)) }
                    added += 1
                  }
                }
                return added
              }
            }
          },
          Variant("loop") {
            (0..<works).parallel(in: pool).forEach { _ in work.run(steps: opaque(1)) }
            return works
          },
          Variant("parallelMap, 16 in flight") {
            answer {
              var sum = 0
              for await value in AsyncNumbers(count: works).parallelMap(
                maximumInFlight: 16, in: pool,
                { _ in
                  work.run(steps: opaque(1))
                  return 1
                })
              { sum &+= value }
              return sum
            }
          },
          Variant("parallelMap, 64 in flight") {
            answer {
              var sum = 0
              for await value in AsyncNumbers(count: works).parallelMap(
                maximumInFlight: 64, in: pool,
                { _ in
                  work.run(steps: opaque(1))
                  return 1
                })
              { sum &+= value }
              return sum
            }
          },
        ])
    }
  }
}
