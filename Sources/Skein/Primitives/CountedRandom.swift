/// Counter-based random numbers: each depends on the key and its index alone, so any thread can begin anywhere.
///
/// The numbers of a key are those of SplitMix64 (Steele, Lea & Flood, "Fast splittable pseudorandom number generators", 2014), which is
/// a counter and a mixing function. Numbers below a bound are exactly uniform (Lemire, "Fast random integer generation in an
/// interval", 2019).
@usableFromInline
struct CountedRandom {
  @usableFromInline var counter: UInt64

  /// - Parameter place: The index of the first number.
  @inlinable
  @inline(__always)
  init(key: UInt64, from place: Int = 0) {
    counter = key &+ Self.step &* UInt64(truncatingIfNeeded: place)
  }

  @inlinable static var step: UInt64 { 0x9E37_79B9_7F4A_7C15 }

  @inlinable
  @inline(__always)
  static func mix(_ word: UInt64) -> UInt64 {
    var word = word
    word = (word ^ word &>> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word &>> 27) &* 0x94D0_49BB_1331_11EB
    return word ^ word &>> 31
  }

  @inlinable
  @inline(__always)
  mutating func next() -> UInt64 {
    counter &+= Self.step
    return Self.mix(counter)
  }

  /// Returns a number from 0 to `bound` - 1.
  ///
  /// It takes one number of the key; one that is rejected, which is rare, is mixed again and not replaced by the next,
  /// so that every index still has its own.
  @inlinable
  @inline(__always)
  mutating func next(below bound: Int) -> Int {
    let bound = UInt64(truncatingIfNeeded: bound)
    var word = next()
    var product = word.multipliedFullWidth(by: bound)
    if _slowPath(product.low < bound) {
      let rejected = (0 &- bound) % bound
      while product.low < rejected {
        word = Self.mix(word &+ Self.step)
        product = word.multipliedFullWidth(by: bound)
      }
    }
    return Int(truncatingIfNeeded: product.high)
  }
}
