/// A bit vector with the result of a predicate for each element.
///
/// The algorithms that partition call the predicate for all elements first and move none until all results are known.
/// So nothing has moved if it throws, it is called in order, and the outcome depends on the results alone, however the
/// loops were divided.
///
/// Work O(*n*) calls; span O(log *n*) of them, and an addition for every 4096 elements. Scratch: *n*/8 bytes, and 1/64
/// of that.
///
/// SAFETY: Each word is written by the batch that has its index. The owner frees the memory once no loop uses it.
@safe
@usableFromInline
struct ElementMarks {
  @usableFromInline let words: UnsafeMutablePointer<UInt64>
  /// The rank directory: how many elements are marked before each group of 64 words, and in all.
  @usableFromInline let before: UnsafeMutablePointer<Int>
  @usableFromInline let count: Int
  /// A word has bits for 2^`shift` elements: 64, or fewer in a short array so that its elements can still be divided
  /// one by one.
  @usableFromInline let shift: Int

  @inlinable
  init(count: Int) {
    self.count = count
    var shift = 0
    while shift < 6, count > 1024 << shift { shift += 1 }
    self.shift = shift
    let wordCount = (count + (1 << shift) - 1) >> shift
    unsafe words = .allocate(capacity: wordCount)
    unsafe before = .allocate(capacity: (wordCount + 63) / 64 + 1)
  }

  @inlinable
  func deallocate() {
    unsafe words.deallocate()
    unsafe before.deallocate()
  }

  @inlinable var wordCount: Int { (count + (1 << shift) - 1) >> shift }
  @inlinable var groupCount: Int { (wordCount + 63) / 64 }

  /// Returns the positions of the elements that a word has bits for.
  @inlinable
  @inline(__always)
  func positions(of word: Int) -> Range<Int> {
    let start = word << shift
    return start..<min(start + 1 << shift, count)
  }

  /// Returns the words of a group.
  @inlinable
  @inline(__always)
  func words(of group: Int) -> Range<Int> { group * 64..<min(group * 64 + 64, wordCount) }

  /// Returns the bits of a word that belong to elements.
  @inlinable
  @inline(__always)
  func valid(_ word: Int) -> UInt64 { ~0 >> UInt64(64 - positions(of: word).count) }

  @inlinable
  @inline(__always)
  func isMarked(_ position: Int) -> Bool {
    unsafe words[position >> shift] &>> UInt64(position & (1 << shift - 1)) & 1 != 0
  }

  /// The number of marked elements.
  @inlinable var marked: Int { unsafe before[groupCount] }
}

// MARK: - Making

/// Calls the predicate for the elements at some positions, at most 64, and returns the bits. Further input is passed by
/// `operand`, not by capture, so that the leaf can be a constant.
@usableFromInline
typealias MarkLeaf<Element, Failure: Error> =
  (_ elements: UnsafePointer<Element>, _ positions: Range<Int>, _ operand: UnsafeRawPointer) throws(Failure) -> UInt64

/// Packs results into the bits of a word, the first one lowest.
@inlinable
@inline(__always)
func packed<E: Error>(_ positions: Range<Int>, _ answer: (Int) throws(E) -> Bool) throws(E) -> UInt64 {
  var word: UInt64 = 0
  if positions.count == 64 {
    // Shifts by constants, eight results at a time.
    for byte in 0..<8 {
      let start = positions.lowerBound &+ byte &* 8
      var bits: UInt64 = 0
      for bit in 0..<8 { bits |= (try answer(start &+ bit) ? 1 : 0) &<< UInt64(bit) }
      word |= bits &<< UInt64(byte &* 8)
    }
  } else {
    for position in positions {
      word |= (try answer(position) ? 1 : 0) &<< UInt64(position &- positions.lowerBound)
    }
  }
  return word
}

/// Made where the closure can still be seen, as `modifyLeaf` is.
@inlinable
@inline(__always)
func markLeaf<Element, Failure>(
  _ isMarked: @escaping @Sendable (Element) throws(Failure) -> Bool
) -> MarkLeaf<Element, Failure> {
  { (elements, positions, _) throws(Failure) in
    try packed(positions) { (position) throws(Failure) in unsafe try isMarked(elements[position]) }
  }
}

/// Calls the predicate for the elements of whole words.
///
/// SAFETY: The caller lends the elements and the operand until the loop is over; nothing writes them meanwhile.
@safe
@usableFromInline
struct MarkBody<Element, Failure: Error>: LoopBody {
  @usableFromInline typealias Partial = Void

  @usableFromInline let elements: UnsafePointer<Element>
  @usableFromInline let marks: ElementMarks
  @usableFromInline let leaf: MarkLeaf<Element, Failure>
  @usableFromInline let operand: UnsafeRawPointer

  @inlinable
  init(
    _ elements: UnsafePointer<Element>, _ marks: ElementMarks, _ leaf: @escaping MarkLeaf<Element, Failure>,
    _ operand: UnsafeRawPointer
  ) {
    unsafe self.elements = elements
    self.marks = marks
    unsafe self.leaf = leaf
    unsafe self.operand = operand
  }

  @inlinable
  func run(
    _ units: Range<Int>, into partial: inout Void, _ control: borrowing LoopControl<Failure>, _ watch: inout BatchWatch
  ) -> Int {
    watch.forEach(in: units) { unit in
      do throws(Failure) {
        unsafe marks.words[unit] = try leaf(elements, marks.positions(of: unit), operand)
        return true
      } catch {
        control.note(error, at: units.lowerBound)
        return false
      }
    }
  }
}

extension ElementMarks {
  /// Calls the predicate for all elements.
  @inlinable
  func make<Element, Failure>(
    of elements: UnsafePointer<Element>, plan: LoopPlan, operand: UnsafeRawPointer,
    _ leaf: @escaping MarkLeaf<Element, Failure>
  ) throws(Failure) {
    let control = LoopControl<Failure>(plan, unitSize: 1 << shift)
    unsafe runLoop(
      MarkBody(elements, self, leaf, operand), control, count: wordCount, unitSize: 1 << shift, plan: plan)
    try control.throwFirst()
    runMovingLoop(count: groupCount, plan: plan.moving(minimumBatch: 64)) { groups in
      for group in groups {
        var count = 0
        for word in self.words(of: group) { unsafe count += self.words[word].nonzeroBitCount }
        unsafe before[group + 1] = count
      }
    }
    unsafe before[0] = 0
    for group in 0..<groupCount { unsafe before[group + 1] += before[group] }
  }

  /// Calls `body` with the marks of some elements and returns its result, or a given value if there are none.
  @inlinable
  @inline(__always)
  static func of<Element, Failure, Result>(
    _ elements: UnsafeMutableBufferPointer<Element>, plan: LoopPlan, operand: UnsafeRawPointer? = nil,
    _ leaf: @escaping MarkLeaf<Element, Failure>, ifEmpty: Result, _ body: (ElementMarks) -> Result
  ) throws(Failure) -> Result {
    guard let start = elements.baseAddress, elements.count > 0 else { return ifEmpty }
    return try plan.onWorker { () throws(Failure) in
      let marks = ElementMarks(count: elements.count)
      defer { marks.deallocate() }
      unsafe try marks.make(of: UnsafePointer(start), plan: plan, operand: operand ?? UnsafeRawPointer(start), leaf)
      return body(marks)
    }
  }
}

// MARK: - Finding

extension ElementMarks {
  /// Returns the rank of a position: how many elements before it are marked.
  @inlinable
  func marked(before position: Int) -> Int {
    let last = position >> shift
    let group = last / 64
    guard group < groupCount else { return marked }
    var result = unsafe before[group]
    for word in group * 64..<last { unsafe result += words[word].nonzeroBitCount }
    if last < wordCount {
      let below = (1 as UInt64) &<< UInt64(position - last << shift) &- 1
      unsafe result += (words[last] & below).nonzeroBitCount
    }
    return result
  }

  /// Returns the last group before which at most `rank` elements are marked, or not marked.
  @inlinable
  func group(of rank: Int, marked: Bool) -> Int {
    var low = 0
    var high = groupCount
    while high - low > 1 {
      let middle = (low + high) / 2
      let before = unsafe marked ? before[middle] : middle * 64 << shift - before[middle]
      if before <= rank { low = middle } else { high = middle }
    }
    return low
  }

  /// Positions of marked elements, ascending.
  @usableFromInline
  struct Marked {
    @usableFromInline let marks: ElementMarks
    @usableFromInline var word: Int
    @usableFromInline var bits: UInt64

    /// Begins with the marked element of the given rank.
    @inlinable
    init(_ marks: ElementMarks, from rank: Int) {
      self.marks = marks
      let group = marks.group(of: rank, marked: true)
      var rest = unsafe rank - marks.before[group]
      word = group * 64
      bits = unsafe marks.words[word]
      while rest >= bits.nonzeroBitCount {
        rest -= bits.nonzeroBitCount
        word += 1
        bits = unsafe marks.words[word]
      }
      for _ in 0..<rest { bits &= bits &- 1 }
    }

    /// - Precondition: There is a further one.
    @inlinable
    @inline(__always)
    mutating func next() -> Int {
      while bits == 0 {
        word &+= 1
        bits = unsafe marks.words[word]
      }
      let bit = bits.trailingZeroBitCount
      bits &= bits &- 1
      return word &<< marks.shift &+ bit
    }
  }

  /// Positions of elements that are not marked, descending.
  @usableFromInline
  struct Unmarked {
    @usableFromInline let marks: ElementMarks
    @usableFromInline var word: Int
    @usableFromInline var bits: UInt64

    /// Begins with the unmarked element of the given rank among unmarked ones.
    @inlinable
    init(_ marks: ElementMarks, from rank: Int) {
      self.marks = marks
      let group = marks.group(of: rank, marked: false)
      var rest = unsafe rank - (group * 64 << marks.shift - marks.before[group])
      word = group * 64
      bits = unsafe ~marks.words[word] & marks.valid(word)
      while rest >= bits.nonzeroBitCount {
        rest -= bits.nonzeroBitCount
        word += 1
        bits = unsafe ~marks.words[word] & marks.valid(word)
      }
      // Those after it are removed from the top.
      for _ in 0..<bits.nonzeroBitCount - rest - 1 { removeHighest() }
    }

    @inlinable
    @inline(__always)
    @discardableResult
    mutating func removeHighest() -> Int {
      let bit = 63 &- bits.leadingZeroBitCount
      bits ^= (1 as UInt64) &<< UInt64(bit)
      return bit
    }

    /// - Precondition: There is a further one.
    @inlinable
    @inline(__always)
    mutating func next() -> Int {
      while bits == 0 {
        word &-= 1
        bits = unsafe ~marks.words[word] & marks.valid(word)
      }
      let bit = removeHighest()
      return word &<< marks.shift &+ bit
    }
  }
}
