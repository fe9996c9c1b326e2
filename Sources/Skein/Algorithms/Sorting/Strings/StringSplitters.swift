/// Keys sampled from many strings, which divide all of them into classes: each has the keys above the previous
/// splitter, up to its own.
///
/// A key that many strings of the sample have gets a class of its own.
struct StringSplitters {
  /// Ascending, padded with `.max`, which is no key, to one fewer than a power of two.
  private var keys: [UInt64] = []
  private var bits = 0
  private(set) var classCount = 1
  /// Whether all strings of the sample have the same key.
  private(set) var areOfOneKey = true

  init(sampling strings: UnsafeMutablePointer<StringBits>, _ count: Int, depth: Int) {
    // The number of sampled keys between two splitters.
    let gap = 8
    let sampleCount = gap * min(1 << 9, 1 << bitWidth(of: 2 * count / StringBlocks.most))
    let stride = count / sampleCount
    var random: UInt64 = 0
    var sample = (0..<sampleCount).map { index in
      random = random &* 0xD134_2543_DE82_EF95 &+ 0x9E37_79B9_7F4A_7C16
      return unsafe StringKey.of(strings[index * stride + Int(random >> 40) % stride], depth)
    }
    sample.sort()
    areOfOneKey = sample.first == sample.last
    for index in Swift.stride(from: gap, to: sampleCount, by: gap) where keys.last != sample[index] {
      let key = sample[index]
      if index + gap < sampleCount, sample[index + gap] == key, key > 0, keys.last != key - 1 { keys.append(key - 1) }
      keys.append(key)
    }
    classCount = keys.count + 1
    bits = bitWidth(of: keys.count)
    keys += repeatElement(.max, count: (1 << bits) - classCount)
  }

  subscript(_ number: Int) -> UInt64 { keys[number] }

  /// Calls `body` with a function that returns the class of a key.
  @inline(__always)
  func withClasses(_ body: ((UInt64) -> Int) -> Void) {
    let bits = bits
    unsafe keys.withUnsafeBufferPointer { keys in
      guard let keys = keys.baseAddress else { return }
      body { key in
        var (number, bit) = (0, bits)
        while bit > 0 {
          bit &-= 1
          unsafe number &+= (keys[number &+ (1 &<< bit) &- 1] < key).asInt &<< bit
        }
        return number
      }
    }
  }
}
