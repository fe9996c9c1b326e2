import Skein
import Synchronization
import Testing

private func half(_ number: Int) throws(TestError) -> Int {
  if number % 2 != 0 { throw TestError(number) }
  return number / 2
}

/// State of the main actor, as in an application.
@MainActor
private final class Model {
  var items = [3, 1, 2]
  var total = 0
  let factor = 2
  let pool = ThreadPool.shared

  func refresh() {
    total = items.parallel.sum()
    items.parallel.modifyEach { $0 += 1 }
    items.parallel.sort()
    items.parallel.removeAll { $0 > 3 }
    let factor = factor
    items = Array(items.parallel.map { $0 * factor })
    total += pool.run { [items] in items.parallel.sum() }
    let (first, second) = join {
      items.count
    } and: {
      3
    }
    total += first + second
    let seen = Mutex(0)
    items.parallel.forEach { item in seen.withLock { $0 += item } }
    withParallelScope { scope in scope.spawn { seen.withLock { $0 += 1 } } }
    total += seen.withLock { $0 }
  }

  func load() async throws {
    let items = items
    total = await pool.run { items.parallel.sum() }
    self.items = try await pool.run { try Array(items.parallel.map { try half(2 * $0) }) }
    self.items = await pool.run {
      var copy = items
      copy.parallel.sort(by: >)
      return copy
    }
  }
}

private actor Store {
  private var values = Array(0..<10)

  func update() async -> Int {
    let copy = values
    values = await ThreadPool.shared.run { Array(copy.parallel.map { $0 + 1 }) }
    values.parallel.unstableSort(by: >)
    return values.parallel.sum()
  }
}

extension InTurn {
  /// The names, called from actors and tasks.
  @Suite struct AsyncContractTests {
    @Test @MainActor func onTheMainActor() async throws {
      let model = Model()
      model.refresh()
      #expect(model.items == [4, 6])
      #expect(model.total == 6 + 10 + 5 + 11)
      try await model.load()
      #expect(model.total == 10)
      #expect(model.items == [6, 4])
    }

    @Test func onAnActor() async { #expect(await Store().update() == 55) }

    @Test func inATask() async throws {
      let pool = ThreadPool.shared
      let numbers = Array(0..<100)
      async let sum = pool.run { numbers.parallel.sum() }
      async let largest = pool.run { numbers.parallel.max() }
      #expect(await sum == 4950)
      #expect(await largest == 99)
      let both = await pool.run {
        let (low, high) = join {
          numbers[..<50].parallel.sum()
        } and: {
          numbers[50...].parallel.sum()
        }
        return low + high
      }
      #expect(both == 4950)
      await pool.run { withParallelScope { scope in scope.spawn {} } }
      let task = Task { await pool.run { numbers.parallel.count { $0 > 9 } } }
      #expect(await task.value == 90)
      #expect(await pool.run { pool.onEachThread { $0 }.count } == pool.threadCount)
    }

    @Test func errorsOfTasksKeepTheirType() async {
      func quarter(_ number: Int) async throws(TestError) -> Int {
        try await ThreadPool.shared.run { () throws(TestError) in try half(half(number)) }
      }
      do {
        #expect(try await quarter(8) == 2)
        _ = try await quarter(6)
      } catch {
        #expect(error.position == 3)
      }
    }
  }
}
