import Skein
import Testing

/// Holds all threads of a loop from one of its calls on, until the loop's task has been cancelled.
private final class Hold: Sendable {
  private let call: Int
  private let (before, after) = (Counter(), Counter())
  private let (reached, released) = (Flag(), Flag())

  /// - Parameter call: The number of the call, from 1.
  init(from call: Int) { self.call = call }

  /// Counts a call of the loop's closure.
  func count() {
    if released.isSet {
      after.add()
      return
    }
    guard before.add() >= call else { return }
    reached.set()
    while !released.isSet { sleep(for: .microseconds(100)) }
  }

  /// Expects a loop to end with `CancellationError` when it is cancelled in the middle.
  /// - Parameter batch: How often its closure is called in a batch. A batch that has begun goes to its end.
  func expectEnd<Result: Sendable>(
    _ name: String, in pool: ThreadPool, batch: Int, sourceLocation: SourceLocation = #_sourceLocation,
    _ loop: @escaping @Sendable (ThreadPool) throws -> Result
  ) async {
    let (finished, thrown) = (Flag(), Flag())
    let task = Task {
      defer { finished.set() }
      return try await pool.run { () throws in
        do { return try loop(pool) } catch {
          thrown.set()
          throw error
        }
      }
    }
    while !reached.isSet, !finished.isSet { await Task.yield() }
    task.cancel()
    released.set()
    do {
      _ = try await task.value
      Issue.record("\(name): not cancelled", sourceLocation: sourceLocation)
    } catch {
      if !thrown.isSet { Issue.record("\(name): not the loop has thrown", sourceLocation: sourceLocation) }
      if !(error is CancellationError) { Issue.record("\(name): \(error)", sourceLocation: sourceLocation) }
    }
    if after.value >= batch * pool.threadCount {
      Issue.record("\(name): \(after.value) calls afterwards", sourceLocation: sourceLocation)
    }
  }
}

extension InTurn {
  /// A loop whose closure may throw any error ends at the next batch when its task is cancelled, and nothing leaks.
  @Suite struct LoopCancellationTests {
    private static let count = 100_000
    private static let calls = [1, 20]

    /// Checks that what lived during a test is dead after it.
    private func withLives(_ body: (Lives) async -> Void) async {
      let lives = Lives()
      await body(lives)
      #expect(eventually { lives.alive == 0 })
    }

    @Test(arguments: fewThreadCounts, calls)
    func mapsWithAValue(_ threads: Int, _ call: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      await withLives { lives in
        let hold = Hold(from: call)
        await hold.expectEnd("map(with:)", in: pool, batch: 5) { [value = LifeTracked(1, lives)] pool in
          try Array(
            (0..<Self.count).parallel(in: pool, maximumBatch: 5).map(with: value) { (number, one) throws(any Error) in
              hold.count()
              return LifeTracked(number + one.value, lives)
            })
        }
        let filter = Hold(from: call)
        await filter.expectEnd("filter(with:)", in: pool, batch: 5) { pool in
          try (0..<Self.count).parallel(in: pool, maximumBatch: 5).map { LifeTracked($0, lives) }
            .filter(with: LifeTracked(3, lives)) { (number, three) throws(any Error) in
              filter.count()
              return number.value % three.value == 0
            }.count()
        }
        let scratch = Hold(from: call)
        await scratch.expectEnd("map(withScratch:)", in: pool, batch: 5) { pool in
          try Array(
            (0..<Self.count).parallel(in: pool, maximumBatch: 5).map(withScratch: { LifeTracked(1, lives) }) {
              (one, number) throws(any Error) in
              scratch.count()
              return LifeTracked(number + one.value, lives)
            })
        }
      }
    }

    @Test(arguments: fewThreadCounts, calls)
    func chainsOfABatch(_ threads: Int, _ call: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      await withLives { lives in
        let whole = Hold(from: call)
        await whole.expectEnd("inEachBatch", in: pool, batch: 1) { pool in
          try (0..<Self.count).parallel(in: pool, maximumBatch: 100).inEachBatch { (batch) throws(any Error) in
            whole.count()
            return batch.map { $0 ^ 1 }.sum()
          }
        }
        let folded = Hold(from: call)
        await folded.expectEnd("inEachBatch, reduced", in: pool, batch: 1) { pool in
          try (0..<Self.count).parallel(in: pool, maximumBatch: 100).inEachBatch { (batch) throws(any Error) in
            folded.count()
            return batch.reduce(into: [LifeTracked]()) {
              $0.append(LifeTracked($1, lives))
            } combine: {
              $0 += $1
            }
          }
        }
      }
    }

    @Test(arguments: fewThreadCounts, calls)
    func loopsOverSpans(_ threads: Int, _ call: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      await withLives { lives in
        let elements = (0..<Self.count).map { LifeTracked($0, lives) }
        let looking = Hold(from: call)
        await looking.expectEnd("forEachSpan", in: pool, batch: 1) { pool in
          try elements.parallel(in: pool, maximumBatch: 100).forEachSpan { (_, _) throws(any Error) in looking.count() }
        }
        let mapping = Hold(from: call)
        await mapping.expectEnd("mapSpans", in: pool, batch: 1) { pool in
          try elements.parallel(in: pool, maximumBatch: 100).mapSpans {
            (span, output: inout OutputSpan<LifeTracked>) throws(any Error) in
            mapping.count()
            for index in span.indices { output.append(LifeTracked(span[index].value, lives)) }
          }
        }
        let folding = Hold(from: call)
        await folding.expectEnd("reduceSpans", in: pool, batch: 1) { pool in
          try elements.parallel(in: pool, maximumBatch: 100).reduceSpans(into: [LifeTracked]()) {
            (list, span, _) throws(any Error) in
            folding.count()
            for index in span.indices { list.append(LifeTracked(span[index].value, lives)) }
          } combine: { (list, others) throws(any Error) in
            list += others
          }
        }
      }
    }

    @Test(arguments: fewThreadCounts, calls)
    func changesOfSpansAndChunks(_ threads: Int, _ call: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      await withLives { lives in
        let spans = Hold(from: call)
        await spans.expectEnd("modifyEachSpan", in: pool, batch: 1) { pool in
          var elements = (0..<Self.count).map { LifeTracked($0, lives) }
          defer { expectWhole(elements) }
          try elements.parallel(in: pool, maximumBatch: 100).modifyEachSpan { (span, _) throws(any Error) in
            spans.count()
            for index in span.indices { span[index] = LifeTracked(-span[index].value, lives) }
          }
        }
        let chunks = Hold(from: call)
        await chunks.expectEnd("modifyEach(chunksOf:)", in: pool, batch: 5) { pool in
          var elements = (0..<Self.count).map { LifeTracked($0, lives) }
          defer { expectWhole(elements) }
          try elements.parallel(in: pool, maximumBatch: 5).modifyEach(chunksOf: 10) { (_, chunk) throws(any Error) in
            chunks.count()
            for index in chunk.indices { chunk[index] = LifeTracked(-chunk[index].value, lives) }
          }
        }
      }
    }
  }
}

/// Expects each element to be as it was or as it was to become, some of each.
private func expectWhole(_ elements: [LifeTracked]) {
  for (offset, element) in elements.enumerated() where element.value != offset && element.value != -offset {
    Issue.record("\(element.value) at \(offset)")
  }
  if elements.last!.value < 0 && elements.allSatisfy({ $0.value <= 0 }) { Issue.record("all are changed") }
}
