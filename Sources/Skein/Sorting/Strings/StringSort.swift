// Sorts strings by their bytes, seven at a time: a cell has the next seven bytes of a string and how many are left, as one number, and
// cells are sorted by radix. Among strings whose cells are equal and that go on, the next bytes decide, and so on, unless all are the same.
//
// `String` orders by the Unicode scalars of the canonical composition (NFC). Scalars below U+0300 are composed already and take part in no
// composition with each other; then the order of the scalars is that of the bytes in UTF-8. If any other occurs, strings are compared.
//
// Work O(n log n + bytes that tell the strings apart); span O(n / parts + log² n) for each seven bytes. Scratch: 32 bytes for each string.
// Stable. After Ng & Kakehi, "Cache efficient radix sort for string sorting", 2007.

/// Sorts strings, if all of them are ordered by their bytes.
/// - Returns: Whether they are.
@usableFromInline
func sortStrings(_ elements: UnsafeMutableRawPointer, _ count: Int, _ plan: LoopPlan) -> Bool {
  let strings = unsafe elements.assumingMemoryBound(to: String.self)
  var isOrderedByBytes = true
  plan.onWorker {
    unsafe Scratch.with(StringCell.self, count: 2 * count) { cells in
      let sort = unsafe StringSort(strings, cells, cells + count)
      isOrderedByBytes = sort.begin(count)
      guard isOrderedByBytes else { return }
      sort.sortCells(0..<count, depth: 0)
      // The place of the other cells, which are as large, is free now.
      let scratch = unsafe UnsafeMutableRawPointer(cells + count).bindMemory(to: String.self, capacity: count)
      unsafe arrange(strings, count, scratch) { unsafe cells[$0].number }
    }
  }
  return isOrderedByBytes
}

/// Some bytes of a string, and the string's number.
@usableFromInline
struct StringCell: RadixKeyed {
  let key: UInt64
  let number: Int

  @usableFromInline var radixKey: UInt64 { key }

  /// Seven bytes from `depth` on, in order, with zeros after the end; then how many bytes there are, eight if more than seven.
  init(_ string: borrowing String, _ number: Int, depth: Int) {
    self.number = number
    key = unsafe string.withBytes { bytes in
      let left = bytes.count - depth
      guard left > 0 else { return 0 }
      let start = unsafe bytes.baseAddress! + depth
      var word: UInt64 = 0
      if left >= 8 {
        word = unsafe UnsafeRawPointer(start).loadUnaligned(as: UInt64.self).bigEndian & ~0xFF
      } else {
        for place in 0..<left { unsafe word |= UInt64(start[place]) << UInt64(56 - 8 * place) }
      }
      return word | UInt64(min(left, 8))
    }
  }

  /// Whether the string has more bytes than the key tells.
  var goesOn: Bool { key & 0xFF == 8 }
}

/// SAFETY: The memory belongs to `sortStrings`; parts of the sort write cells of their own.
@safe
struct StringSort {
  let strings: UnsafeMutablePointer<String>
  let cells: UnsafeMutablePointer<StringCell>
  let scratch: UnsafeMutablePointer<StringCell>

  init(
    _ strings: UnsafeMutablePointer<String>, _ cells: UnsafeMutablePointer<StringCell>,
    _ scratch: UnsafeMutablePointer<StringCell>
  ) {
    unsafe self.strings = unsafe strings
    unsafe self.cells = unsafe cells
    unsafe self.scratch = unsafe scratch
  }

  /// Makes the first cells; says whether all strings are ordered by their bytes.
  func begin(_ count: Int) -> Bool {
    let parts = Parts(of: StringCell.self, total: count)
    return withCounts(parts.count) { others in
      forEachPart(0..<parts.count) { part in
        for number in parts[part] {
          guard unsafe strings[number].isOrderedByBytes else {
            others[part] = 1
            return
          }
          unsafe (cells + number).initialize(to: StringCell(strings[number], number, depth: 0))
        }
      }
      return others.makeOffsets() == 0
    }
  }

  /// Sorts cells that were made at `depth`, of strings that are equal up to there.
  func sortCells(_ range: Range<Int>, depth: Int) {
    unsafe radixSort(cells + range.lowerBound, range.count, scratch + range.lowerBound)
    refine(range, depth: depth)
  }

  /// Sorts on among cells that are equal.
  func refine(_ range: Range<Int>, depth: Int) {
    if range.count > 4096 {
      let middle = (range.lowerBound + range.upperBound) / 2
      var (start, end) = (middle, middle)
      while start > range.lowerBound, unsafe cells[start - 1].key == cells[middle].key { start -= 1 }
      while end < range.upperBound, unsafe cells[end].key == cells[middle].key { end += 1 }
      forkSort {
        refine(range.lowerBound..<start, depth: depth)
        sortEqual(start..<end, depth: depth)
      } _: {
        refine(end..<range.upperBound, depth: depth)
      }
      return
    }
    var start = range.lowerBound
    while start < range.upperBound {
      var end = start + 1
      while end < range.upperBound, unsafe cells[end].key == cells[start].key { end += 1 }
      sortEqual(start..<end, depth: depth)
      start = end
    }
  }

  /// Sorts strings whose cells are equal, by what comes after.
  func sortEqual(_ range: Range<Int>, depth: Int) {
    guard range.count > 1, unsafe cells[range.lowerBound].goesOn, !isAllEqual(range) else { return }
    let parts = Parts(of: StringCell.self, total: range.count)
    forEachPart(0..<parts.count) { part in
      for index in parts[part] {
        let cell = unsafe cells + (range.lowerBound + index)
        unsafe cell.pointee = unsafe StringCell(strings[cell.pointee.number], cell.pointee.number, depth: depth + 7)
      }
    }
    sortCells(range, depth: depth + 7)
  }

  /// Whether strings are the same to their ends. Where they are not, that is mostly seen at once.
  func isAllEqual(_ range: Range<Int>) -> Bool {
    let first = unsafe strings[cells[range.lowerBound].number]
    let parts = Parts(of: StringCell.self, total: range.count)
    return withCounts(parts.count) { others in
      forEachPart(0..<parts.count) { part in
        for index in parts[part] where unsafe strings[cells[range.lowerBound + index].number] != first {
          others[part] = 1
          break
        }
      }
      return others.makeOffsets() == 0
    }
  }
}

extension String {
  /// Calls `body` with the bytes in UTF-8, if the string keeps them so.
  @inline(__always)
  func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    guard let result = unsafe utf8.withContiguousStorageIfAvailable(body) else {
      var copy = self
      return copy.withUTF8(body)
    }
    return result
  }

  /// Whether all scalars are below U+0300.
  var isOrderedByBytes: Bool {
    unsafe withBytes { bytes in
      var index = 0
      let count = bytes.count
      guard let start = bytes.baseAddress else { return true }
      while index + 8 <= count {
        let word = unsafe UnsafeRawPointer(start + index).loadUnaligned(as: UInt64.self)
        if word & 0x8080_8080_8080_8080 != 0, (0..<8).contains(where: { unsafe start[index + $0] >= 0xCC }) {
          return false
        }
        index += 8
      }
      while index < count {
        if unsafe start[index] >= 0xCC { return false }
        index += 1
      }
      return true
    }
  }
}
