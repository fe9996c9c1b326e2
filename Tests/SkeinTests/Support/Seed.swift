/// A random number generator whose seed can be printed and given again: SplitMix64 (Steele, Lea & Flood 2014).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

/// A fresh seed, printed so that a failure can be repeated.
func newSeed(_ function: String = #function) -> UInt64 {
  let seed = UInt64.random(in: .min ... .max)
  print("\(function): seed \(seed)")
  return seed
}

/// The error that tests throw.
struct TestError: Error, Equatable {
  let position: Int
  init(_ position: Int) { self.position = position }
}
