// The unstable sort of numbers: quicksort in place down to ranges that fit in a processor's own cache, and those by radix sort with
// a scratch for each thread.
//
// Work O(n log n); span as for quicksort. Scratch: a quarter of a megabyte for each thread. Not stable.

/// Sorts numbers in place.
///
/// SAFETY: the caller owns the memory, and visits with the type of its elements.
@safe
@usableFromInline
struct UnstableRadixSort: RadixVisitor {
  @usableFromInline let elements: UnsafeMutableRawPointer
  @usableFromInline let count: Int
  @usableFromInline let plan: LoopPlan

  @inlinable
  init(_ elements: UnsafeMutableRawPointer, _ count: Int, _ plan: LoopPlan) {
    unsafe self.elements = unsafe elements
    self.count = count
    self.plan = plan
  }

  @inlinable
  func visit<Number: RadixKeyed & Comparable>(_ type: Number.Type) {
    if type == Double.self { return sortAsIntegers(UInt64.self, notNumbers: (1 << Double.significandBitCount) - 1) }
    if type == Float.self { return sortAsIntegers(UInt32.self, notNumbers: (1 << Float.significandBitCount) - 1) }
    let elements = unsafe elements.assumingMemoryBound(to: Number.self)
    plan.onWorker {
      let leafCount = min(RadixParts.leastCount / 2, Parts.size(of: Number.self))
      let threads = WorkerReference.current!.threadsOfPool
      unsafe Scratch.with(Number.self, count: min(count, leafCount) * threads) { scratch in
        var kernels = SortKernels<Number, Never> { $0.radixKey < $1.radixKey }
        unsafe kernels.leaf = SortLeaf(count: leafCount) { elements, count in
          // So few elements are sorted without a fork: on this thread no other leaf begins before this one ends.
          unsafe radixSort(elements, count, scratch + WorkerReference.current!.indexInPool * min(self.count, leafCount))
        }
        unsafe kernels.unstableSort(elements, count)
      }
    }
  }
}

// MARK: - Floating point

extension UnstableRadixSort {
  /// Turns the bits of floating-point numbers into integers of the same order, sorts these, and turns them back.
  ///
  /// −0 is below +0. What is not a number is above all numbers: it has both ends of the range of integers at first, which are then
  /// moved by as many as there are with a sign.
  @inlinable
  func sortAsIntegers<Word: FixedWidthInteger & UnsignedInteger & RadixKeyed>(_ type: Word.Type, notNumbers: Word) {
    let words = unsafe elements.assumingMemoryBound(to: Word.self)
    let sign = Word(1) << (Word.bitWidth - 1)
    plan.onWorker {
      unsafe modify(words) { word in
        let mask = (0 &- word &>> (Word.bitWidth - 1)) | sign
        return (word ^ mask) &- notNumbers
      }
      visit(Word.self)
      unsafe modify(words) { word in
        let ordered = word &+ notNumbers
        return ordered ^ (((ordered &>> (Word.bitWidth - 1)) &- 1) | sign)
      }
    }
  }

  @inlinable
  @inline(__always)
  func modify<Word>(_ words: UnsafeMutablePointer<Word>, _ change: (Word) -> Word) {
    let parts = Parts(of: Word.self, total: count)
    forEachPart(0..<parts.count) { part in
      for index in parts[part] { unsafe words[index] = unsafe change(words[index]) }
    }
  }
}

extension WorkerReference {
  @usableFromInline var threadsOfPool: Int { pool.threadCount }
  @usableFromInline var indexInPool: Int { index }
}
