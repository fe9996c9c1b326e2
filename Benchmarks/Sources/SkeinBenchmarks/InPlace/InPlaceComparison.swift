import Skein

/// An array that variants change, and its state before each of them.
///
/// SAFETY: variants run one after the other, and each waits for the pool that it runs in.
final class ChangedArray<Element: Sendable>: @unchecked Sendable {
  private let original: [Element]
  var values: [Element]

  init(_ original: [Element]) {
    self.original = original
    values = original
  }

  /// Puts the original elements back, into the same memory while it has the right size.
  func restore() {
    if values.count == original.count {
      values.withUnsafeMutableBufferPointer { _ = $0.update(from: original) }
    } else {
      values.removeAll(keepingCapacity: true)
      values.append(contentsOf: original)
    }
  }
}

extension Report {
  /// Compares ways of changing an array in place, the first of them sequential. Restoring the array does not count.
  /// - Parameter repeats: How often the array is changed each time: many times if it is small, for the pool is entered once.
  mutating func compareInPlace<Element: Sendable, Answer: Equatable & Sendable>(
    _ title: String, _ original: [Element], repeats: Int = 1, sequential: [(String, (inout [Element]) -> Answer)],
    parallel: @escaping @Sendable (inout [Element]) -> Answer
  ) throws {
    let array = ChangedArray(original)
    @Sendable func change(_ body: (inout [Element]) -> Answer) -> Answer {
      for _ in 1..<repeats { _ = body(&array.values) }
      return body(&array.values)
    }
    try withPools { report, pools in
      var variants = sequential.map { name, body in Variant(name, prepare: array.restore) { change(body) } }
      for pool in pools {
        variants.append(Variant(pool.label, prepare: array.restore) { pool.run { change(parallel) } })
      }
      try report.compare(title, items: original.count * repeats, per: "element", variants)
    }
  }
}

/// Numbers without a pattern, the same in each run.
func scrambled(_ count: Int) -> [UInt64] {
  (0..<count).map { index in
    var word = UInt64(index) &* 0x9E37_79B9_7F4A_7C15
    word = (word ^ word >> 32) &* 0xD6E8_FEB8_6659_FD93
    return word ^ word >> 32
  }
}
