import Synchronization
import Testing

@testable import Skein

extension InTurn {
  /// What sorting does when the comparison is against it.
  @Suite struct SortOrderTests {
    /// Large elements are sorted by their numbers. The sorts that move them are those of small elements, of which parts and buckets take
    /// many thousands; with large ones, some hundreds.
    private enum Form: CaseIterable { case stable, unstable, stableMoving, unstableMoving }

    private func sort<Element: Sendable, E>(
      _ array: inout [Element], _ form: Form, _ isLess: @escaping @Sendable (Element, Element) throws(E) -> Bool
    ) throws(E) {
      switch form {
      case .stable: try array.parallel.sort(by: isLess)
      case .unstable: try array.parallel.unstableSort(by: isLess)
      case .stableMoving:
        let kernels = SortKernels(isLess)
        unsafe try array.withUnsafeMutableBufferPointer { (buffer) throws(E) in
          let (start, count) = (buffer.baseAddress!, buffer.count)
          unsafe try Scratch.with(Element.self, count: count) { (scratch) throws(E) in
            unsafe try kernels.stableSort(start, count, scratch)
          }
        }
      case .unstableMoving:
        let kernels = SortKernels(isLess)
        unsafe try array.withUnsafeMutableBufferPointer { (buffer) throws(E) in
          unsafe try kernels.unstableSort(buffer.baseAddress!, buffer.count)
        }
      }
    }

    @Test func noElementIsLostWhereverTheComparisonThrows() throws {
      let pool = try ThreadPool(threadCount: 1)
      let seed = newSeed()
      for form in Form.allCases {
        for (input, count) in [(SortInput.random, 3), (.random, 40), (.fewDistinct, 90), (.runsAndNoise, 130)] {
          let lives = Lives()
          do {
            let original = input.numbers(count, seed: seed).map { LifeTracked($0, lives) }
            var position = 0
            while true {
              let comparisons = Counter()
              var array = original
              let limit = position
              let error = pool.run { () -> TestError? in
                do throws(TestError) {
                  try sort(&array, form) { (left, right) throws(TestError) in
                    if comparisons.add() > limit { throw TestError(limit) }
                    return left.value < right.value
                  }
                  return nil
                } catch {
                  return error
                }
              }
              #expect(Set(array.map(ObjectIdentifier.init)) == Set(original.map(ObjectIdentifier.init)))
              #expect(array.count == count)
              if error == nil {
                #expect(array.map(\.value) == original.map(\.value).sorted())
                break
              }
              #expect(error == TestError(limit))
              position += 1
            }
            #expect(position >= count - 1)
            withExtendedLifetime(original) { #expect(lives.bornCount == count && lives.alive == count) }
          }
          #expect(lives.alive == 0)
        }
      }
    }

    @Test func noElementIsLostInParallelWhereverTheComparisonThrows() throws {
      let seed = newSeed()
      for threads in isLong ? sortThreadCounts : isSanitized ? [3] : [1, 3] {
        let pool = try ThreadPool(threadCount: threads)
        for form in Form.allCases {
          for input in [SortInput.random, .runsAndNoise] {
            let original = Wide.make(input.numbers(1500, seed: seed))
            for limit in stride(from: 0, to: 18_000, by: isLong ? 99 : isSanitized ? 8999 : 2999) {
              let comparisons = Counter()
              var array = original
              pool.run {
                try? sort(&array, form) { (left, right) throws(TestError) in
                  if comparisons.add() > limit { throw TestError(limit) }
                  return left.key < right.key
                }
              }
              array.sort { $0.serial < $1.serial }
              #expect(array == original, "\(form), \(input), \(limit), \(threads) threads")
            }
          }
        }
      }
    }

    /// So many elements that they are put into buckets.
    @Test func noElementIsLostInBucketsWhereverTheComparisonThrows() throws {
      let seed = newSeed()
      for threads in isLong ? sortThreadCounts : isSanitized ? [3] : [1, 3] {
        let pool = try ThreadPool(threadCount: threads)
        for input in [SortInput.random, .fewDistinct] {
          let original = Wide.make(input.numbers(3000, seed: seed))
          var limit = 0
          var isDone = false
          while !isDone {
            let comparisons = Counter()
            let limitNow = limit
            var array = original
            pool.run {
              do throws(TestError) {
                try sort(&array, .stableMoving) { (left, right) throws(TestError) in
                  if comparisons.add() > limitNow { throw TestError(limitNow) }
                  return left.key < right.key
                }
                isDone = true
              } catch {}
            }
            array.sort { $0.serial < $1.serial }
            #expect(array == original, "\(input), \(limit), \(threads) threads")
            limit += isLong ? 199 : isSanitized ? 9999 : 2999
          }
        }
      }
    }

    @Test func theErrorIsTheSameAtEveryNumberOfThreads() throws {
      let seed = newSeed()
      for form in Form.allCases {
        // With a remainder of 2 neighbours do not throw, so the runs are found without an error.
        for (divisor, remainder, count) in [
          (3, 1, 4000), (40, 1, 4000), (700, 1, 4000), (40, 2, 4000), (700, 2, 4000), (900, 2, 1500), (900, 2, 9000),
        ] {
          let wide = Wide.make(SortInput.random.numbers(count, seed: seed))
          var first: TestError?
          for threads in sortThreadCounts + sortThreadCounts {
            let pool = try ThreadPool(threadCount: threads)
            var array = wide
            let error = pool.run { () -> TestError? in
              do throws(TestError) {
                try sort(&array, form) { (left, right) throws(TestError) in
                  if (left.serial ^ right.serial) % divisor == remainder {
                    throw TestError(left.serial * 10_000 + right.serial)
                  }
                  return left.key < right.key
                }
                return nil
              } catch {
                return error
              }
            }
            #expect(error != nil)
            if let first { #expect(error == first, "\(form), \(threads) threads") }
            first = error
          }
        }
      }
    }

    @Test func anOrderThatContradictsItselfLosesNothing() throws {
      let seed = newSeed()
      let state = Atomic(seed)
      let orders: [(String, @Sendable (Wide, Wide) -> Bool)] = [
        ("always", { _, _ in true }), ("never", { _, _ in false }), ("<=", { $0.key <= $1.key }),
        ("cyclic", { ($0.key - $1.key) & 3 == 1 }), ("!=", { $0.key != $1.key }),
        (
          "random",
          { _, _ in
            var generator = SeededGenerator(seed: state.add(1, ordering: .relaxed).newValue)
            return generator.next() & 1 == 0
          }
        ),
      ]
      for threads in isLong ? [1, 3] : [3] {
        let pool = try ThreadPool(threadCount: threads)
        for (name, order) in orders {
          for input in isSanitized ? [SortInput.runsAndNoise] : [.random, .fewDistinct, .runsAndNoise] {
            for count in [2, 3, 4, 7, 8, 17, 31, 32, 33, 100, 1200] + (input == .fewDistinct ? [3000] : []) {
              let original = Wide.make(input.numbers(count, seed: seed).map { $0 & 0xFFFF })
              for form in Form.allCases {
                var array = original
                withTimeout { pool.run { sort(&array, form, order) } }
                array.sort { $0.serial < $1.serial }
                #expect(array == original, "\(name), \(input), \(count), \(form)")
              }
            }
          }
        }
      }
    }

    /// Every element goes into the same bucket, again and again.
    @Test func aBucketThatTakesAllLosesNothing() throws {
      let pool = try ThreadPool(threadCount: 3)
      let original = Wide.make(SortInput.random.numbers(17_000, seed: newSeed()))
      let comparisons = Counter()
      var array = original
      withTimeout {
        pool.run {
          sort(&array, .stableMoving) {
            comparisons.add()
            return $0.serial / 2 != $1.serial / 2
          }
        }
      }
      #expect(comparisons.value < 40 * original.count * 15)
      array.sort { $0.serial < $1.serial }
      #expect(array == original)
    }

    /// A quicksort that the adversary makes quadratic, to show that it can.
    private func plainQuicksort(_ array: inout [Int], _ range: Range<Int>, _ isLess: (Int, Int) -> Bool) {
      var range = range
      while range.count > 1 {
        let middle = range.lowerBound + range.count / 2
        array.swapAt(range.lowerBound, middle)
        var border = range.lowerBound
        for index in range.dropFirst() where isLess(array[index], array[range.lowerBound]) {
          border += 1
          array.swapAt(border, index)
        }
        array.swapAt(range.lowerBound, border)
        let (low, high) = (range.lowerBound..<border, border + 1..<range.upperBound)
        plainQuicksort(&array, low.count < high.count ? low : high, isLess)
        range = low.count < high.count ? high : low
      }
    }

    @Test(arguments: [1000, 20_000]) func killersTakeNLogN(_ count: Int) throws {
      let pool = try ThreadPool(threadCount: 1)
      let seed = newSeed()
      let limit = 6 * count * (Int.bitWidth - count.leadingZeroBitCount)
      if count == 1000 {
        let adversary = Adversary(count, seed: seed)
        var array = Array(0..<count)
        plainQuicksort(&array, 0..<count) { adversary.precedes($0, $1) }
        #expect(adversary.comparisons > count * count / 20)
      }
      for form in Form.allCases {
        let adversary = Adversary(count, seed: seed)
        var array = Array(0..<count)
        pool.run { sort(&array, form) { adversary.precedes($0, $1) } }
        #expect(adversary.comparisons < limit, "\(form): \(adversary.comparisons) comparisons, limit \(limit)")
        #expect(Set(array).count == count)
        // What it decided on is bad input from then on.
        let comparisons = Counter()
        var killer = adversary.values
        let expected = killer.sorted()
        pool.run {
          sort(&killer, form) {
            comparisons.add()
            return $0 < $1
          }
        }
        #expect(killer == expected)
        #expect(comparisons.value < limit, "\(form): \(comparisons.value) comparisons, limit \(limit)")
      }
    }
  }
}
