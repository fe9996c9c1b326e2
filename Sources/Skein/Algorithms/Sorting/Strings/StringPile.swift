// Divides strings into classes that fit in the cache, each of which is sorted as a block. The classes are determined
// from a sample. Either the strings are scattered to the other of two places, in parts, each of which counts and
// scatters its own strings; or they are partitioned in place by the middle splitter, and so on with each half.
//
// The next seven bytes determine the class of a string. If they are the same for all strings of a sample, the common
// prefix of all strings is measured, and the strings are divided by the bytes after it.
//
// Work O(n log n + distinguishing bytes); span O(n / parts + log² n). Scratch: that of the blocks, and some numbers for
// each part. With another place, of n strings, it is stable.
// Frazer & McKellar, "Samplesort", 1970; without branches: Sanders & Winkel, "Super scalar sample sort", 2004.

/// Strings in one of two places, to be sorted into the place that they came from, or in their only place.
///
/// SAFETY: the places belong to the pile alone; the strings' bits are in `place`.
@safe
struct StringPile {
  let place: UnsafeMutablePointer<StringBits>
  let other: UnsafeMutablePointer<StringBits>?
  let count: Int
  /// Whether the strings are in their final place.
  let isHome: Bool
  let blocks: StringBlocks
  /// The strings are equal up to here.
  var depth = 0
  /// How often they may be divided by the same bytes before they are sorted by comparison.
  var limit = mostDivisions

  private static var mostDivisions: Int { 8 }

  init(
    _ place: UnsafeMutablePointer<StringBits>, _ other: UnsafeMutablePointer<StringBits>?, _ count: Int,
    isHome: Bool, _ blocks: StringBlocks
  ) {
    unsafe self.place = unsafe place
    unsafe self.other = unsafe other
    self.count = count
    self.isHome = isHome
    self.blocks = blocks
  }

  consuming func sort() {
    if count <= StringBlocks.most {
      return unsafe blocks.sort(place, count, into: isHome ? place : other!, depth: depth)
    }
    while true {
      if limit == 0 { return sortByComparison() }
      let splitters = unsafe StringSplitters(sampling: place, count, depth: depth)
      if splitters.areOfOneKey {
        let common = commonLength()
        if common == .max { break }
        if common >= depth + StringKey.byteCount {
          (depth, limit) = (common, Self.mostDivisions)
          continue
        }
      }
      return unsafe other == nil ? partition(0..<count, splitters, 0..<splitters.classCount) : deal(splitters)
    }
    goHome()
  }

  /// Returns a part of the strings, as a pile of its own.
  private func part(_ range: Range<Int>, inOther: Bool) -> StringPile {
    var part =
      unsafe inOther
      ? StringPile(other! + range.lowerBound, place + range.lowerBound, range.count, isHome: !isHome, blocks)
      : StringPile(place + range.lowerBound, nil, range.count, isHome: true, blocks)
    (part.depth, part.limit) = (depth, limit - 1)
    return part
  }

  private func sortByComparison() {
    goHome()
    if let other = unsafe other {
      unsafe SortKernels.strings.stableSort(isHome ? place : other, count, isHome ? other : place)
    } else {
      unsafe SortKernels.strings.unstableSort(place, count)
    }
  }

  private func goHome() {
    if let other = unsafe other, !isHome { unsafe moveInParallel(place, other, count: count) }
  }

  /// Returns the length of the common prefix of all strings, `.max` if they are equal; if it ends within the next key,
  /// any length that does.
  private func commonLength() -> Int {
    let parts = Parts(of: StringBits.self, total: count)
    return withCounts(parts.count) { lengths in
      forEachPart(0..<parts.count) { part in
        unsafe lengths[part] = place.pointee.withBytes { first in
          var common = Int.max
          for index in parts[part] where common >= depth + StringKey.byteCount {
            unsafe common = min(common, place[index].commonLength(first, from: depth))
          }
          return common
        }
      }
      return (0..<parts.count).reduce(.max) { min($0, lengths[$1]) }
    }
  }
}

// MARK: - In place

extension StringPile {
  /// Divides some of the strings by the splitters between some classes.
  private func partition(_ range: Range<Int>, _ splitters: StringSplitters, _ classes: Range<Int>) {
    if range.count <= StringBlocks.most || classes.count == 1 { return part(range, inOther: false).sort() }
    let middle = (classes.lowerBound + classes.upperBound) / 2
    let (start, key, depth) = unsafe (place + range.lowerBound, splitters[middle - 1], depth)
    let left = unsafe SortKernels.strings.partition(start, range.count, start) {
      first, firstCount, second, secondCount, _ in
      unsafe partitionKernel(first, firstCount, second, secondCount) { unsafe StringKey.of($0.pointee, depth) <= key }
    }
    let border = range.lowerBound + left
    forkSort {
      partition(range.lowerBound..<border, splitters, classes.lowerBound..<middle)
    } _: {
      partition(border..<range.upperBound, splitters, middle..<classes.upperBound)
    }
  }
}

// MARK: - With another place

extension StringPile {
  private func deal(_ splitters: StringSplitters) {
    let parts = RadixParts(count)
    let classCount = splitters.classCount
    // For each class, how many of its strings each part has, and later the index of the first of them.
    withCounts(classCount * parts.count) { counts in
      forEachPart(0..<parts.count) { part in
        unsafe withRow(classCount) { row in
          splitters.withClasses { classOf in
            for index in parts[part] { unsafe row[classOf(StringKey.of(place[index], depth))] &+= 1 }
          }
          for number in 0..<classCount { unsafe counts[number * parts.count + part] = row[number] }
        }
      }
      _ = counts.makeOffsets()
      forEachPart(0..<parts.count) { part in
        unsafe withRow(classCount) { row in
          for number in 0..<classCount { unsafe row[number] = counts[number * parts.count + part] }
          splitters.withClasses { classOf in
            for index in parts[part] {
              let number = unsafe classOf(StringKey.of(place[index], depth))
              unsafe copyBits(place + index, other! + row[number])
              unsafe row[number] &+= 1
            }
          }
        }
      }
      sortClasses(0..<classCount) { counts[$0 * parts.count] }
    }
  }

  /// Calls `body` with numbers that share no cache line with another thread's writes.
  @inline(__always)
  private func withRow(_ count: Int, _ body: (UnsafeMutablePointer<Int>) -> Void) {
    unsafe withUnsafeTemporaryAllocation(of: Int.self, capacity: count) { row in
      unsafe row.initialize(repeating: 0)
      unsafe body(row.baseAddress!)
    }
  }

  private func sortClasses(_ classes: Range<Int>, _ start: (Int) -> Int) {
    let range = start(classes.lowerBound)..<start(classes.upperBound)
    if range.isEmpty { return }
    if classes.count == 1 { return part(range, inOther: true).sort() }
    let middle = (classes.lowerBound + classes.upperBound) / 2
    forkIfLarge(range.count) {
      sortClasses(classes.lowerBound..<middle, start)
    } _: {
      sortClasses(middle..<classes.upperBound, start)
    }
  }
}
