// Sorts strings by their bytes.
//
// `String` orders by the Unicode scalars of the canonical composition (NFC). Scalars below U+0300 are composed already
// and do not compose with each other; so their order is that of the bytes in UTF-8. If any other scalar occurs, strings
// are compared.
//
// Strings are moved as bits. Few are sorted as a block, by cells, in memory of each thread's own; many are divided into
// blocks: by the stable sort with another place for all of them, by the unstable one in place.
//
// Work O(n log n + distinguishing bytes), O(n) if they are in order; span O(n / parts + log² n). Scratch: n strings, or
// none; and a quarter of a megabyte for each thread.

/// Sorts strings, if all of them are ordered by their bytes.
/// - Returns: Whether all of them are.
@usableFromInline
func sortStrings(_ elements: UnsafeMutableRawPointer, _ count: Int, _ plan: LoopPlan, isStable: Bool) -> Bool {
  guard StringBits.areStrings else { return false }
  return plan.onWorker {
    guard unsafe areOrderedByBytes(elements.assumingMemoryBound(to: String.self), count) else { return false }
    let strings = unsafe elements.bindMemory(to: StringBits.self, capacity: count)
    defer { unsafe _ = elements.bindMemory(to: String.self, capacity: count) }
    if unsafe SortKernels.strings.run(strings, count) == count { return true }
    StringBlocks.with(count) { blocks in
      if !isStable || count <= StringBlocks.most {
        unsafe StringPile(strings, nil, count, isHome: true, blocks).sort()
      } else {
        unsafe Scratch.with(StringBits.self, count: count) { scratch in
          unsafe StringPile(strings, scratch, count, isHome: true, blocks).sort()
        }
      }
    }
    return true
  }
}

extension SortKernels<StringBits, Never> {
  /// The order of strings by their bytes.
  static var strings: Self { Self { $0.precedes($1) } }
}

/// Makes strings contiguous; returns whether all of them are ordered by their bytes.
private func areOrderedByBytes(_ strings: UnsafeMutablePointer<String>, _ count: Int) -> Bool {
  let parts = Parts(of: String.self, total: count)
  return withCounts(parts.count) { others in
    forEachPart(0..<parts.count) { part in
      for number in parts[part] {
        unsafe strings[number].makeContiguousUTF8()
        guard unsafe StringBits(strings + number).isOrderedByBytes else {
          others[part] = 1
          return
        }
      }
    }
    return others.makeOffsets() == 0
  }
}
