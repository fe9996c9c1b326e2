import Skein
import Testing

/// Chains whose closures hold arithmetic, and which end in a sum. The compiler must be able to check them, each as one
/// expression; that it does is the test.
@Suite struct CheckedChainsTests {
  @Test func integers() {
    let (numbers, k) = (Array(1...100), 3)
    let first = numbers.parallel.map { $0 + k }.compactMap { $0 % 3 == 1 ? nil : $0 + k }.filter { $0 % 5 != 0 }.sum()
    var expected = 0
    for number in numbers where (number + k) % 3 != 1 && (number + 2 * k) % 5 != 0 { expected += number + 2 * k }
    #expect(first == expected)
    let second = numbers.parallel.map { k + $0 * 3 - 1 }.filter { $0 % 5 != 0 }.map { $0 * 2 + k - 1 }.sum()
    expected = 0
    for number in numbers where (k + number * 3 - 1) % 5 != 0 { expected += (k + number * 3 - 1) * 2 + k - 1 }
    #expect(second == expected)
  }

  @Test func floatingPoint() {
    let values = [0.5, 2, -1, 8]
    let first = values.parallel.filter { $0 > 0 }.map { 1 / $0 }.filter { $0 < 10 }.map { $0 * 2 - 1 }.sum() / 2
    #expect(first == 1.125)
    let zeros = [Double](repeating: 0, count: 4)
    let norm = (zip(values.parallel, zeros.parallel).map { ($0 - $1) * ($0 - $1) }.sum() / Double(values.count))
      .squareRoot()
    #expect(norm == (69.25 / 4).squareRoot())
  }

  /// Each number finds its own way to add up, in code that knows only what it can do, too.
  @Test func inGenericCode() {
    func total<Number: FixedWidthInteger & Sendable>(_ numbers: [Number]) -> Number { numbers.parallel.sum() }
    func sum<Number: FloatingPoint & Sendable>(_ numbers: [Number]) -> Number { numbers.parallel.sum() }
    // The sum of the first hundred is not representable, but that of all is.
    let bytes = [Int8](repeating: 100, count: 100) + [Int8](repeating: -100, count: 100)
    #expect(total(bytes) == 0)
    #expect(bytes.parallel.sum() == 0)
    let values = (0..<1000).map { 0.1 * Double($0) }
    #expect(sum(values) == values.parallel.sum())
    #expect(sum(values.map { Float($0) }) == values.map { Float($0) }.parallel.sum())
  }
}
