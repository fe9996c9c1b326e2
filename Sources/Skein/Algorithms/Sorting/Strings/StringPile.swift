// Divides strings into classes until the cache holds one, which is sorted as a block. Which classes there are is learned from a sample. Either
// the strings are dealt out to the other of two places, by parts, each of which counts and deals its own; or they are partitioned in place,
// by the splitter in the middle, and so on with each half.
//
// The next seven bytes tell the class of a string. If all strings of a sample have the same, it is found out how much all strings have in
// common, and they are divided by what comes after.
//
// Work O(n log n + bytes that tell the strings apart); span O(n / parts + log² n). Scratch: that of the blocks, and some numbers for each
// part. With another place, of n strings, it is stable.
// Frazer & McKellar, "Samplesort", 1970; without branches: Sanders & Winkel, "Super scalar sample sort", 2004.

/// Strings in one of two places, to be sorted into the place that they came from, or in their only place.
///
/// SAFETY: the places belong to the pile alone; the strings' bits are in `place`.
@safe
struct StringPile {
  let place: UnsafeMutablePointer<StringBits>
  let other: UnsafeMutablePointer<StringBits>?
  let count: Int
  /// Whether the strings are where they are to be in the end.
  let isHome: Bool
  let blocks: StringBlocks
  /// The strings are equal up to here.
  var depth = 0
  /// How often they may be divided by the same bytes, before they are sorted by comparison.
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

  /// A part of the strings, divided from the others.
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

  /// How many bytes all of them have in common from the beginning, `.max` if they are equal; or else fewer than a key tells.
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
    // For each class, how many of its strings each part has, and then where the first of them goes.
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

  /// Numbers that no other thread writes close to.
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
