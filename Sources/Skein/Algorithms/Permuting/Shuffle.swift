// Work O(n) moves; span O(log n) and a bucket of n/256 elements. Scratch: n elements and at most 256 × 256 counts, if there are more
// than 16 384 elements; none otherwise. The same permutation at every number of threads, on every machine.
//
// Rao, "Generation of random permutation of given number of elements using random sampling numbers" (1961), and Sandelius, "A simple
// randomization procedure" (1962): every element goes to one of 256 buckets at random, and each bucket is shuffled by itself (Fisher & Yates
// 1938; Durstenfeld 1964). Given random words all permutations are equally likely. The word for a place depends on the seed and the
// place alone. A bucket of a large array fits into a processor's cache, which is why this is faster than one long shuffle.

/// The elements that are shuffled, and how they are cut into blocks.
///
/// SAFETY: `elements` and `scratch` have `count` places and are the shuffle's alone. An element is moved by the batch
/// of its block, and then by that of its bucket, to places that no other batch uses.
@safe
@usableFromInline
struct Shuffle<Element> {
  @usableFromInline let elements: UnsafeMutablePointer<Element>
  @usableFromInline let scratch: UnsafeMutablePointer<Element>
  @usableFromInline let count: Int
  @usableFromInline let key: UInt64
  /// Buckets of up to this size are shuffled without further buckets.
  @usableFromInline let smallBucket: Int
  /// A multiple of 8, since a random word holds the buckets of 8 elements.
  @usableFromInline let blockSize: Int

  @inlinable static var bucketCount: Int { 256 }
  /// Up to this many elements are shuffled without buckets.
  @inlinable static var smallCount: Int { 1 << 14 }

  @inlinable
  init(
    _ elements: UnsafeMutablePointer<Element>, _ scratch: UnsafeMutablePointer<Element>, count: Int, key: UInt64,
    smallBucket: Int = 1 << 18
  ) {
    unsafe self.elements = elements
    unsafe self.scratch = scratch
    self.count = count
    self.key = key
    self.smallBucket = smallBucket
    blockSize = max(2048, (count / Self.bucketCount + 8) & ~7)
  }

  @inlinable var blockCount: Int { (count + blockSize - 1) / blockSize }

  @inlinable
  func run(plan: LoopPlan) {
    let plan = plan.moving(minimumBatch: 1)
    withCountMatrix(partCount: blockCount, bucketCount: Self.bucketCount) { matrix in
      runMovingLoop(count: blockCount, plan: plan) { blocks in
        for block in blocks { unsafe count(block, matrix.row(block)) }
      }
      matrix.makePlaces()
      runMovingLoop(count: blockCount, plan: plan) { blocks in
        for block in blocks { unsafe scatter(block, matrix.row(block)) }
      }
      runMovingLoop(count: Self.bucketCount, plan: plan) { buckets in
        for bucket in buckets { gather(bucket, matrix.range(of: bucket)) }
      }
    }
  }

  /// Calls `body` with the index of each element of a block and its bucket.
  @inlinable
  @inline(__always)
  func forEachBucket(of block: Int, _ body: (_ place: Int, _ bucket: Int) -> Void) {
    let start = block * blockSize
    let end = min(start + blockSize, count)
    var random = CountedRandom(key: key, from: start / 8)
    var place = start
    while place < end {
      var word = random.next()
      for _ in 0..<min(8, end - place) {
        body(place, Int(truncatingIfNeeded: word & 0xFF))
        word &>>= 8
        place &+= 1
      }
    }
  }
}

extension Shuffle {
  /// Counts how many elements of a block go to each bucket.
  @inlinable
  func count(_ block: Int, _ counts: UnsafeMutablePointer<Int>) {
    forEachBucket(of: block) { _, bucket in unsafe counts[bucket] &+= 1 }
  }

  /// Moves the elements of a block to their buckets.
  @inlinable
  func scatter(_ block: Int, _ places: UnsafeMutablePointer<Int>) {
    forEachBucket(of: block) { place, bucket in
      let target = unsafe places[bucket]
      unsafe places[bucket] = target &+ 1
      unsafe (scratch + target).initialize(to: (elements + place).move())
    }
  }

  /// Moves a bucket back, shuffled.
  @inlinable
  func gather(_ bucket: Int, _ range: Range<Int>) {
    let (target, source) = unsafe (elements + range.lowerBound, scratch + range.lowerBound)
    let key = CountedRandom.mix(key ^ CountedRandom.step &* UInt64(bucket + 1))
    if range.count > smallBucket {
      unsafe target.moveInitialize(from: source, count: range.count)
      unsafe Shuffle(target, source, count: range.count, key: key, smallBucket: smallBucket).run(plan: LoopPlan())
      return
    }
    // Fisher and Yates' shuffle, inside out: a place is taken from the result so far, and what was there goes to the end.
    var random = CountedRandom(key: key)
    for index in 0..<range.count {
      let place = random.next(below: index &+ 1)
      if place != index { unsafe (target + index).moveInitialize(from: target + place, count: 1) }
      unsafe (target + place).initialize(to: (source + index).move())
    }
  }
}

@inlinable
func shuffle<Element>(_ elements: UnsafeMutableBufferPointer<Element>, plan: LoopPlan, seed: UInt64) {
  guard let start = elements.baseAddress, elements.count > 1 else { return }
  let key = CountedRandom.mix(seed &+ CountedRandom.step)
  if elements.count <= Shuffle<Element>.smallCount {
    var random = CountedRandom(key: key)
    for index in 1..<elements.count {
      let place = random.next(below: index + 1)
      if place != index { unsafe exchange(start + index, start + place) }
    }
    return
  }
  plan.onWorker {
    let scratch = UnsafeMutablePointer<Element>.allocate(capacity: elements.count)
    defer { unsafe scratch.deallocate() }
    unsafe Shuffle(start, scratch, count: elements.count, key: key).run(plan: plan)
  }
}

extension ParallelElements where Base: MutableCollection {
  /// Shuffles the elements, reproducibly for a seed and a number of elements.
  ///
  ///     samples.parallel.shuffle(seed: 42)
  ///
  /// The permutation is the same at every number of threads and on every machine. The random numbers are those of
  /// SplitMix64, indexed by position; given random numbers, all permutations are equally likely. There are 2⁶⁴ seeds,
  /// and so no more than that many permutations. Not meant for cryptography.
  ///
  /// - Complexity: Work O(*n*); span O(log *n*) and *n*/256 moves. Scratch: *n* elements and at most half a megabyte if there are
  ///   more than 16 384 elements; none otherwise.
  @inlinable
  public mutating func shuffle(seed: UInt64) {
    let plan = plan
    unsafe withMutableElements { unsafe Skein.shuffle($0, plan: plan, seed: seed) }
  }
}

extension ParallelMutableBuffer {
  /// Shuffles the elements, reproducibly for a seed and a number of elements.
  ///
  /// See ``ParallelElements/shuffle(seed:)``.
  @inlinable
  public func shuffle(seed: UInt64) { unsafe Skein.shuffle(base, plan: plan, seed: seed) }
}
