#if canImport(Glibc)
  import Glibc
  import Skein
  import Synchronization
  import Testing

  extension InTurn {
    /// The scratch memory of a sort: how much more of the process is resident during comparisons.
    @Suite(.enabled(if: !isSanitized)) struct SortMemoryTests {
      private static var resident: Int {
        guard let file = unsafe fopen("/proc/self/statm", "r") else { return 0 }
        defer { unsafe fclose(file) }
        var buffer = [CChar](repeating: 0, count: 128)
        guard unsafe fgets(&buffer, 128, file) != nil else { return 0 }
        let fields = buffer.split(separator: 32)
        return (Int(String(decoding: fields[1].map(UInt8.init), as: UTF8.self)) ?? 0) * Int(getpagesize())
      }

      private func peak(_ sort: (@escaping @Sendable (Wide, Wide) -> Bool) -> Void) -> Int {
        // What earlier tests have freed may still be resident, and would be used again unseen.
        malloc_trim(0)
        let before = Self.resident
        let calls = Atomic(0)
        let highest = Atomic(0)
        sort { left, right in
          if calls.add(1, ordering: .relaxed).newValue % 256 == 0 { highest.max(Self.resident, ordering: .relaxed) }
          return left.key < right.key
        }
        return highest.load(ordering: .relaxed) - before
      }

      @Test func sortTakesNElementsAndUnstableSortNext() throws {
        let pool = try ThreadPool(threadCount: 2)
        let count = 40_000
        let size = count * MemoryLayout<Wide>.stride
        for input in [SortInput.random, .runsAndNoise] {
          let numbers = input.numbers(count, seed: newSeed())
          var array = Wide.make(numbers)
          let unstable = peak { isLess in pool.run { array.parallel.unstableSort(by: isLess) } }
          #expect(unstable < size / 8, "\(unstable) of \(size) bytes")
          array = Wide.make(numbers)
          let stable = peak { isLess in pool.run { array.parallel.sort(by: isLess) } }
          #expect(stable > size / 2 && stable < size + size / 8, "\(stable) of \(size) bytes")
        }
      }
    }
  }
#endif
