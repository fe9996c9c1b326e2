// A sample is the beginning of a permutation of the positions that can be computed at any index by itself: a Feistel
// network over the smallest power of four that holds all of them, applied again while its result is out of range (Black
// & Rogaway, "Ciphers with arbitrary finite domains", 2002). So the time depends on the size of the sample alone, and
// no memory is needed but for the sample.

/// A permutation of `0..<count` that depends on a key, computed on demand.
@usableFromInline
struct KeyedPermutation: Sendable {
  private let count: UInt64
  /// How many bits each half of a number has.
  private let halfWidth: UInt64
  private let key: UInt64

  /// - Precondition: `count` is at least 1.
  @usableFromInline
  init(count: Int, seed: UInt64) {
    self.count = UInt64(count)
    halfWidth = UInt64(max(1, (bitWidth(of: count - 1) + 1) / 2))
    key = CountedRandom.mix(seed &+ CountedRandom.step)
  }

  func callAsFunction(_ position: Int) -> Int {
    var number = UInt64(position)
    repeat { number = encrypt(number) } while number >= count
    return Int(number)
  }

  private func encrypt(_ number: UInt64) -> UInt64 {
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

extension ParallelCollection where Element: Sendable {
  /// Returns a random sample of the elements, each position at most once, in random order.
  ///
  ///     let pilot = customers.parallel.randomSample(count: 1000, seed: 42)
  ///
  /// The sample is the same for a seed, a count and a number of elements, at every number of threads and on every
  /// machine. There are 2⁶⁴ seeds, and so no more than that many samples. Not meant for cryptography. Closures are
  /// called for elements of the sample only.
  ///
  /// - Parameters:
  ///   - count: How many elements are wanted; if there are fewer, the sample is all of them.
  ///   - seed: What the sample depends on.
  /// - Throws: The error of the first element of the sample whose closures throw.
  /// - Precondition: `count` is not negative; the number of elements fits in an `Int`.
  /// - Complexity: Work O(`count`); span O(log `count`).
  @inlinable
  public func randomSample(count: Int, seed: UInt64) throws(Failure) -> [Element] {
    try Array(ParallelPicked(self, sampledPositions(count: count, seed: seed, inOrder: false)))
  }

  /// Returns a random sample of the elements, each position at most once, in the order of the elements.
  ///
  /// The elements are those of `randomSample(count:seed:)`.
  /// - Throws: The error of the first element of the sample whose closures throw.
  /// - Precondition: `count` is not negative; the number of elements fits in an `Int`.
  /// - Complexity: Work O(`count` log `count`); span O(log² `count`).
  @inlinable
  public func randomStableSample(count: Int, seed: UInt64) throws(Failure) -> [Element] {
    try Array(ParallelPicked(self, sampledPositions(count: count, seed: seed, inOrder: true)))
  }

  @inlinable
  func sampledPositions(count: Int, seed: UInt64, inOrder: Bool) -> [Int] {
    require(count >= 0, "a sample has at least 0 elements, not \(count)")
    requireCountable()
    if positionCount == 0 { return [] }
    let permutation = KeyedPermutation(count: positionCount, seed: seed)
    return permutation.firstPositions(Swift.min(count, positionCount), inOrder: inOrder, in: plan.pool)
  }
}

// Chains of integers alone are compiled here, not in clients: the code that the optimiser makes of them for use in
// clients crashes the compiler there (Swift 6.3).

extension KeyedPermutation {
  @usableFromInline
  func firstPositions(_ count: Int, inOrder: Bool, in pool: ThreadPool?) -> [Int] {
    let positions = ParallelIntegers(0..<count, plan: LoopPlan(pool: pool)).map { self($0) }
    return inOrder ? positions.sorted() : Array(positions)
  }
}

/// The elements at some positions of a parallel collection, in the order of these positions.
@usableFromInline
struct ParallelPicked<Base: ParallelCollection>: ParallelAdaptor, ParallelCollection {
  @usableFromInline typealias Element = Base.Element
  @usableFromInline typealias Failure = Base.Failure

  @usableFromInline let base: Base
  @usableFromInline let picked: [Int]

  @inlinable
  init(_ base: Base, _ picked: [Int]) {
    self.base = base
    self.picked = picked
  }

  @inlinable var positionCount: Int { picked.count }

  @inlinable
  @inline(__always)
  func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    unsafe picked.withUnsafeBufferPointer { unsafe withLinkedSource($0, body) }
  }

  @inlinable
  @inline(__always)
  func lendClosures() -> ClosureLender { base.lendClosures() }

  @inlinable
  @inline(__always)
  static func forEachElement<State>(
    from source: UnsafeRawPointer, at positions: Range<Int>, closures: LentClosures, state: inout State,
    receive: (Element, inout State) -> Bool, fail: (Failure, inout State) -> Void
  ) -> Bool {
    unsafe askForEachElement(
      from: source, at: positions, closures: closures, state: &state, receive: receive, fail: fail)
  }

  @inlinable
  @inline(__always)
  static func element(
    at position: Int, from source: UnsafeRawPointer, closures: LentClosures
  ) throws(Failure) -> Element {
    let linked = unsafe source.linked(to: UnsafeBufferPointer<Int>.self)
    return unsafe try Base.element(
      at: linked.pointee.value[position], from: linked.pointee.base, closures: closures)
  }
}
