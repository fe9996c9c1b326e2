import Skein
import Testing

private enum Place { @TaskLocal static var name = "nowhere" }

private struct Image: Sendable {
  let size: Int
  var thumbnail: Int { size / 10 }
}

/// The page's actor.
private actor Catalogue {
  var images = (0..<100).map(Image.init)

  func thumbnails() async -> [Int] {
    let images = images
    return await ThreadPool.shared.run { Array(images.parallel.map { $0.thumbnail }) }
  }
}

/// Each spelling on the page "Coming from TaskGroup", and what it gives.
@Suite struct ComingFromTaskGroupTests {
  @Test func computing() async {
    let xs = Array(0..<1000)
    @Sendable func f(_ x: Int) -> Int { x * 2 }
    #expect(await ThreadPool.shared.run { Array(xs.parallel.map { f($0) }) } == xs.map { $0 * 2 })
    let both = await ThreadPool.shared.run {
      join {
        1
      } and: {
        "b"
      }
    }
    #expect(both == (1, "b"))
    #expect(await ThreadPool.shared.run { xs.parallel(maximumInFlight: 2).map { $0 }.sum() } == 499_500)
    #expect(await Catalogue().thumbnails() == (0..<100).map { $0 / 10 })
  }

  @Test func theFirstErrorInOrder() async {
    await #expect(throws: TestError(3)) {
      try await ThreadPool.shared.run { () throws(TestError) in
        try (0..<1000).parallel.forEach { (i) throws(TestError) in if i >= 3 { throw TestError(i) } }
      }
    }
  }

  @Test func cancellation() async throws {
    // Not the shared pool, of which this would keep a thread until a task has one to cancel it.
    let pool = try ThreadPool(threadCount: 1)
    let begun = Flag()
    let task = Task {
      try await pool.run {
        begun.set()
        while true {
          try ThreadPool.checkCancellation()
          yieldThread()
        }
      }
    }
    while !begun.isSet { await Task.yield() }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test func resultsAsTheyAreDone() async {
    var seen: Set<Int> = []
    for await y in (0..<100).parallel.map({ $0 * 2 }).results(ordered: false, maximumInFlight: 16) { seen.insert(y) }
    #expect(seen == Set((0..<100).map { $0 * 2 }))
  }

  @Test func errorsAsValues() {
    @Sendable func g(_ x: Int) throws -> Int { if x == 1 { throw TestError(x) } else { x } }
    let outcomes = Array([0, 1, 2].parallel.map { x in Result { try g(x) } })
    #expect(outcomes.compactMap { try? $0.get() } == [0, 2])
  }

  @Test func searchesThatEnd() {
    let xs = (0..<1000).parallel
    #expect(xs.first { $0 > 10 } == 11 && xs.contains { $0 == 10 } && xs.anyElement { $0 == 10 } == 10)
  }

  @Test func discardingGroups() async throws {
    let (done, tried) = (Counter(), Counter())
    await withParallelScope { scope async in
      for _ in 0..<10 where !ThreadPool.isCancelled { scope.spawn { done.add() } }
    }
    #expect(done.value == 10)
    await #expect(throws: TestError(1)) {
      try await withParallelScope { scope async in
        for i in 0..<10 {
          scope.spawn {
            tried.add()
            if i >= 1 { throw TestError(i) }
          }
        }
      }
    }
    #expect(tried.value == 10)
    let urgent = try ThreadPool(threadCount: 1)
    #expect(await urgent.run { 1 } == 1)
  }

  @Test func taskLocalValues() async {
    let names = await Place.$name.withValue("here") {
      await ThreadPool.shared.run { Set((0..<100).parallel.map { _ in Place.name }) }
    }
    #expect(names == ["here"])
  }
}
