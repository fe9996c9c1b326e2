import Skein
import Testing

// `Tests/CxxElements` has this file too, as a link.

/// An element that may not be moved by its bits. It is ordered by its key alone, and remembers where it stood.
protocol AnchoredElement: Comparable, Sendable {
  var key: Int { get }
  var serial: Int { get }
  /// Whether it has come well through its moves.
  var isSound: Bool { get }
}

extension AnchoredElement {
  static func == (left: Self, right: Self) -> Bool { left.key == right.key }
  static func < (left: Self, right: Self) -> Bool { left.key < right.key }
}

/// Runs all that moves elements, on elements with these keys, and compares with what the standard library makes of them.
func expectSoundMoves<Element: AnchoredElement>(
  _ keys: [Int], _ label: String, _ make: (_ key: Int, _ serial: Int) -> Element
) {
  let elements = keys.enumerated().map { make($1, $0) }
  let (count, middle) = (keys.count, keys.count / 2)

  func expect(_ name: String, _ expected: [Element], _ change: (inout [Element]) -> Void) {
    var array = elements
    change(&array)
    #expect(array.map(\.serial) == expected.map(\.serial), "\(name), \(label)")
    #expect(array.allSatisfy { $0.isSound }, "\(name), \(label)")
  }
  func expectKeys(_ name: String, _ expected: [Element], _ change: (inout [Element]) -> Void) {
    var array = elements
    change(&array)
    #expect(array == expected, "\(name), \(label)")
    #expect(array.map(\.serial).sorted() == Array(0..<count), "\(name), \(label)")
    #expect(array.allSatisfy { $0.isSound }, "\(name), \(label)")
  }

  let sorted = elements.sorted()
  expect("sort()", sorted) { $0.parallel.sort() }
  expect("sort(by:)", sorted) { $0.parallel.sort { $0.key < $1.key } }
  expect("sort(on: key)", sorted) { $0.parallel.sort(on: { $0.key }) }
  expect("sort(on: element)", sorted) { $0.parallel.sort(on: { $0 }) }
  expect("sorted()", sorted) { $0 = $0.parallel.sorted() }
  expect("sorted(by:)", sorted) { $0 = $0.parallel.map { $0 }.sorted { $0.key < $1.key } }
  expect("sorted(on:)", sorted) { $0 = $0.parallel.filter { _ in true }.sorted(on: { $0.key }) }
  expect("slice", elements[..<middle] + elements[middle...].sorted()) { $0[middle...].parallel.sort() }
  expect("buffer", sorted) { unsafe $0.withUnsafeMutableBufferPointer { unsafe $0.parallel.sort { $0.key < $1.key } } }
  expectKeys("unstableSort()", sorted) { $0.parallel.unstableSort() }
  expectKeys("unstableSort(by:)", sorted.reversed()) { $0.parallel.unstableSort { $0.key > $1.key } }
  expectKeys("unstable buffer", sorted) {
    unsafe $0.withUnsafeMutableBufferPointer { unsafe $0.parallel.unstableSort() }
  }

  let (odd, even) = (elements.filter { $0.key % 2 != 0 }, elements.filter { $0.key % 2 == 0 })
  var partitioned = elements
  let boundary = partitioned.partition { $0.key % 2 == 0 }
  expect("partition", partitioned) { #expect($0.parallel.partition { $0.key % 2 == 0 } == boundary) }
  expect("stablePartition", odd + even) { #expect($0.parallel.stablePartition { $0.key % 2 == 0 } == boundary) }
  expect("removeAll", odd) { $0.parallel.removeAll { $0.key % 2 == 0 } }
  expect("reverse", elements.reversed()) { $0.parallel.reverse() }
  expect("rotate", Array(elements[middle...] + elements[..<middle])) { $0.parallel.rotate(toStartAt: middle) }
  var serials = Array(0..<count)
  serials.parallel.shuffle(seed: 7)
  expect("shuffle", serials.map { elements[$0] }) { $0.parallel.shuffle(seed: 7) }
  if count > 0 {
    var array = elements
    #expect(array.parallel.select(at: middle).key == sorted[middle].key, "select, \(label)")
    #expect(array[..<middle].allSatisfy { $0.key <= sorted[middle].key && $0.isSound }, "select, \(label)")
    #expect(array[middle...].allSatisfy { $0.key >= sorted[middle].key && $0.isSound }, "select, \(label)")
  }

  expect("filter", odd) { $0 = Array($0.parallel.filter { $0.key % 2 != 0 }) }
  expect("map", elements) { $0 = Array($0.parallel.map { $0 }) }
  expect("append", elements + odd) { $0.append(contentsOf: elements.parallel.filter { $0.key % 2 != 0 }) }
  expect("fill", elements.map { _ in elements[middle] }) { if count > 0 { $0.parallel.fill(with: $0[middle]) } }
  expect("merging", sorted) {
    let (left, right) = ($0[..<middle].sorted(), $0[middle...].sorted())
    $0 = Array(merging: left.parallel, and: right.parallel)
  }
  expect("min", Array(sorted.prefix(20))) { $0 = $0.parallel.min(count: 20) }
  expect("max", Array(sorted.suffix(20))) { $0 = $0.parallel.max(count: 20) }
}

private struct Refused: Error {}

/// Runs all that calls closures which throw at some element, and looks whether every element is there afterwards.
func expectEveryElementAfterErrors<Element: AnchoredElement>(
  _ keys: [Int], _ make: (_ key: Int, _ serial: Int) -> Element
) {
  let elements = keys.enumerated().map { make($1, $0) }
  for refused in stride(from: 0, to: keys.count, by: max(1, keys.count / 8)) {
    @Sendable func isLess(_ left: Element, _ right: Element) throws(Refused) -> Bool {
      if left.serial == refused || right.serial == refused { throw Refused() }
      return left.key < right.key
    }
    @Sendable func isEven(_ element: Element) throws(Refused) -> Bool {
      if element.serial == refused { throw Refused() }
      return element.key % 2 == 0
    }
    func expect(_ name: String, _ change: (inout [Element]) throws -> Void) {
      var array = elements
      #expect(throws: Refused.self, "\(name)") { try change(&array) }
      #expect(array.map(\.serial).sorted() == Array(0..<keys.count), "\(name) of \(keys.count), \(refused) refused")
      #expect(array.allSatisfy { $0.isSound }, "\(name) of \(keys.count), \(refused) refused")
    }
    expect("sort(by:)") { try $0.parallel.sort(by: isLess) }
    expect("sort(on:)") { try $0.parallel.sort(on: { (element) throws(Refused) in try isEven(element) ? 0 : 1 }) }
    expect("unstableSort(by:)") { try $0.parallel.unstableSort(by: isLess) }
    expect("sorted(by:)") { $0 = try $0.parallel.sorted(by: isLess) }
    expect("partition") { _ = try $0.parallel.partition(by: isEven) }
    expect("stablePartition") { _ = try $0.parallel.stablePartition(by: isEven) }
    expect("removeAll") { try $0.parallel.removeAll(where: isEven) }
    expect("select") { try $0.parallel.select(at: refused, by: isLess) }
    expect("min") { $0 = try $0.parallel.min(count: keys.count, sortedBy: isLess) }
  }
}
