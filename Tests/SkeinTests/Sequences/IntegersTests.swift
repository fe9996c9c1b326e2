import Skein
import Testing

/// The same type must come out of a range as of the standard library's algorithms on it.
@Suite struct IntegersTests {
  @Test func everyRangeOfSmallIntegers() {
    for first in stride(from: Int8.min, through: .max, by: isSanitized ? 51 : 11) {
      for last in [first, first.advanced(by: min(3, 127 - Int(first))), first / 2 + 63, .max] where last >= first {
        expect((first..<last).parallel, toBe: Array(first..<last), "\(first)..<\(last)")
        expect((first...last).parallel, toBe: Array(first...last), "\(first)...\(last)")
      }
    }
    expect((UInt8.min...UInt8.max).parallel, toBe: Array(UInt8.min...UInt8.max), "all of UInt8")
  }

  @Test func rangesAtTheEndsOfWideIntegers() {
    expect((UInt64.max - 20...UInt64.max).parallel, toBe: Array(UInt64.max - 20...UInt64.max), "UInt64")
    expect((Int.min...Int.min + 5).parallel, toBe: Array(Int.min...Int.min + 5), "Int")
    expect((Int.max - 5..<Int.max).parallel, toBe: Array(Int.max - 5..<Int.max), "Int")
    expect((0..<40).parallel.reversed(), toBe: (0..<40).reversed(), "reversed")
    expect((5..<5).parallel.reversed(), toBe: [], "reversed")
    #expect((0..<Int.max).parallel.count == Int.max)
  }

  @available(macOS 15, *)
  @Test func rangesOf128Bits() {
    expect((Int128.max - 20...Int128.max).parallel, toBe: Array(Int128.max - 20...Int128.max), "Int128")
    #expect((0...UInt128.max).parallel.first { $0 > 100_000 } == 100_001)
  }

  @Test(arguments: fewThreadCounts)
  func searchesInRangesThatNobodyCanCountEnd(_ threads: Int) throws {
    let pool = try ThreadPool(threadCount: threads)
    withTimeout(.seconds(120)) {
      let all = (0...UInt64.max).parallel(in: pool)
      #expect(all.first { $0 > 1000 } == 1001)
      #expect(all.map { $0 }.contains(70))
      #expect(all.reversed().first { $0 < UInt64.max - 1000 } == UInt64.max - 1001)
      #expect(all.dropFirst(10).map { $0 }.first { $0 > 100 } == 101)
      #expect(all.enumerated().first { $0.offset == 77 }?.element == 77)
      #expect((Int.min..<Int.max).parallel(in: pool).first { $0 > Int.min + 1000 } == Int.min + 1001)
      #expect(chain((0..<10 as Range<UInt64>).parallel(in: pool), all).first { $0 > 100 } == 101)
      #expect(stride(from: 0, through: UInt64.max, by: 1).parallel(in: pool).first { $0 > 1000 } == 1001)
      #expect(stride(from: 0, through: Double.infinity, by: 1).parallel(in: pool).first { $0 > 1000 } == 1001)
      // One integer for each position: so what is paired with it, or numbered, or a prefix, is what it would be.
      #expect(Array(all.prefix(10)) == Array(0..<10))
      #expect(Array(zip(all, ["a", "b"].parallel).map { "\($0)\($1)" }) == ["0a", "1b"])
      #expect(Array(zip(["a", "b"].parallel, all).map { "\($1)\($0)" }) == ["0a", "1b"])
    }
  }

  @Test func theLastPositionHoldsTheRest() {
    func firstThree<P: ParallelSequence>(_ sequence: P) -> [P.Element] {
      unsafe sequence.withSource { source in
        var found: [P.Element] = []
        let lend = sequence.lendClosures()
        lend { closures in
          _ = unsafe P.forEachElement(
            from: source, at: sequence.positionCount - 1..<sequence.positionCount, closures: closures, state: &found,
            receive: {
              $1.append($0)
              return $1.count < 3
            }, fail: { _, _ in })
        }
        return found
      }
    }
    let last = Int.max / 4 - 1
    #expect(firstThree((0...UInt64.max).parallel) == [UInt64(last), UInt64(last) + 1, UInt64(last) + 2])
    #expect(
      firstThree(stride(from: 1, through: UInt64.max, by: 1).parallel)
        == [UInt64(last) + 1, UInt64(last) + 2, UInt64(last) + 3])
    #expect(
      firstThree((Int.min...Int.max).parallel.reversed()) == [Int.max - last, Int.max - last - 1, Int.max - last - 2])
  }

  @Test func whatIsCountedFromTheEndOfSuchARangeTraps() async {
    let count = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = (0...UInt64.max).parallel.count
    }
    #expect(message(count).contains("more elements than an Int can count"))
    let suffix = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = (0...UInt64.max).parallel.map { $0 }.suffix(3)
    }
    #expect(message(suffix).contains("more elements than an Int can count"))
    let slices = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = (0..<Int.max).parallel.split(omittingEmptySubsequences: false) { $0 == 3 }.first { _ in true }
    }
    #expect(message(slices).contains("more slices than an Int can count"))
    #expect((0..<Int.max).parallel.split { $0 == 3 }.first { _ in true } == 0..<3)
  }

  @Test func slicesOfRangesAreRanges() {
    #expect(
      Array((0..<50).parallel.chunks(ofCount: 7)) == stride(from: 0, to: 50, by: 7).map { $0..<min($0 + 7, 50) })
    #expect(Array((0..<50).parallel.windows(ofCount: 7)) == (0..<44).map { $0..<$0 + 7 })
    #expect(Array((0...9).parallel.chunks(ofCount: 4)).map { Array($0) } == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]])
    let sevens: [Range<Int>] = Array((0..<50).parallel.chunked { $0 / 7 == $1 / 7 })
    #expect(sevens == Array((0..<50).parallel.chunks(ofCount: 7)))
    let pieces = Array((UInt8(0)...255).parallel.split { $0 % 100 == 0 })
    #expect(pieces.map { Array($0) } == [Array(1...99), Array(101...199), Array(201...255)])
  }

  @Test func rangesOfScalarsLeaveOutSurrogates() {
    for (first, last) in [(0x61, 0x7a), (0xd7f0, 0xe010), (0xd7ff, 0xe000), (0x10fff0, 0x10ffff), (0x41, 0x41)] {
      let bounds = (Unicode.Scalar(UInt32(first))!, Unicode.Scalar(UInt32(last))!)
      let expected = (UInt32(first)...UInt32(last)).compactMap { Unicode.Scalar($0) }
      expect((bounds.0...bounds.1).parallel, toBe: expected, "closed")
      expect((bounds.0..<bounds.1).parallel, toBe: expected.dropLast(), "half-open")
    }
    #expect(("\0"..."\u{10ffff}" as ClosedRange<Unicode.Scalar>).parallel.count == 0x110000 - 0x800)
  }
}
