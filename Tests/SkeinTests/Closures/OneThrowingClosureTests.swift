import Skein
import Testing

/// The fold of a reduction may throw a certain type of error and the other closure nothing.
@Suite struct OneThrowingClosureTests {
  private struct Failed: Error, Equatable { let number: Int }

  private let numbers = Array(0..<10_000)

  @Sendable private static func check(_ number: Int, below limit: Int) throws(Failed) {
    if number >= limit { throw Failed(number: limit) }
  }

  private func result<Value>(_ body: () throws(Failed) -> Value) -> Result<Value, Failed> {
    do throws(Failed) { return .success(try body()) } catch { return .failure(error) }
  }

  @Test(arguments: [5000, 20_000])
  func reductionsThrowTheErrorOfTheirFold(_ limit: Int) {
    let sum = limit < numbers.count ? Result<Int, Failed>.failure(Failed(number: limit)) : .success(49_995_000)
    let reduced = result { () throws(Failed) in
      try numbers.parallel.reduce(into: 0) { (sum: inout Int, number: Int) throws(Failed) in
        try Self.check(number, below: limit)
        sum += number
      } combine: {
        $0 += $1
      }
    }
    #expect(reduced == sum)
    let reducedByPiece = result { () throws(Failed) in
      try numbers.parallel.reduceByPiece(into: 0) { (sum: inout Int, number: Int) throws(Failed) in
        try Self.check(number, below: limit)
        sum += number
      } combine: {
        $0 += $1
      }
    }
    #expect(reducedByPiece == sum)
    let reducedSpans = result { () throws(Failed) in
      try numbers.parallel.reduceSpans(into: 0) { (sum: inout Int, span: Span<Int>, start: Int) throws(Failed) in
        for index in span.indices {
          try Self.check(start + index, below: limit)
          sum += span[index]
        }
      } combine: {
        $0 += $1
      }
    }
    #expect(reducedSpans == sum)
  }
}
