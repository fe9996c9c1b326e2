// Scatters many elements to buckets by sorted pivots, and sorts each bucket by itself: six levels of quicksort in one
// pass. Each part of the elements is ordered by bucket on its own; then each bucket is gathered from all parts in the
// other place.
//
// The results of the comparisons are kept, and moves follow them: an inconsistent order loses nothing. While elements
// are compared, none of them is moved.
//
// Work O(n) and span O(size of a part + number of parts) for the buckets. Scratch: n elements, a part for each thread, and 128 numbers
// for each part. Stable.
// Frazer & McKellar, "Samplesort", 1970; Axtmann, Witt, Ferizovic & Sanders, "In-place parallel super scalar samplesort", 2017.

extension StableQuicksort {
  @inlinable
  func sortInBuckets(
    _ home: Place, _ count: Int, _ scratch: Place, isHome: Bool, limit: Int, lowest: Place?
  ) throws(Failure) {
    let (source, other) = unsafe isHome ? (home, scratch) : (scratch, home)
    let parts = Parts(of: Element.self, total: count)
    unsafe try withUnsafeTemporaryAllocation(of: Element.self, capacity: 64) { (memory) throws(Failure) in
      let pivots = memory.baseAddress!
      try withCounts(bucketLimit * parts.count) { (starts) throws(Failure) in
        let findsEqual: Bool
        do throws(Failure) {
          findsEqual = unsafe try choosePivots(source, count, other, lowest, pivots)
          try forEachPart(0..<parts.count) { (part) throws(Failure) in
            unsafe try putInOrder(
              source, part, parts, pivots, findsEqual, result: findsEqual ? other : source, starts)
          }
        } catch {
          unsafe bringHome(home, count, scratch, isHome)
          throw error
        }
        _ = starts.makeOffsets()
        // The equals of a pivot need no more sorting, and are best moved back to their home in this pass.
        let (from, to) = unsafe findsEqual ? (other, source) : (source, other)
        forEachPart(0..<parts.count) { part in unsafe gather(from, part, parts, to, starts) }
        let isHome = isHome == findsEqual
        try forEachPart(0..<bucketLimit) { (bucket) throws(Failure) in
          let (start, end) = (starts[bucket * parts.count], starts[(bucket + 1) * parts.count])
          let (home, scratch) = unsafe (home + start, scratch + start)
          // An even bucket number other than the first stands for the equals of a pivot.
          if bucket > 0, bucket & 1 == 0 { return unsafe bringHome(home, end - start, scratch, isHome) }
          unsafe try sort(
            home, end - start, scratch, isHome: isHome, limit: limit &- 1,
            lowest: bucket < 2 ? lowest : pivots + bucket / 2)
        } otherwise: { buckets in
          let (start, end) = (starts[buckets.lowerBound * parts.count], starts[buckets.upperBound * parts.count])
          unsafe bringHome(home + start, end - start, scratch + start, isHome)
        }
      }
    }
  }

  /// Chooses pivots from a sample; returns whether one of them seems to have many equals, in which case equals get
  /// buckets of their own.
  @inlinable
  func choosePivots(
    _ elements: Place, _ count: Int, _ scratch: Place, _ lowest: Place?, _ pivots: Place
  ) throws(Failure) -> Bool {
    let size = 256
    for index in 0..<size {
      // One element from each stretch, each time from a different place in it, lest the sample coincide with a pattern.
      let stretch = index &* count / size..<(index &+ 1) &* count / size
      let offset = (UInt64(index &+ 1) &* 0x9E37_79B9_7F4A_7C15 &>> 32) % UInt64(stretch.count)
      unsafe copyBits(elements + (stretch.lowerBound + Int(offset)), scratch + index)
    }
    unsafe try kernels.mergeSort(scratch, size, scratch + size)
    for place in 0..<64 { unsafe copyBits(scratch + max(1, place) * size / 64, pivots + place) }
    var findsEqual = false
    if let lowest = unsafe lowest { findsEqual = unsafe try !kernels.precedes(lowest, pivots) }
    var place = 1
    while !findsEqual, place < 63 {
      findsEqual = unsafe try !kernels.precedes(pivots + place, pivots + (place + 1))
      place += 1
    }
    if findsEqual {
      for place in 0..<32 { unsafe copyBits(scratch + max(1, place) * size / 32, pivots + place) }
    }
    return findsEqual
  }

  /// Orders the elements of a part by bucket, in their own place or in another, and counts them.
  ///
  /// They are scattered in memory that stays in the processor's own cache, and then copied.
  @inlinable
  func putInOrder(
    _ source: Place, _ part: Int, _ parts: Parts, _ pivots: Place, _ findsEqual: Bool, result: Place, _ starts: Counts
  ) throws(Failure) {
    let count = parts[part].count
    let elements = unsafe source + parts[part].lowerBound
    let buckets = UnsafeMutablePointer<UInt8>.allocate(capacity: count)
    defer { unsafe buckets.deallocate() }
    unsafe try kernels.classify(elements, count, pivots, findsEqual, buckets)
    let copy = Place.allocate(capacity: count)
    defer { unsafe copy.deallocate() }
    // Both halves at once: when a bucket occurs many times in a row, each step depends on the one before.
    let half = count / 2
    let first = UnsafeMutablePointer<Int>.allocate(capacity: 2 * bucketLimit)
    defer { unsafe first.deallocate() }
    unsafe first.initialize(repeating: 0, count: 2 * bucketLimit)
    let second = unsafe first + bucketLimit
    for index in 0..<half {
      unsafe first[Int(buckets[index])] &+= 1
      unsafe second[Int(buckets[half &+ index])] &+= 1
    }
    if count & 1 == 1 { unsafe second[Int(buckets[count &- 1])] &+= 1 }
    var start = 0
    for bucket in 0..<bucketLimit {
      let counts = unsafe (first[bucket], second[bucket])
      unsafe (first[bucket], second[bucket]) = (start, start &+ counts.0)
      start &+= counts.0 &+ counts.1
      starts[bucket * parts.count + part] = counts.0 &+ counts.1
    }
    for index in 0..<half {
      unsafe append(elements + index, copy, first + Int(buckets[index]))
      unsafe append(elements + (half &+ index), copy, second + Int(buckets[half &+ index]))
    }
    if count & 1 == 1 { unsafe append(elements + (count &- 1), copy, second + Int(buckets[count &- 1])) }
    unsafe copyBits(copy, result + parts[part].lowerBound, count: count)
  }

  @inlinable
  @inline(__always)
  func append(_ element: Place, _ copy: Place, _ end: UnsafeMutablePointer<Int>) {
    let place = unsafe end.pointee
    unsafe copyBits(element, copy + place)
    unsafe end.pointee = place &+ 1
  }

  /// Copies the elements that a part has of each bucket to their destinations.
  @inlinable
  func gather(_ source: Place, _ part: Int, _ parts: Parts, _ result: Place, _ starts: Counts) {
    var next = unsafe source + parts[part].lowerBound
    for bucket in 0..<bucketLimit {
      let start = starts[bucket * parts.count + part]
      let count = starts[bucket * parts.count + part + 1] - start
      unsafe copyBits(next, result + start, count: count)
      unsafe next += count
    }
  }
}
