import Skein
import Testing

extension InTurn {
  /// A sort on behalf of a task that is cancelled goes to its end: what cannot throw never gives a part of its answer.
  @Suite struct SortCancellationTests {
    private enum Form: CaseIterable { case stable, unstable, onKey }

    private struct Key: Comparable, Sendable {
      let value: Int
      let isLess: @Sendable (Int, Int) -> Bool

      static func == (left: Key, right: Key) -> Bool { left.value == right.value }
      static func < (left: Key, right: Key) -> Bool { left.isLess(left.value, right.value) }
    }

    private func sort(_ array: inout [Tagged], _ form: Form, _ isLess: @escaping @Sendable (Int, Int) -> Bool) {
      switch form {
      case .stable: array.parallel.sort { isLess($0.key, $1.key) }
      case .unstable: array.parallel.unstableSort { isLess($0.key, $1.key) }
      case .onKey: array.parallel.sort(on: { Key(value: $0.key, isLess: isLess) })
      }
    }

    @Test(arguments: [1, 3]) func itGoesToItsEnd(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      let count = elements(60_000)
      let seed = newSeed()
      for form in Form.allCases {
        for input in [SortInput.random, .runsAndNoise] {
          let original = Tagged.make(input.numbers(count, seed: seed))
          // One comparison early, one late, and one in the midst of it.
          for limit in [1, count * 2, count * 6] {
            let comparisons = Counter()
            let isRunning = Flag()
            let isCancelled = Flag()
            let task = Task {
              await pool.run {
                var array = original
                sort(&array, form) { left, right in
                  if comparisons.add() == limit {
                    isRunning.set()
                    while !isCancelled.isSet { sleep(for: .milliseconds(1)) }
                  }
                  return left < right
                }
                isRunning.set()
                return array
              }
            }
            while !isRunning.isSet { await Task.yield() }
            task.cancel()
            isCancelled.set()
            let array = await task.value
            #expect(array.map(\.key) == original.map(\.key).sorted(), "\(form), \(input), \(limit)")
            #expect(Set(array.map(\.serial)).count == count, "\(form), \(input), \(limit)")
          }
        }
      }
    }

    @Test func everySortGoesToItsEnd() async throws {
      let pool = try ThreadPool(threadCount: 2)
      let numbers = SortInput.random.numbers(20_000, seed: newSeed())
      let sorts: [@Sendable (inout [Int]) -> Void] = [
        { $0.parallel.sort() }, { $0.parallel.unstableSort() }, { $0.parallel.sort(by: <) },
        { $0.parallel.unstableSort(by: <) },
      ]
      for sort in sorts {
        let returning = Task {
          unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
          return await pool.run {
            var array = numbers
            sort(&array)
            return array
          }
        }
        #expect(await returning.value == numbers.sorted())
      }
    }
  }
}
