import Skein
import Testing

/// Cancels the task that runs an algorithm during one of the calls that the algorithm makes.
private final class Interruption: Sendable {
  private let call: Int
  private let calls = Counter()
  private let (reached, released) = (Flag(), Flag())

  /// - Parameter call: The number of the call, from 1; 0 cancels before the start.
  init(during call: Int) { self.call = call }

  func count() {
    guard calls.add() == call else { return }
    reached.set()
    while !released.isSet { sleep(for: .microseconds(100)) }
  }

  func run<Result: Sendable>(in pool: ThreadPool, _ body: @escaping @Sendable () -> Result) async -> Result {
    let finished = Flag()
    let task = Task {
      if call == 0 { unsafe withUnsafeCurrentTask { unsafe $0?.cancel() } }
      defer { finished.set() }
      return await pool.run(body)
    }
    while call > 0, !reached.isSet, !finished.isSet { await Task.yield() }
    task.cancel()
    released.set()
    return await task.value
  }
}

extension InTurn {
  /// In a cancelled task an algorithm that cannot throw goes to its end.
  @Suite struct CancellationTests {
    private let values = (0..<20_000).map { $0 * 7919 % 20_011 }
    private static let calls = [0, 1, 900, 15_000, 60_000]

    @Test(arguments: fewThreadCounts, calls)
    func whatAsksGoesToItsEnd(_ threads: Int, _ call: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      let values = values
      var partitioned = values
      _ = partitioned.partition { $0 % 2 == 0 }
      for stable in [false, true] {
        let interruption = Interruption(during: call)
        let (array, boundary) = await interruption.run(in: pool) {
          var array = values
          let isEven: @Sendable (Int) -> Bool = {
            interruption.count()
            return $0 % 2 == 0
          }
          let boundary = stable ? array.parallel.stablePartition(by: isEven) : array.parallel.partition(by: isEven)
          return (array, boundary)
        }
        let done = stable ? values.filter { $0 % 2 != 0 } + values.filter { $0 % 2 == 0 } : partitioned
        #expect(array == done && boundary == values.count { $0 % 2 != 0 })
      }
    }

    @Test(arguments: fewThreadCounts, calls)
    func selectionFindsItsElement(_ threads: Int, _ call: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      let values = values
      let interruption = Interruption(during: call)
      let array = await interruption.run(in: pool) {
        var array = values
        array.parallel.select(at: 10_000) {
          interruption.count()
          return $0 < $1
        }
        return array
      }
      #expect(array.sorted() == values.sorted())
      #expect(array[10_000] == values.sorted()[10_000])
    }

    @Test(arguments: fewThreadCounts, calls)
    func whatIsRemovedIsAllThatShouldBe(_ threads: Int, _ call: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      let values = values
      let interruption = Interruption(during: call)
      let array = await interruption.run(in: pool) {
        var array = values
        array.parallel.removeAll {
          interruption.count()
          return $0 % 3 == 0
        }
        return array
      }
      #expect(array == values.filter { $0 % 3 != 0 })
    }

    @Test(arguments: fewThreadCounts)
    func whatOnlyMovesGoesToItsEnd(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      let values = values
      var shuffled = values
      shuffled.parallel.shuffle(seed: 7)
      let results = await Interruption(during: 0).run(in: pool) {
        var (reversed, rotated, filled, mixed) = (values, values, values, values)
        reversed.parallel.reverse()
        rotated.parallel.rotate(toStartAt: 5000)
        filled.parallel.fill(with: 1)
        mixed.parallel.shuffle(seed: 7)
        return [reversed, rotated, filled, mixed]
      }
      #expect(results[0] == values.reversed())
      #expect(results[1] == Array(values[5000...] + values[..<5000]))
      #expect(results[2] == [Int](repeating: 1, count: values.count))
      #expect(results[3] == shuffled)
    }

    @Test(arguments: fewThreadCounts, calls)
    func mergingGoesToItsEnd(_ threads: Int, _ call: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      let interruption = Interruption(during: call)
      let lives = Lives()
      let merged = await interruption.run(in: pool) {
        let (first, second) = (
          (0..<9000).map { LifeTracked(2 * $0, lives) }, (0..<9000).map { LifeTracked(2 * $0 + 1, lives) }
        )
        let merged = Array(merging: first.parallel, and: second.parallel) {
          interruption.count()
          return $0.value < $1.value
        }
        return merged.map(\.value)
      }
      #expect(lives.alive == 0)
      #expect(merged == Array(0..<18_000))
    }
  }
}
