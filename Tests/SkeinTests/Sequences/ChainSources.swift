import Skein

/// A plain sequence of known elements.
private struct Plain: Sequence, Sendable {
  let elements: [Int]
  func makeIterator() -> AnyIterator<Int> { AnyIterator(elements.makeIterator()) }
}

/// A sequence with two elements at each position.
private struct Doubled: DivisibleSequence {
  let elements: [Int]
  var positionCount: Int { elements.count }
  func elements(at positions: Range<Int>) -> [Int] { elements[positions].flatMap { [$0, -$0] } }
}

/// The limits of the batches of a chain's source.
struct BatchLimits: CustomStringConvertible {
  var minimum = 1
  var maximum = Int.max

  var description: String { "\(minimum)...\(maximum)" }
}

/// Numbers in no order, with repetitions if there are many.
func mixedNumbers(_ count: Int) -> [Int] { (0..<count).map { ($0 &* 2_654_435_761) >> 3 & 63 } }

extension ChainVisitor {
  /// Visits the chains of every kind of source.
  func visitSources(_ count: Int, depth: Int, _ pool: ThreadPool, _ limits: BatchLimits = BatchLimits()) {
    visitCountedSources(count, depth: depth, pool, limits)
    visitUncountedSources(count, depth: depth, pool, limits)
  }

  /// Visits the chains of sources whose elements are counted.
  private func visitCountedSources(_ count: Int, depth: Int, _ pool: ThreadPool, _ limits: BatchLimits) {
    let (minimum, maximum) = (limits.minimum, limits.maximum)
    func visit<Source: ParallelCollection>(_ source: Source, _ expected: [Int], _ name: String)
    where Source.Element == Int, Source.Failure == Never {
      visitChains(of: source, expected, "\(name) in \(limits)", depth: depth)
    }
    let array = mixedNumbers(count)
    let elements = array.parallel(in: pool, minimumBatch: minimum, maximumBatch: maximum)
    visit(elements, array, "array")
    visit(
      (0..<count).parallel(in: pool, minimumBatch: minimum, maximumBatch: maximum), Array(0..<count), "range")
    visit(
      array.reversed().parallel(in: pool, minimumBatch: minimum, maximumBatch: maximum), array.reversed(),
      "reversed array")
    visit(
      elements.chunks(ofCount: 2).map { $0.reduce(0, &+) },
      stride(from: 0, to: count, by: 2).map { array[$0] + ($0 + 1 < count ? array[$0 + 1] : 0) }, "slices")
    visit(
      elements.windows(ofCount: 3).map { $0.reduce(0, &+) },
      count < 3 ? [] : (0..<count - 2).map { array[$0..<$0 + 3].reduce(0, &+) }, "windows")
    let numbers = stride(from: 50, to: 50 - 3 * count, by: -3)
    visit(
      numbers.parallel(in: pool, minimumBatch: minimum, maximumBatch: maximum), Array(numbers), "stride of integers")
    let halves = stride(from: 0, to: Double(count) / 2, by: 0.5)
    visit(
      halves.parallel(in: pool, minimumBatch: minimum, maximumBatch: maximum).map { Int($0 * 2) }, Array(0..<count),
      "stride")
    visit(
      Ring(array, head: 2).parallel(in: pool, minimumBatch: minimum, maximumBatch: maximum), array, "ring")
    array.span.withParallel(in: pool, minimumBatch: minimum, maximumBatch: maximum) { visit($0, array, "span") }
  }

  /// Visits the chains of sources whose elements are counted by none, or lie anywhere.
  private func visitUncountedSources(_ count: Int, depth: Int, _ pool: ThreadPool, _ limits: BatchLimits) {
    let (minimum, maximum) = (limits.minimum, limits.maximum)
    func visit<Source: ParallelSequence>(_ source: Source, _ expected: [Int], _ name: String)
    where Source.Element == Int, Source.Failure == Never {
      self.visit(source, expected, "\(name) in \(limits)")
      visitUncounted(of: source, expected, "\(name) in \(limits)", depth: depth)
    }
    let array = mixedNumbers(count)
    visit(
      Doubled(elements: array).parallel(in: pool, minimumBatch: minimum, maximumBatch: maximum),
      array.flatMap { [$0, -$0] }, "doubled")
    let plain = Plain(elements: array).parallel(in: pool, minimumBatch: minimum, maximumBatch: maximum)
    visit(plain, array, "plain")
    visit(chain(plain, array.parallel), array + array, "plain and array")
    visit(
      chain(array.parallel(in: pool, minimumBatch: minimum, maximumBatch: maximum), plain), array + array,
      "array and plain")
    visit(chain(chain(plain, plain.filter { $0 != 7 }), plain), array + array.filter { $0 != 7 } + array, "three plain")
    let set = Set((0..<count).map { $0 &* 7919 })
    visit(set.parallel(in: pool, minimumBatch: minimum, maximumBatch: maximum), Array(set), "set")
    let dictionary = Dictionary(uniqueKeysWithValues: array.enumerated().map { ($0.offset, $0.element) })
    visit(
      dictionary.parallel(in: pool, minimumBatch: minimum, maximumBatch: maximum).map { $0.key << 6 | $0.value },
      dictionary.map { $0.key << 6 | $0.value }, "dictionary")
    let bricks = ["a", "é", "\r\n", "🇩🇪", "e\u{301}", "👨‍👩‍👧", " ", "日"]
    let text = array.map { bricks[$0 & 7] }.joined()
    visit(
      text.parallel(in: pool, minimumBatch: minimum, maximumBatch: maximum).map { Int($0.unicodeScalars.first!.value) },
      text.map { Int($0.unicodeScalars.first!.value) }, "characters")
    visit(
      text.parallel(in: pool, minimumBatch: minimum, maximumBatch: maximum).words().map(\.utf8.count),
      text.split(whereSeparator: \.isWhitespace).map(\.utf8.count), "words")
  }

  /// Visits the chains of an inline array, whose count is a part of its type.
  @available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *)
  func visitInlineArray(depth: Int, _ pool: ThreadPool) {
    let array = mixedNumbers(7)
    let inline = InlineArray<7, Int> { array[$0] }
    visitChains(of: inline.parallel(in: pool), array, "inline array", depth: depth)
  }
}
