#if os(Linux)
  import Skein
  import Testing

  private func isLess(_ left: Wide, _ right: Wide) -> Bool { left.key < right.key }

  extension InTurn {
    /// The scratch memory of the sorts, against what their documentation promises.
    @Suite(.enabled(if: !isSanitized)) struct SortMemoryTests {
      @Test func sortTakesNElementsAndUnstableSortNext() throws {
        let pool = try ThreadPool(threadCount: 2)
        let count = 40_000
        let size = count * MemoryLayout<Wide>.stride
        for input in [SortInput.random, .runsAndNoise] {
          let numbers = input.numbers(count, seed: newSeed())
          var array = Wide.make(numbers)
          let unstable = peakMemory { pool.run { array.parallel.unstableSort(by: isLess) } }
          #expect(unstable < size / 8, "\(unstable) of \(size) bytes")
          array = Wide.make(numbers)
          let stable = peakMemory { pool.run { array.parallel.sort(by: isLess) } }
          #expect(stable > size / 2 && stable < size + size / 8, "\(stable) of \(size) bytes")
        }
      }

      @Test func stringsTakeNoMore() throws {
        let pool = try ThreadPool(threadCount: 2)
        let count = 500_000
        let size = count * MemoryLayout<String>.stride
        for distinct in [count, 16] {
          let strings = SortInput.random.numbers(count, seed: newSeed()).map {
            "number \($0.magnitude % UInt(distinct))"
          }
          var array = strings.map { $0 }
          let unstable = peakMemory { pool.run { array.parallel.unstableSort() } }
          #expect(unstable < size / 8, "\(unstable) of \(size) bytes")
          array = strings.map { $0 }
          let stable = peakMemory { pool.run { array.parallel.sort() } }
          #expect(stable > size / 2 && stable < size + size / 8, "\(stable) of \(size) bytes")
        }
      }
    }
  }
#endif
