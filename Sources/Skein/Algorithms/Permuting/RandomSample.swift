// A sample is the beginning of a permutation of the positions, which can be computed at any place by itself: a Feistel network over the smallest
// square of a power of two that holds all of them, run again where it gives a number that is none of them (Black & Rogaway, "Ciphers with
// arbitrary finite domains", 2002). So it takes time for the elements of the sample alone, and no memory but for the sample.

/// A permutation of `0..<count` that depends on a key, by computation.
@usableFromInline
struct KeyedPermutation: Sendable {
  @usableFromInline let count: UInt64
  /// How many bits each half of a number has.
  @usableFromInline let halfWidth: UInt64
  @usableFromInline let key: UInt64

  /// - Precondition: `count` is at least 1.
  @usableFromInline
  init(count: Int, seed: UInt64) {
    self.count = UInt64(count)
    halfWidth = UInt64(max(1, (bitWidth(of: count - 1) + 1) / 2))
    key = CountedRandom.mix(seed &+ CountedRandom.step)
  }

  @inlinable
  func callAsFunction(_ position: Int) -> Int {
    var number = UInt64(position)
    repeat { number = encrypt(number) } while number >= count
    return Int(number)
  }

  @inlinable
  func encrypt(_ number: UInt64) -> UInt64 {
    let mask = (1 &<< halfWidth) &- 1 as UInt64
    var (left, right) = (number &>> halfWidth, number & mask)
    // Twelve rounds: small halves mix slowly.
    for round in 0..<12 as Range<UInt64> {
      let mixed = CountedRandom.mix(right &+ key &+ round &* CountedRandom.step)
      (left, right) = (right, (left ^ mixed &>> (64 &- halfWidth)) & mask)
    }
    return left &<< halfWidth | right
  }
}

extension ParallelElements {
  /// A random sample of the elements, each place at most once, in random order.
  ///
  ///     let pilot = customers.parallel.randomSample(count: 1000, seed: 42)
  ///
  /// The same sample for a seed, a count and a number of elements, at every number of threads and on every machine. There are 2⁶⁴ seeds and so no
  /// more than that many samples. Not meant for cryptography.
  ///
  /// - Parameters:
  ///   - count: How many elements are wanted; if there are not so many, the sample is all of them.
  ///   - seed: What the sample depends on.
  /// - Precondition: `count` is not negative.
  /// - Complexity: Work O(`count`); span O(log `count`).
  @inlinable
  public func randomSample(count: Int, seed: UInt64) -> [Element] {
    sample(sampledOffsets(count: count, seed: seed))
  }

  /// A random sample of the elements, each place at most once, in the order in which they stand here.
  ///
  /// The elements are those of `randomSample(count:seed:)`.
  /// - Precondition: `count` is not negative.
  /// - Complexity: Work O(`count` log `count`); span O(log² `count`).
  @inlinable
  public func randomStableSample(count: Int, seed: UInt64) -> [Element] {
    sample(sampledOffsets(count: count, seed: seed).parallel(in: plan.pool).sorted())
  }

  @inlinable
  func sampledOffsets(count: Int, seed: UInt64) -> [Int] {
    require(count >= 0, "a sample has at least 0 elements, not \(count)")
    if positionCount == 0 { return [] }
    let permutation = KeyedPermutation(count: positionCount, seed: seed)
    return Array(parallelCount: Swift.min(count, positionCount)) { permutation($0) }
  }

  @inlinable
  func sample(_ offsets: [Int]) -> [Element] {
    let base = base
    return Array(
      ParallelElements<[Int]>(offsets, plan: plan).map { base[base.index(base.startIndex, offsetBy: $0)] })
  }
}
