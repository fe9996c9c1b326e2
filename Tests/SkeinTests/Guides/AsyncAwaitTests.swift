import Skein
import Synchronization
import Testing

private struct Row: Sendable {
  let brightness: Double
}

private struct Picture: Sendable {
  let rows: [Row]
}

private func brightness(of image: Picture) async -> Double {
  await ThreadPool.shared.run { image.rows.parallel.map { $0.brightness }.sum() }
}

private func load(_ document: Int) async -> [String] {
  await Task.yield()
  return (0..<100).map { $0 % (document + 2) == 0 ? "" : "line" }
}

/// Each spelling on the page "Skein and async/await", and what it gives.
@Suite struct AsyncAwaitTests {
  @Test func aLoopFromATask() async {
    let image = Picture(rows: (0..<1000).map { Row(brightness: Double($0)) })
    #expect(await brightness(of: image) == 499_500)
    #expect(image.rows.parallel.map { $0.brightness }.sum() == 499_500)
  }

  @Test func elementsThatArrive() async throws {
    let pages = AsyncStream { continuation in
      for page in 0..<100 { continuation.yield(page) }
      continuation.finish()
    }
    var shown: [Int] = []
    for try await page in pages.parallelMap(
      maximumInFlight: 16,
      { page throws -> Int in
        if page < 0 { throw TestError(page) }
        return page * 2
      })
    { shown.append(page) }
    #expect(shown == (0..<100).map { $0 * 2 })
  }

  @Test func childTasksThatCompute() async throws {
    let pool = try ThreadPool(threadCount: 2)
    let counts = await withTaskExecutorPreference(pool) {
      await withTaskGroup(of: Int.self) { group in
        for document in 0..<10 {
          group.addTask {
            let lines = await load(document)
            return lines.parallel.count { $0.isEmpty }
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
    }
    #expect(counts.sorted() == (0..<10).map { (99 / ($0 + 2)) + 1 }.sorted())
  }

  /// Progress as an asynchronous sequence; also the example of `reporting(every:to:)`.
  @Test func progressAsAnAsynchronousSequence() async {
    let orders = Array(0..<10_000)
    let (reports, continuation) = AsyncStream.makeStream(
      of: LoopProgress.self, bufferingPolicy: .bufferingNewest(1))
    async let totals = ThreadPool.shared.run {
      defer { continuation.finish() }
      return Array(orders.parallel.reporting(every: .zero) { continuation.yield($0) }.map { $0 * 2 })
    }
    var shown: [Double] = []
    for await report in reports { shown.append(report.fractionCompleted ?? -1) }
    #expect(shown == shown.sorted())
    #expect(shown.last == 1)
    let doubled = await totals
    #expect(doubled == orders.map { $0 * 2 })
  }

  /// The sequence of reports ends, too, if the loop ends by an error.
  @Test func progressOfALoopThatFails() async {
    let (reports, continuation) = AsyncStream.makeStream(of: LoopProgress.self)
    async let end: Void = ThreadPool.shared.run { () throws(TestError) in
      defer { continuation.finish() }
      try (0..<1000).parallel.reporting(every: .zero) { continuation.yield($0) }.forEach {
        (number) throws(TestError) in if number == 500 { throw TestError(number) }
      }
    }
    for await report in reports { #expect(report.completed < 1000) }
    do {
      try await end
      Issue.record("no error came")
    } catch {
      #expect(error as? TestError == TestError(500))
    }
  }

  @Test func piecesThatBecomeKnownByWaiting() async {
    let sum = Atomic(0)
    await withParallelScope { scope in
      for await number in TestSource<Never>(count: 100) {
        scope.spawn { sum.add(number, ordering: .relaxed) }
      }
    }
    #expect(sum.load(ordering: .relaxed) == 4950)
  }
}
