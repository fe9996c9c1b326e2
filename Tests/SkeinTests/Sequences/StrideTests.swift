import Skein
import Testing

/// A stride's parallel elements are those of the standard library, bit for bit.
@Suite struct StrideTests {
  @Test func integers() {
    for start: Int8 in [-128, -7, 0, 1, 100, 127] {
      for end: Int8 in [-128, -7, 0, 3, 100, 127] {
        for step in [-128, -100, -7, -1, 1, 2, 7, 100, 127] {
          let (to, through) = (stride(from: start, to: end, by: step), stride(from: start, through: end, by: step))
          expect(to.parallel, toBe: Array(to), "from \(start) to \(end) by \(step)")
          expect(through.parallel, toBe: Array(through), "from \(start) through \(end) by \(step)")
        }
      }
    }
    for step in [-100, -7, -1, 1, 7, 100] {
      let strides = [(0, 255), (255, 0), (5, 5), (100, 3)] as [(UInt8, UInt8)]
      for (start, end) in strides {
        let (to, through) = (stride(from: start, to: end, by: step), stride(from: start, through: end, by: step))
        expect(to.parallel, toBe: Array(to), "from \(start) to \(end) by \(step)")
        expect(through.parallel, toBe: Array(through), "from \(start) through \(end) by \(step)")
      }
    }
    let far = stride(from: Int.min, through: Int.max, by: Int.max)
    expect(far.parallel, toBe: Array(far), "far")
    let back = stride(from: Int.max, through: Int.min, by: Int.min)
    expect(back.parallel, toBe: Array(back), "back")
  }

  @Test func floatingPoint() {
    let numbers: [Double] = [
      0, -0.0, 1, -1, 0.1, 7.25, 100, 1e17, .infinity, -.infinity, .nan, .leastNonzeroMagnitude,
      .greatestFiniteMagnitude,
    ]
    for start in numbers {
      for end in numbers {
        for step in numbers where step != 0 {
          let to = stride(from: start, to: end, by: step)
          let through = stride(from: start, through: end, by: step)
          if bits(Array(to.prefix(300))) != bits(Array(to.parallel.prefix(300))) {
            Issue.record("from \(start) to \(end) by \(step)")
          }
          if bits(Array(through.prefix(300))) != bits(Array(through.parallel.prefix(300))) {
            Issue.record("from \(start) through \(end) by \(step)")
          }
        }
      }
    }
  }

  @Test func randomFloats() {
    var random = SeededGenerator(seed: newSeed())
    for _ in 0..<rounds(100, long: 5000) {
      let start = Float.random(in: -10...10, using: &random)
      let step = Float.random(in: 0.001...3, using: &random)
      let end = start + step * Float(Int.random(in: 0...100, using: &random))
      for (first, last, step) in [(start, end, step), (end, start, -step)] {
        let (to, through) = (stride(from: first, to: last, by: step), stride(from: first, through: last, by: step))
        expect(to.parallel, toBe: Array(to), "from \(first) to \(last) by \(step)")
        expect(through.parallel, toBe: Array(through), "from \(first) through \(last) by \(step)")
      }
    }
  }

  private func bits(_ numbers: [Double]) -> [UInt64] { numbers.map(\.bitPattern) }
}
