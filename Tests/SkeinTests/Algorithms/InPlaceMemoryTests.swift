#if os(Linux)
  import Skein
  import Testing

  private func isLess(_ left: Wide, _ right: Wide) -> Bool { left.key < right.key }

  extension InTurn {
    /// The scratch memory of the algorithms in place, against what their documentation promises. Those that need much
    /// show that the measurement sees it.
    @Suite(.enabled(if: !isSanitized)) struct InPlaceMemoryTests {
      @Test func littleForWhatExchanges() async {
        expectSilence(
          await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            try InPlaceMemory().littleForWhatExchanges()
          })
      }

      @Test func aMebibyteForEachThreadToRemove() async {
        expectSilence(
          await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            try InPlaceMemory().aMebibyteForEachThreadToRemove()
          })
      }

      @Test func asMuchAsTheElementsForWhatCannotDoWithLess() async {
        expectSilence(
          await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            try InPlaceMemory().asMuchAsTheElementsForWhatCannotDoWithLess()
          })
      }

      @Test func theResultAndNothingElseToMerge() async {
        expectSilence(
          await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            try InPlaceMemory().theResultAndNothingElseToMerge()
          })
      }

      @Test func littleForTheLeastFew() async {
        expectSilence(
          await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            try InPlaceMemory().littleForTheLeastFew()
          })
      }
    }
  }

  private struct InPlaceMemory {
    private let size: Int
    private let array: [Wide]
    private let pool: ThreadPool

    init() throws {
      array = Wide.make((0..<1 << 15).map { $0 * 7919 % 10_007 })
      size = array.count * MemoryLayout<Wide>.stride
      pool = try ThreadPool(threadCount: 2)
      check(size == 32 << 20, "The array has 32 MiB")
    }

    private func peakInPlace(_ body: @Sendable (inout [Wide]) -> Void) -> Int {
      pool.run {
        var copy = array.map { $0 }
        return peakMemory { body(&copy) }
      }
    }

    func littleForWhatExchanges() {
      let margin = 2 << 20
      let partition = peakInPlace { _ = $0.parallel.partition { $0.key % 2 == 0 } }
      check(partition < margin, "\(partition) of \(size) bytes")
      let reverse = peakInPlace { $0.parallel.reverse() }
      check(reverse < margin, "\(reverse) of \(size) bytes")
      let rotate = peakInPlace { $0.parallel.rotate(toStartAt: 1000) }
      check(rotate < margin, "\(rotate) of \(size) bytes")
      let fill = peakInPlace { $0.parallel.fill(with: Wide(3, 0)) }
      check(fill < margin, "\(fill) of \(size) bytes")
      // A sample of 2048 elements.
      let select = peakInPlace { $0.parallel.select(at: 10_000, by: isLess) }
      check(select < margin + 2048 * MemoryLayout<Wide>.stride, "\(select) of \(size) bytes")
    }

    func aMebibyteForEachThreadToRemove() {
      for share in [10, 5000, 9900] {
        let remove = peakInPlace { $0.parallel.removeAll { $0.key < share } }
        check(remove < 4 << 20, "\(remove) of \(size) bytes, \(share) of 10000 removed")
      }
    }

    func asMuchAsTheElementsForWhatCannotDoWithLess() {
      let stable = peakInPlace { _ = $0.parallel.stablePartition { $0.key % 2 == 0 } }
      check(stable > size / 2 && stable < size + size / 8, "\(stable) of \(size) bytes")
      let shuffle = peakInPlace { $0.parallel.shuffle(seed: 3) }
      check(shuffle > size / 2 && shuffle < size + size / 8, "\(shuffle) of \(size) bytes")
      // Nearly all of it is in place already.
      let end = array.count * 15 / 16
      var nearly = Wide.make((0..<array.count).map { $0 < end || $0 == array.count - 1 ? 1 : 2 })
      let little = peakMemory { pool.run { _ = nearly.parallel.stablePartition { $0.key == 2 } } }
      check(little < size / 8, "\(little) of \(size) bytes")
    }

    func theResultAndNothingElseToMerge() {
      let first = array[..<(array.count / 2)].sorted(by: isLess)
      let second = array[(array.count / 2)...].sorted(by: isLess)
      var merged: [Wide] = []
      let merge = peakMemory {
        merged = pool.run { Array(merging: first.parallel, and: second.parallel, by: isLess) }
      }
      check(merge > size / 2 && merge < size + size / 16, "\(merge) of \(size) bytes")
      check(merged.map(\.key) == array.map(\.key).sorted(), "The result is wrong")
    }

    func littleForTheLeastFew() {
      // 256 blocks keep up to 8 of them.
      let best = peakMemory { _ = pool.run { array.parallel.min(count: 4, sortedBy: isLess) } }
      check(best < 4 << 20, "\(best) of \(size) bytes")
      let sorted = peakMemory { _ = pool.run { array.parallel.isSorted(by: isLess) } }
      check(sorted < 2 << 20, "\(sorted) of \(size) bytes")
    }
  }
#endif
