import Skein
import Testing

/// A collection that says that it has another number of elements than it has.
private struct Miscounted: RandomAccessCollection, Sendable {
  let elements: [Int]
  let count: Int

  var startIndex: Int { 0 }
  var endIndex: Int { elements.count }
  subscript(index: Int) -> Int { elements[index] }

  func withContiguousStorageIfAvailable<Result>(
    _ body: (UnsafeBufferPointer<Int>) throws -> Result
  ) rethrows -> Result? {
    try unsafe elements.withContiguousStorageIfAvailable(body)
  }
}

/// A collection whose slices are not of the length that was asked for.
private struct Missliced: RandomAccessCollection, Sendable {
  let elements: [Int]
  let slice: Range<Int>

  var startIndex: Int { 0 }
  var endIndex: Int { elements.count }
  subscript(index: Int) -> Int { elements[index] }
  subscript(range: Range<Int>) -> ArraySlice<Int> { elements[slice] }
}

/// A parallel collection that gives two elements at each position.
private struct Twice: ParallelCollection {
  typealias Element = Int
  let positionCount: Int
  var plan: LoopPlan { [0].parallel.plan }

  func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    unsafe withUnsafePointer(to: self) { unsafe body(UnsafeRawPointer($0)) }
  }

  func lendClosures() -> ClosureLender { { $0(LentClosures()) } }

  static func forEachElement<State>(
    from source: UnsafeRawPointer, at positions: Range<Int>, closures: LentClosures, state: inout State,
    receive: (Int, inout State) -> Bool, fail: (Never, inout State) -> Void
  ) -> Bool {
    for position in positions where !receive(position, &state) || !receive(position, &state) { return false }
    return true
  }

  static func element(at position: Int, from source: UnsafeRawPointer, closures: LentClosures) -> Int { position }
}

/// A source that does not keep its word is found out before anything is read or written that is not there.
@Suite struct LyingSourcesTests {
  @Test func aWrongCountTraps() async {
    let more = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Array(Miscounted(elements: Array(0..<8), count: 100_000).parallel.map { $0 })
    }
    #expect(message(more).contains("another number of elements than it says"))
    let fewer = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Miscounted(elements: Array(0..<1000), count: 8).parallel.sum()
    }
    #expect(message(fewer).contains("another number of elements than it says"))
    let transposed = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Miscounted(elements: Array(0..<8), count: 100_000).parallel.transposed(columnCount: 100)
    }
    #expect(message(transposed).contains("another number of elements than it says"))
    let searched = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Miscounted(elements: Array(0..<8), count: 100_000).parallel.firstRange(of: [-1, -2])
    }
    #expect(message(searched).contains("another number of elements than it says"))
  }

  /// It has written behind the array by then, but the program goes no further.
  @Test func moreElementsThanPositionsTrap() async {
    let collected = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Array(Twice(positionCount: 3))
    }
    #expect(message(collected).contains("more elements than it said"))
    let modified = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var numbers = [1, 2, 3]
      numbers.parallel.modifyEach(with: Twice(positionCount: 3)) { $0 = $1 }
    }
    #expect(message(modified).contains("more elements than it said"))
  }

  @Test func morePairsThanPositionsTrap() async {
    let zipped = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = zip(Twice(positionCount: 3), ["one", "two", "three"].parallel).map { $1.count }.sum()
    }
    #expect(message(zipped).contains("more elements than it said"))
  }

  @Test func slicesOfAnotherLengthTrap() async {
    let longer = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Array(Missliced(elements: Array(0..<1000), slice: 0..<1000).parallel(maximumBatch: 10).map { $0 })
    }
    #expect(message(longer).contains("more elements than its indices say"))
    let shorter = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Array(Missliced(elements: Array(0..<1000), slice: 0..<0).parallel.map { $0 })
    }
    #expect(message(shorter).contains("fewer elements than its indices say"))
  }
}
