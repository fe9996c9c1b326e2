// The bytes of strings in UTF-8, read several at a time.

/// The bits of a string, copied without reference counting: some owner keeps the string, which is contiguous.
struct StringBits {
  // As many bits as a string has where addresses have 64 bits. Their meaning is up to `String`.
  private let bits: (UInt64, UInt64)

  /// Whether `String` has this size.
  static var areStrings: Bool { MemoryLayout<StringBits>.size == MemoryLayout<String>.size }

  init(_ string: UnsafeMutablePointer<String>) {
    self = unsafe UnsafeRawPointer(string).load(as: StringBits.self)
  }

  /// Calls `body` with the bytes in UTF-8.
  @inline(__always)
  func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    unsafe withUnsafeTemporaryAllocation(of: String.self, capacity: 1) { memory in
      let place = memory.baseAddress!
      // SAFETY: the string in the array keeps alive what the bits refer to; the copy is neither changed nor destroyed.
      unsafe UnsafeMutableRawPointer(place).storeBytes(of: self, as: StringBits.self)
      // This does not change a contiguous string; reference counting is bypassed.
      return unsafe place.pointee.withUTF8(body)
    }
  }

  /// Whether all scalars are below U+0300: then no byte is above 0xCB.
  var isOrderedByBytes: Bool {
    unsafe withBytes { bytes in
      var depth = 0
      while depth < bytes.count {
        let word = unsafe bytes.word(at: depth)
        if word & 0x8080_8080_8080_8080 != 0, (0..<8).contains(where: { word >> (8 * $0) & 0xFF >= 0xCC }) {
          return false
        }
        depth &+= 8
      }
      return true
    }
  }

  /// Returns whether the string comes before another in the order of the bytes.
  @inline(__always)
  func precedes(_ other: StringBits) -> Bool {
    let word = unsafe withBytes { unsafe $0.word(at: 0) }
    let otherWord = unsafe other.withBytes { unsafe $0.word(at: 0) }
    return word == otherWord ? precedesFarther(other) : word < otherWord
  }

  /// Like `precedes`, for strings whose first eight bytes are equal.
  @inline(never)
  private func precedesFarther(_ other: StringBits) -> Bool {
    unsafe withBytes { left in
      unsafe other.withBytes { right in
        var depth = 8
        while depth < min(left.count, right.count) {
          let (leftWord, rightWord) = unsafe (left.word(at: depth), right.word(at: depth))
          if leftWord != rightWord { return leftWord < rightWord }
          depth &+= 8
        }
        return left.count < right.count
      }
    }
  }

  /// Returns the length of the common prefix of the string and another, `.max` if they are equal; it is at least
  /// `depth`.
  @inline(__always)
  func commonLength(_ other: UnsafeBufferPointer<UInt8>, from depth: Int) -> Int {
    unsafe withBytes { bytes in
      let end = min(bytes.count, other.count)
      var depth = depth
      while depth < end {
        let difference = unsafe bytes.word(at: depth) ^ other.word(at: depth)
        if difference != 0 { return min(end, depth &+ difference.leadingZeroBitCount / 8) }
        depth &+= 8
      }
      return bytes.count == other.count ? .max : end
    }
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Returns eight bytes as a number, the first byte highest, padded with zeros.
  @inline(__always)
  func word(at depth: Int) -> UInt64 {
    let left = count &- depth
    guard left > 0 else { return 0 }
    let start = unsafe UnsafeRawPointer(baseAddress!)
    if left >= 8 { return unsafe (start + depth).loadUnaligned(as: UInt64.self).bigEndian }
    if count >= 8 {
      let last = unsafe (start + (count &- 8)).loadUnaligned(as: UInt64.self).bigEndian
      return last &<< UInt64(truncatingIfNeeded: 8 &* (8 &- left))
    }
    var word: UInt64 = 0
    for place in 0..<left {
      unsafe word |= UInt64(self[depth &+ place]) &<< UInt64(truncatingIfNeeded: 56 &- 8 &* place)
    }
    return word
  }
}
