import Synchronization
import Testing

@testable import Skein

extension InTurn {
  /// A function that is no order costs a bounded number of calls, and no element is lost or doubled, whatever the algorithm.
  @Suite struct NoOrderTests {
    private struct Order: Sendable {
      let name: String
      let isLess: @Sendable (Int, Int) -> Bool
    }

    private static let randomState = Atomic<UInt64>(0)

    private let orders = [
      Order(name: "!=") { $0 != $1 }, Order(name: "<=") { $0 <= $1 }, Order(name: "always") { _, _ in true },
      Order(name: "never") { _, _ in false }, Order(name: "cyclic") { ($1 - $0 + 3) % 3 == 1 },
      Order(name: "parity") { ($0 ^ $1) & 1 == 0 },
      Order(name: "nearly") { $0 % 1000 != $1 % 1000 && $0 & 7 <= $1 & 7 },
      Order(name: "mixed") { CountedHash.mix($0 ^ $1 << 7) & 1 == 0 },
      Order(name: "random") { _, _ in
        CountedHash.mix(Int(NoOrderTests.randomState.add(1, ordering: .relaxed).newValue)) & 1 == 0
      },
    ]

    private enum Algorithm: CaseIterable {
      case sort, unstableSort, sortOnKey, sortLarge, unstableSortLarge, select, selectFirst, selectLast
      case least, most, leastThird, merge, isSorted, partition, stablePartition, removeAll
    }

    /// A key whose `<` is what the test says.
    private struct Key: Comparable, Sendable {
      let value: Int
      let isLess: @Sendable (Int, Int) -> Bool

      static func == (left: Key, right: Key) -> Bool { left.value == right.value }
      static func < (left: Key, right: Key) -> Bool { left.isLess(left.value, right.value) }
    }

    /// Runs an algorithm; returns what it leaves and how many elements it promises.
    private func run(
      _ algorithm: Algorithm, _ values: [Int], _ isLess: @escaping @Sendable (Int, Int) -> Bool
    ) -> (result: [Int], count: Int) {
      var array = values
      let count = values.count
      switch algorithm {
      case .sort: array.parallel.sort(by: isLess)
      case .unstableSort: array.parallel.unstableSort(by: isLess)
      case .sortOnKey: array.parallel.sort(on: { Key(value: $0, isLess: isLess) })
      case .sortLarge:
        var wide = Wide.make(values)
        wide.parallel.sort { isLess($0.key, $1.key) }
        array = wide.map(\.key)
      case .unstableSortLarge:
        var wide = Wide.make(values)
        wide.parallel.unstableSort { isLess($0.key, $1.key) }
        array = wide.map(\.key)
      case .select: array.parallel.select(at: count / 2, by: isLess)
      case .selectFirst: array.parallel.select(at: 0, by: isLess)
      case .selectLast: array.parallel.select(at: count - 1, by: isLess)
      case .least: return (array.parallel.min(count: 7, sortedBy: isLess), min(7, count))
      case .most: return (array.parallel.max(count: 7, sortedBy: isLess), min(7, count))
      case .leastThird: return (array.parallel.min(count: count / 3, sortedBy: isLess), count / 3)
      case .merge:
        return (Array(merging: array[..<(count / 3)].parallel, and: array[(count / 3)...].parallel, by: isLess), count)
      case .isSorted:
        _ = array.parallel.isSorted(by: isLess)
      case .partition: _ = array.parallel.partition { isLess($0, 5) }
      case .stablePartition: array.parallel.stablePartition { isLess($0, 5) }
      case .removeAll:
        array.parallel.removeAll { isLess($0, 5) }
        return (array, array.count)
      }
      return (array, count)
    }

    @Test(arguments: sortThreadCounts)
    func costsNLogNAndLosesNothing(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      var generator = SeededGenerator(seed: newSeed())
      for count in isSanitized ? [10, 700] : [2, 3, 10, 40, 600, 2000, 5000] {
        let values = Array(0..<count).shuffled(using: &generator)
        let limit = 40 * count * (Int.bitWidth - count.leadingZeroBitCount) + 1000
        for order in orders {
          for algorithm in Algorithm.allCases where !(count > 2000 && "\(algorithm)".hasSuffix("Large")) {
            let calls = Counter()
            let (result, expected) = withTimeout {
              pool.run {
                run(algorithm, values) {
                  calls.add()
                  return order.isLess($0, $1)
                }
              }
            }
            let label = "\(algorithm), \(order.name), \(count), \(threads) threads"
            #expect(calls.value <= limit, "\(label): \(calls.value) calls, limit \(limit)")
            #expect(result.count == expected && Set(result).count == expected, "\(label)")
            #expect(result.allSatisfy { values.indices.contains($0) }, "\(label)")
          }
        }
      }
    }

    /// With elements that count their lives, and an order that throws at any of its calls.
    @Test(arguments: isSanitized ? [3] : [1, 3])
    func losesNothingWhereverItThrows(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for count in isSanitized ? [5, 600] : [5, 600, 1300] {
        let values = (0..<count).map { ($0 * 7919) % 10_007 }
        for order in orders where order.name != "random" {
          for algorithm in 0..<4 {
            var last = 0
            var isDone = false
            while !isDone {
              let limit = last
              withLives(values) { array in
                let calls = Counter()
                let isLess: @Sendable (LifeTracked, LifeTracked) throws(TestError) -> Bool = {
                  (left, right) throws(TestError) in
                  if calls.add() > limit { throw TestError(limit) }
                  return order.isLess(left.value, right.value)
                }
                do throws(TestError) {
                  try pool.run { () throws(TestError) in
                    switch algorithm {
                    case 0: try array.parallel.sort(by: isLess)
                    case 1: try array.parallel.unstableSort(by: isLess)
                    case 2: _ = try array.parallel.select(at: count / 2, by: isLess)
                    default:
                      let merged = try Array(
                        merging: array[..<(count / 2)].parallel, and: array[(count / 2)...].parallel, by: isLess)
                      #expect(Set(merged.map(ObjectIdentifier.init)).count == count)
                    }
                  }
                  isDone = true
                } catch {
                  #expect(error == TestError(limit))
                }
                #expect(array.map(\.value).sorted() == values.sorted())
              }
              last += count < 10 ? 1 : last / (isLong ? 8 : 2) + (isLong ? 29 : 601)
            }
          }
        }
      }
    }

    /// What is merged without being sorted has every element once.
    @Test(arguments: sortThreadCounts)
    func whatIsNotSortedIsMergedAllTheSame(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      var generator = SeededGenerator(seed: newSeed())
      for (left, right) in [(0, 100), (1, 3000), (3000, 1), (2500, 2500), (100, 5000)] {
        let values = Array(0..<left + right).shuffled(using: &generator)
        let merged = Array(merging: values[..<left].parallel(in: pool), and: values[left...].parallel)
        #expect(merged.sorted() == Array(0..<left + right), "\(left), \(right)")
      }
    }
  }
}
