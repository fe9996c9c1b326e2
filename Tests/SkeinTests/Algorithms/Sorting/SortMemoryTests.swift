#if os(Linux)
  import Skein
  import Testing

  extension InTurn {
    /// The scratch memory of the sorts, against what their documentation promises.
    @Suite(.enabled(if: !isSanitized)) struct SortMemoryTests {
      @Test func sortTakesNElementsAndUnstableSortNext() async {
        expectSilence(
          await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) { try sortWide(.random) })
        expectSilence(
          await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) { try sortWide(.runsAndNoise) }
        )
      }

      @Test func stringsTakeNoMore() async {
        expectSilence(
          await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            try sortStrings(distinct: 500_000)
          })
        expectSilence(
          await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            try sortStrings(distinct: 16)
          })
      }
    }
  }

  private func isLess(_ left: Wide, _ right: Wide) -> Bool { left.key < right.key }

  private func sortWide(_ input: SortInput) throws {
    let array = Wide.make(input.numbers(40_000, seed: newSeed()))
    try check(
      array, stable: { $0.parallel.sort(by: isLess) }, unstable: { $0.parallel.unstableSort(by: isLess) })
  }

  private func sortStrings(distinct: UInt) throws {
    let array = SortInput.random.numbers(500_000, seed: newSeed()).map { "number \($0.magnitude % distinct)" }
    try check(array, stable: { $0.parallel.sort() }, unstable: { $0.parallel.unstableSort() })
  }

  private func check<Element: Sendable>(
    _ array: [Element], stable: @Sendable (inout [Element]) -> Void, unstable: @Sendable (inout [Element]) -> Void
  ) throws {
    let pool = try ThreadPool(threadCount: 2)
    let size = array.count * MemoryLayout<Element>.stride
    func peak(_ sort: @Sendable (inout [Element]) -> Void) -> Int {
      pool.run {
        var copy = array.map { $0 }
        return peakMemory { sort(&copy) }
      }
    }
    let little = peak(unstable)
    check(little < 2 << 20, "unstable: \(little) of \(size) bytes")
    let much = peak(stable)
    check(much > size / 2 && much < size + size / 8, "stable: \(much) of \(size) bytes")
  }
#endif
