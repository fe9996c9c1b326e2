// A class of the main actor, compiled twice: in a module that isolates to the main actor by default, so that whatever here does not say
// otherwise belongs to it, and, by a symbolic link, in one that isolates nothing.

import Foundation
import Skein
import Synchronization

func check(_ condition: Bool, _ what: String) {
  guard !condition else { return }
  print("\(#fileID): wrong: \(what)")
  exit(1)
}

nonisolated struct Failure: Error {}
nonisolated final class Node {
  var value = 0
}
nonisolated func isOnMainThread() -> Bool { Thread.isMainThread }
nonisolated func four() -> Int { 4 }
nonisolated func fail() throws -> Int { throw Failure() }

#if !ISOLATED_BY_DEFAULT
  @MainActor
#endif
@main
final class Model {
  var items = Array(0..<1000)
  var total = 0
  var log: [String] = []
  let pool = try! ThreadPool(threadCount: 2)

  static func main() async {
    let model = Model()
    model.callEverything()
    model.callEverything()
    await model.awaitEverything()
    model.pool.shutdown()
    print("\(#fileID): right")
  }

  /// Synchronous code of the main actor, as in a button's handler.
  func callEverything() {
    items = Array(0..<1000)
    // On this thread: the state of the main actor is at hand.
    let (count, sum) = join {
      items.map { $0 + 1 }.count
    } and: { [items] in
      items.map { $0 }.reduce(0, +)
    }
    check(count == 1000 && sum == 499_500, "join")
    let (here, _) = join {
      isOnMainThread()
    } and: {
      0
    }
    check(here, "the first closure of a join stays")
    let (_, node) = join {
      total = 1
    } and: {
      Node()
    }
    node.value = 1
    check(join(four, and: four) == (4, 4), "join of functions")
    let (migrated, _) = joinContext { context in
      log.append("first")
      return context.migrated
    } and: { _ in
      0
    }
    check(!migrated, "joinContext")
    let seen = Mutex(0)
    let opened = withParallelScope { scope in
      total += 1
      for item in items { scope.spawn { seen.withLock { $0 += item } } }
      scope.spawnOnEachThread { _ in seen.withLock { $0 += 0 } }
      return isOnMainThread()
    }
    check(opened && seen.withLock { $0 } == 499_500, "withParallelScope")
    do {
      try withParallelScope(order: .fifo) { scope in
        total += 1
        scope.spawn { throw Failure() }
      }
      check(false, "a scope's error")
    } catch { check(error is Failure, "a scope's error") }

    // On another thread: what is needed comes along.
    check(pool.run { [items] in items.parallel.sum() } == 499_500, "run")
    check(pool.run { [items] in items.map { $0 + 1 }.count } == 1000, "run with a closure inside")
    check(pool.run(four) == 4, "run of a function")
    check((try? pool.run(fail)) == nil, "run of a function that throws")
    let made = pool.run { Node() }
    made.value += 1
    var local = 0
    pool.run { local += 1 }
    check(made.value == 1 && local == 1, "run changes a variable")
    check(pool.onEachThread { $0 } == [0, 1], "onEachThread")
    pool.spawn { seen.withLock { $0 = 0 } }

    // Loops.
    let factor = 2
    check(Array(items.parallel.map { $0 * factor }).count == 1000, "map")
    check(items.parallel.reduce(0, &+) == 499_500 && items.parallel.reduce(.zero, +) == 499_500, "reduce")
    check(items.parallel.filter { $0 % 2 == 0 }.count() == 500, "filter")
    items.parallel.modifyEach { $0 += 1 }
    items.parallel.sort { $0 > $1 }
    items.parallel(in: pool).sort()
    check(items.first == 1 && items.parallel.isSorted(), "sorts in place")
    items.parallel.removeAll { $0 > 500 }
    check(items.count == 500, "removeAll")
    var data = Data([3, 1, 2])
    data.parallel.sort()
    check(Array(data) == [1, 2, 3], "Data")
    let scratch = WorkerLocal { [Int]() }
    items.parallel.forEach { item in scratch.withValue { $0.append(item) } }
    check(scratch.values.joined().count == 500, "WorkerLocal")
    var configuration = ThreadPool.Configuration(threadCount: 1)
    configuration.onThreadStart = { _ in seen.withLock { $0 += 1 } }
    let other = try! ThreadPool(configuration)
    check(other.run { ThreadPool.currentWorkerIndex } == 0, "a pool with a handler")
    other.shutdown()
  }

  /// Asynchronous code of the main actor.
  func awaitEverything() async {
    items = Array(0..<1000)
    check(await pool.run { [items] in items.parallel.sum() } == 499_500, "await run")
    check(await pool.run { [items] in items.map { $0 + 1 }.count } == 1000, "await run with a closure inside")
    check(await pool.run(four) == 4, "await run of a function")
    do {
      total += try await pool.run { () throws in try fail() }
      check(false, "await run of what throws")
    } catch { check(error is Failure, "await run of what throws") }
    let made = await pool.run { Node() }
    made.value += 1
    var local = 0
    await pool.run { local += 1 }
    check(made.value == 1 && local == 1, "await run changes a variable")
    check(await !pool.run { isOnMainThread() }, "await run leaves the main thread")
    check(
      await pool.run {
        join {
          1
        } and: {
          2
        }
      } == (1, 2), "join in a run")
    check(items.parallel.sum() == 499_500, "a loop in asynchronous code")
  }
}
