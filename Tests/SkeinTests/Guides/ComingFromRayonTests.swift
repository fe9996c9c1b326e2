import Skein
import Testing

private struct Node: Sendable {
  var value: Int
  var children: [Node] = []
}

private final class Scratch {
  var uses = 0
}

/// Prices, which a function takes as any parallel sequence of them.
private struct Prices {
  let sum: Int
  init(_ prices: some ParallelSequence<Int, Never>) { sum = prices.sum() }
}

/// A source with positions.
private struct Pages: DivisibleSequence {
  var positionCount: Int { 10 }
  func elements(at positions: Range<Int>) -> Range<Int> { positions }
}

/// Halves a range down to ten elements.
private func halve(_ range: Range<Int>) -> (Range<Int>, Range<Int>?) {
  range.count < 10 ? (range, nil) : (range.prefix(range.count / 2), range.dropFirst(range.count / 2))
}

/// Each spelling on the page "Coming from Rayon", and what it gives.
@Suite struct ComingFromRayonTests {
  private let values = [3, 1, 4, 1, 5, 9, 2, 6]

  @Test func poolsForksAndScopes() throws {
    let pool = try ThreadPool(threadCount: 2)
    let (left, right) = join {
      1
    } and: {
      2
    }
    #expect(left + right == 3)
    let (here, elsewhere) = joinContext {
      $0.migrated
    } and: {
      $0.migrated
    }
    #expect(!here || elsewhere || !elsewhere)
    let counter = Counter()
    withParallelScope { (scope: ParallelScope<Never>) in scope.spawn { counter.add() } }
    withParallelScope(order: .fifo) { scope in
      scope.spawn { counter.add() }
      scope.spawnOnEachThread { _ in counter.add() }
    }
    #expect(counter.value == 2 + ThreadPool.shared.threadCount)
    let spawned = Counter()
    ThreadPool.shared.spawn { spawned.add() }
    while spawned.value == 0 { yieldThread() }
    let everywhere = Counter()
    pool.spawn { withParallelScope { $0.spawnOnEachThread { _ in everywhere.add() } } }
    while everywhere.value < pool.threadCount { yieldThread() }
    let both = pool.run {
      join {
        1
      } and: {
        2
      }
    }
    #expect(both == (1, 2))
    #expect(pool.onEachThread { index in index } == [0, 1])
    #expect(pool.run { ThreadPool.current?.threadCount } == 2)
    #expect(pool.run { ThreadPool.currentWorkerIndex! < 2 })
    #expect(ThreadPool.maximumThreadCount > 64)
    _ = ThreadPool.yield()
    #expect(pool.statistics().workers.count == 2)
    let configuration = ThreadPool.Configuration(
      threadCount: 1, stackSize: 1 << 20, threadName: { "worker \($0)" }, onThreadStart: { _ in },
      onThreadExit: { _ in })
    #expect(try ThreadPool(configuration).threadCount == 1)
    _ = { try ThreadPool.configureShared(ThreadPool.Configuration()) }
    #expect(throws: ThreadPoolError.self) { try ThreadPool(threadCount: 0) }
  }

  @Test func traitsAndTypes() {
    let doubled: ParallelMap<ParallelFilter<ParallelElements<[Int]>>, Int> = values.parallel.filter { $0 > 3 }.map {
      $0 * 2
    }
    #expect(Array(doubled) == [8, 10, 18, 12])
    #expect(Prices(values.parallel).sum == 31)
    func first(of places: some ParallelCollection<Int, Never>) -> Int? { places.first() }
    #expect(first(of: values.parallel) == 3)
  }

  @Test func sources() {
    #expect(values.parallel.sum() == 31)
    var changed = values
    changed.parallel.modifyEach { $0 += 1 }
    #expect(changed == values.map { $0 + 1 })
    func total(_ places: some RandomAccessCollection<Int> & Sendable) -> Int { places.parallel.sum() }
    #expect(total(values[1...]) == 28)
    #expect(Pages().parallel.sum() == 45)
    #expect(Array(AnySource(values).parallel) == values)
    #expect(Array(ParallelConsumed(sequence(first: 1) { $0 < 4 ? $0 + 1 : nil })) == [1, 2, 3, 4])
    let (first, last) = (Unicode.Scalar(0x61) as Unicode.Scalar, Unicode.Scalar(0x63) as Unicode.Scalar)
    #expect(Array((first...last).parallel) == ["a", "b", "c"])
    let result = Result<Int, CancellationError>.success(3)
    #expect((try? result.get()).parallel.sum() == 3)
    #expect(EmptyCollection<Int>().parallel.count() == 0)
    #expect(CollectionOfOne(1).parallel.sum() == 1)
    #expect(repeatElement(1, count: 9).parallel.sum() == 9)
    #expect(Set(values).parallel.sum() == 30)
    #expect(Dictionary(grouping: values) { $0 & 1 }.parallel.count() == 2)
    #expect(Optional(7).parallel.sum() == 7)
    #expect(ParallelSplitting(0..<100, by: halve).map(\.count).sum() == 100)
    let root = Node(value: 1, children: [Node(value: 2, children: [Node(value: 3)]), Node(value: 4)])
    #expect(Array(parallelTraversal(from: root, children: { $0.children }).map(\.value)) == [1, 2, 3, 4])
    var appended = values
    appended.append(contentsOf: values.parallel.map { $0 * 2 })
    #expect(appended == values + values.map { $0 * 2 })
    let old = appended[2..<4]
    appended.removeSubrange(2..<4)
    #expect(Array(old.parallel) == [4, 1] && appended.count == 14)
    var set: Set = [7]
    set.formUnion(values.parallel)
    #expect(set.count == 8)
    var table = [7: 0]
    table.merge([(7, 1), (8, 2)].parallel, uniquingKeysWith: { $1 })
    #expect(table == [7: 1, 8: 2])
    #expect(values.parallel(minimumBatch: 8, maximumBatch: 64).batched(minimum: 2, maximum: 3).sum() == 31)
    #expect(values.parallel.inBlocks(ofCount: 100).sum() + values.parallel.inGrowingBlocks().sum() == 62)
  }

  @Test func slices() {
    let (n, rest) = (3, 2)
    #expect(Array(values.parallel.chunks(ofCount: n)) == [[3, 1, 4], [1, 5, 9], [2, 6]])
    #expect(Array(values.parallel.chunks(ofCount: n).prefix(values.count / n)) == [[3, 1, 4], [1, 5, 9]])
    #expect(values.suffix(rest) == [2, 6])
    #expect(Array(values.dropFirst(rest).parallel.chunks(ofCount: n).reversed()) == [[9, 2, 6], [4, 1, 5]])
    #expect(values.prefix(rest) == [3, 1])
    #expect(values.parallel.windows(ofCount: 3).count == 6)
    #expect(values.parallel.chunked { $0 < $1 }.count() == 4)
    let zeros = [1, 0, 0, 2, 0]
    #expect(Array(zeros.parallel.split { $0 == 0 }) == [[1], [2]])
    #expect(Array(zeros.parallel.split(omittingEmptySubsequences: false) { $0 == 0 }) == [[1], [], [2], []])
    #expect(Array(zeros.parallel.chunked { left, _ in left != 0 }) == [[1, 0], [0], [2, 0]])
  }

  @Test func slicesInPlace() {
    let (n, rest) = (3, 2)
    var changed = values
    changed.parallel.modifyEach(chunksOf: n) { index, chunk in
      for place in chunk.indices { chunk[place] = index }
    }
    #expect(changed == [0, 0, 0, 1, 1, 1, 2, 2])
    changed.parallel.modifyEach(chunksOf: n) { index, chunk in
      if chunk.count == n { chunk[0] = 7 }
    }
    #expect(changed == [7, 0, 0, 7, 1, 1, 2, 2])
    changed[rest...].parallel.modifyEach(chunksOf: n) { index, chunk in
      for place in chunk.indices { chunk[place] = index }
    }
    #expect(changed == [7, 0, 0, 0, 0, 1, 1, 1])
    @Sendable func reversed(_ piece: ArraySlice<Int>) -> [Int] { piece.reversed() }
    #expect(Array(values.parallel.chunked { $0 < $1 }.flatMap { reversed($0) }) == [3, 4, 1, 9, 5, 1, 6, 2])
  }

  @Test func text() {
    let text = "a needle, another needle\nand a line"
    #expect(text.parallel.count() == text.count)
    #expect(text.unicodeScalars.parallel.count() == text.unicodeScalars.count)
    #expect(text.utf8.parallel.count() == text.utf8.count)
    #expect(text.utf16.parallel.count() == text.utf16.count)
    #expect(Array(text.indices.parallel.map { ($0, text[$0]) }).map(\.1) == Array(text))
    #expect(Array(text.parallel.lines()) == ["a needle, another needle", "and a line"])
    #expect(Array(text.parallel.words()) == ["a", "needle,", "another", "needle", "and", "a", "line"])
    #expect(Array("a b\u{2003}c\td".parallel.split { $0.isASCII && $0.isWhitespace }) == ["a", "b\u{2003}c", "d"])
    let row = "a,,b,"
    #expect(Array(row.parallel.split(separator: ",")) == ["a", "b"])
    #expect(Array(row.parallel.split(separator: ",", omittingEmptySubsequences: false)) == ["a", "", "b", ""])
    #expect(
      Array(row.dropLast().parallel.split(separator: ",", omittingEmptySubsequences: false)) == ["a", "", "b"])
    let inclusive = row.parallel.split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.base[$0.startIndex...].prefix($0.count + 1) }.filter { !$0.isEmpty }
    #expect(Array(inclusive) == ["a,", ",", "b,"])
    #expect(text.parallel.matches(of: "needle").count() == 2)
    #expect(text.parallel.matches(of: "needle").first()?.startIndex == text.index(text.startIndex, offsetBy: 2))
    #expect(text.parallel.filter { $0 == "n" }.count() == 5)
  }

  @Test func adaptors() throws {
    let a = values
    let b = Array(values.reversed())
    #expect(Array(a.parallel.map { $0 + 1 }.filter { $0 > 2 }.compactMap { $0 > 9 ? nil : $0 }) == [4, 5, 6, 3, 7])
    #expect(Array(a.parallel.flatMap { [$0, $0] }) == a.flatMap { [$0, $0] })
    #expect(Array(a.parallel.map { [$0] }.joined()) == a)
    let looks = Counter()
    @Sendable func look(_ x: Int) { looks.add() }
    let looked = a.parallel.map {
      look($0)
      return $0
    }
    #expect(Array(looked) == a && looks.value == 8)
    let scratched = a.parallel.map(withScratch: { Scratch() }) { scratch, x in
      scratch.uses += 1
      return x
    }
    #expect(Array(scratched) == a)
    a.parallel.forEach(withScratch: { Scratch() }) { scratch, _ in scratch.uses += 1 }
    #expect(a.parallel.partialResults(into: 0) { $0 += $1 }.reduce(0, +) == 31)
    let subtotals = try a.parallel.partialResults(into: 0) { (total: inout Int, x) throws in total += x }
    #expect(subtotals.reduce(0, +) == 31)
    let counts: [Int: Int] = a.parallel.reduce(into: [:]) { (counts: inout [Int: Int], x) in
      counts[x, default: 0] += 1
    } combine: { (left: inout [Int: Int], right) in
      left.merge(right) { $0 + $1 }
    }
    #expect(counts[1] == 2)
    #expect(Array(a.parallel.foldChunks(ofCount: 4, into: 0) { $0 += $1 }) == [9, 22])
    #expect(Array(a.parallel.map { $0 }.chunks(ofCount: 4)) == [[3, 1, 4, 1], [5, 9, 2, 6]])
    #expect(zip(a.parallel, b.parallel).map { $0 * $1 }.sum() == Swift.zip(a, b).reduce(0) { $0 + $1.0 * $1.1 })
    let triples = Array(zip(zip(a.parallel, b.parallel), a.parallel))
    #expect(triples.count == 8 && triples[0].0 == (3, 6) && triples[0].1 == 3)
    #expect(a.parallel.enumerated().map { $0.offset }.sum() == 28)
    #expect(Array(chain(a.parallel, b.parallel)) == a + b)
    #expect(Array(a.parallel.reversed()) == b)
    #expect(Array(a.parallel.dropFirst(2).prefix(4).striding(by: 2)) == [4, 5])
    #expect(Array(a.parallel.interleaved(with: b.parallel)) == Swift.zip(a, b).flatMap { [$0, $1] })
    func shortest(_ a: [Int], _ b: [Int]) -> [Int] {
      Array(a.parallel.prefix(b.count + 1).interleaved(with: b.parallel.prefix(a.count)))
    }
    #expect(shortest([1, 2, 3], [9]) == [1, 9, 2] && shortest([1], [7, 8, 9]) == [1, 7] && shortest([], [1]) == [])
    #expect(Array(a.parallel.prefix(3).interspersed(with: 0)) == [3, 0, 1, 0, 4])
    #expect(a.parallel.unordered.prefix(3).count() == 3)
    #expect(a.parallel.unordered.dropFirst(3).count() == 5)
    #expect(a.parallel.unordered.prefix { _ in true }.count() == 8)
    #expect(a.parallel.unordered.drop { _ in true }.count() == 0)
    #expect(Array(a.parallel.enumerated().compactMap { $0.element > 3 ? $0.offset : nil }) == [2, 4, 5, 7])
    // Which elements are taken before a nil is met is not said: perhaps none, and never a nil.
    let optionals: [Int?] = [1, 2, nil, nil]
    let taken = Array(optionals.parallel.unordered.prefix { $0 != nil })
    #expect(Set([1, 2]).isSuperset(of: taken.map { $0 ?? 0 }))
  }

  @Test func terminals() throws {
    let p = values.parallel
    p.forEach { _ in }
    try p.forEach { _ throws in }
    try p.forEach(withScratch: { Scratch() }) { (scratch, _) throws in scratch.uses += 1 }
    var scratched = values
    scratched.parallel.modifyEach(withScratch: { Scratch() }) { scratch, x in
      scratch.uses += 1
      x = -x
    }
    #expect(scratched == values.map { -$0 })
    #expect(p.count() == 8 && p.sum() == 31 && p.product() == 6480)
    #expect(p.min() == 1 && p.max() == 9)
    #expect(p.min { $0 > $1 } == 9 && p.min(on: { -$0 }) == 9)
    #expect(p.max { $0 > $1 } == 1)
    #expect(p.max(on: { -$0 }) == 1)
    let equals = [1, -1]
    #expect(equals.parallel.max(on: { $0 * $0 }) == 1)
    #expect(p.reduce { $0 + $1 } == 31 && p.reduce(0) { $0 + $1 } == 31)
    let throwing = try p.reduce { (a, b) throws in a + b }
    #expect(try p.reduce(0) { (a, b) throws in a + b } == 31 && throwing == 31)
    let folded = p.reduce(into: 0) {
      $0 += $1
    } combine: {
      $0 += $1
    }
    #expect(folded == 31)
    #expect(p.allSatisfy { $0 > 0 } && p.contains { $0 == 9 })
    #expect(p.first { $0 > 3 } == 4 && p.last { $0 > 3 } == 6 && p.anyElement { $0 == 9 } == 9)
    #expect(p.firstNonNil { $0 > 3 ? -$0 : nil } == -4)
    #expect(p.lastNonNil { $0 > 3 ? -$0 : nil } == -6)
    #expect(p.anyNonNil { $0 == 9 ? "nine" : nil } == "nine")
    #expect(p.firstIndex { $0 == 1 } == 1 && p.lastIndex { $0 == 1 } == 3 && p.anyIndex { $0 == 9 } == 5)
    #expect(Array(p) == values && Set(p) == Set(values))
    #expect(try Array(p.map { x throws in x }) == values)
    #expect(Dictionary(uniqueKeysWithValues: zip((0..<8).parallel, p))[5] == 9)
    #expect(String("abc".parallel.reversedByHand) == "cba")
    let (numbers, names) = p.map { ($0, "\($0)") }.unzipped()
    #expect(numbers == values && names[0] == "3")
    let (small, large) = p.partitioned { $0 > 3 }
    #expect(small == [3, 1, 1, 2] && large == [4, 5, 9, 6])
    #expect(p.count == 8 && p.filter { $0 > 3 }.knownCount == nil)
    let q = [3, 1, 5].parallel
    #expect(p.elementsEqual(p.map { $0 }) && !p.elementsEqual(q))
    #expect(p.lexicographicallyPrecedes(q) && !q.lexicographicallyPrecedes(p) && !p.lexicographicallyPrecedes(p))
    #expect(p.endOfCommonPrefix(with: q) == 2)
    var sorted = values
    sorted.parallel.sort()
    #expect(sorted == values.sorted())
    sorted.parallel.sort { $0 > $1 }
    sorted.parallel.unstableSort()
    sorted.parallel.unstableSort { -$0 < -$1 }
    sorted.parallel.sort(on: { -$0 })
    #expect(sorted == values.sorted(by: >))
  }
}

extension ParallelSequence where Element == Character, Failure == Never {
  /// The characters from the last to the first.
  fileprivate var reversedByHand: ParallelElements<[Character]> { Array(self).reversed().parallel }
}

/// A sequence that is nothing more.
private struct AnySource: Sequence, Sendable {
  let values: [Int]
  init(_ values: [Int]) { self.values = values }
  func makeIterator() -> Array<Int>.Iterator { values.makeIterator() }
}
