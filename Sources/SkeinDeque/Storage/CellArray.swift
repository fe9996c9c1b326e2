/// A circular array of cells, one per element, each made of shared words.
///
/// An index is any `Int`: it is taken modulo the capacity, so indices may wrap around the word. The array does not know
/// which of its cells hold elements.
///
/// SAFETY: `start` points to `capacity` cells of `ElementWords.count` words, all initialised, which stay readable as
/// long as the deque they belong to; every index is masked, so no access leaves them.
@frozen
@safe
@usableFromInline
package struct CellArray<Element: ~Copyable, Word: SharedWord & ~Copyable> {
  @usableFromInline
  let start: UnsafeMutablePointer<Word>
  @usableFromInline
  let mask: Int

  /// - Precondition: `capacity` is a power of two, and `start` has room for that many cells.
  @inlinable @inline(__always)
  @unsafe
  init(start: UnsafeMutablePointer<Word>, capacity: Int) {
    unsafe self.start = start
    mask = capacity &- 1
  }

  @inlinable
  package var capacity: Int {
    @inline(__always) get { mask &+ 1 }
  }

  @inlinable @inline(__always)
  func cell(at index: Int) -> UnsafeMutablePointer<Word> {
    unsafe start + (index & mask) &* ElementWords<Element>.count
  }

  /// Writes an element's words. (Only the owner of the cell does so; the index of the claim publishes them.)
  @inlinable @inline(__always)
  package func write(_ scratch: ElementWords<Element>.Scratch, at index: Int) {
    let cell = unsafe cell(at: index)
    for word in 0..<ElementWords<Element>.count { unsafe cell[word].storeRelaxed(scratch[word]) }
  }

  /// Reads an element's words on the owner's side, where they are not written concurrently.
  @inlinable @inline(__always)
  package func read(into scratch: ElementWords<Element>.Scratch, at index: Int) {
    let cell = unsafe cell(at: index)
    for word in 0..<ElementWords<Element>.count { unsafe scratch[word] = cell[word].loadRelaxed() }
  }

  /// Reads an element's words on a thief's side, before the claim.
  ///
  /// The loads acquire only to stay before the check of the array's tag that follows them; no store pairs with them.
  @inlinable @inline(__always)
  package func readEarly(into scratch: ElementWords<Element>.Scratch, at index: Int) {
    let cell = unsafe cell(at: index)
    for word in 0..<ElementWords<Element>.count { unsafe scratch[word] = cell[word].loadAcquiring() }
  }

  /// Copies a cell of `source`, read as a thief reads it, into a cell that this side owns.
  @inlinable @inline(__always)
  package func copyEarly(from source: CellArray, at sourceIndex: Int, to index: Int) {
    let from = unsafe source.cell(at: sourceIndex)
    let to = unsafe cell(at: index)
    for word in 0..<ElementWords<Element>.count { unsafe to[word].storeRelaxed(from[word].loadAcquiring()) }
  }

  /// Copies a cell of another array of the same owner.
  @inlinable
  package func copy(from source: CellArray, at index: Int) {
    let from = unsafe source.cell(at: index)
    let to = unsafe cell(at: index)
    for word in 0..<ElementWords<Element>.count { unsafe to[word].storeRelaxed(from[word].loadRelaxed()) }
  }

  /// Moves `count` of the owner's cells, which are `distance` cells behind `index`, to `index`.
  @inlinable @inline(never)
  package func move(_ count: Int, down distance: Int, to index: Int) {
    for offset in 0..<count {
      let from = unsafe cell(at: index &+ offset &+ distance)
      let to = unsafe cell(at: index &+ offset)
      for word in 0..<ElementWords<Element>.count { unsafe to[word].storeRelaxed(from[word].loadRelaxed()) }
    }
  }

  /// Exchanges two of the owner's cells.
  @inlinable
  package func swap(_ first: Int, _ second: Int) {
    let one = unsafe cell(at: first)
    let other = unsafe cell(at: second)
    for word in 0..<ElementWords<Element>.count {
      let bits = unsafe one[word].loadRelaxed()
      unsafe one[word].storeRelaxed(other[word].loadRelaxed())
      unsafe other[word].storeRelaxed(bits)
    }
  }

  /// Reverses the order of `count` cells from `first` on.
  @inlinable
  package func reverse(from first: Int, count: Int) {
    var low = 0
    var high = count &- 1
    while low < high {
      swap(first &+ low, first &+ high)
      low &+= 1
      high &-= 1
    }
  }
}
