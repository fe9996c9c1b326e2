// The unstable sort of numbers: counting sort if few are distinct; otherwise quicksort in place down to ranges that fit
// in a processor's own cache, which are sorted by radix sort with a scratch for each thread.
//
// Work O(n log n); span as for quicksort. Scratch: a quarter of a megabyte for each thread. Not stable.

extension NumericSort {
  func sortUnstably<Number: RadixKeyed>(_ type: Number.Type) {
    if type == Double.self { return sortInPlace(FloatBits<UInt64>.self) }
    if type == Float.self { return sortInPlace(FloatBits<UInt32>.self) }
    #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
      if type == Float16.self { return sortInPlace(FloatBits<UInt16>.self) }
    #endif
    sortInPlace(Number.self)
  }

  private func sortInPlace<Number: RadixKeyed>(_ type: Number.Type) {
    let elements = unsafe elements.assumingMemoryBound(to: Number.self)
    plan.onWorker {
      if unsafe countingSort(elements, count) { return }
      let leafCount = min(RadixParts.leastCount / 2, Parts.size(of: Number.self))
      let threads = WorkerReference.current!.poolThreadCount
      unsafe Scratch.with(Number.self, count: min(count, leafCount) * threads) { scratch in
        var kernels = SortKernels<Number, Never> { $0.radixKey < $1.radixKey }
        unsafe kernels.leaf = SortLeaf(count: leafCount) { elements, count in
          // So few elements are sorted without a fork: no other leaf begins on this thread before this one ends.
          unsafe radixSort(elements, count, scratch + WorkerReference.current!.indexInPool * min(self.count, leafCount))
        }
        unsafe kernels.unstableSort(elements, count)
      }
    }
  }
}

/// A floating-point number as its bits, in a total order: −0 comes before +0, and NaNs after all numbers.
///
/// The bits of positive numbers ascend, and those of negative ones descend. That leaves NaNs at both ends; a shift of
/// all values moves NaNs with a sign behind the others.
@usableFromInline
struct FloatBits<Word: FixedWidthInteger & UnsignedInteger>: RadixKeyed {
  @usableFromInline let word: Word

  @inlinable
  var radixKey: UInt64 {
    @inline(__always) get {
      let sign = Word(1) << (Word.bitWidth - 1)
      let mask = (0 &- word &>> Word(Word.bitWidth - 1)) | sign
      // The number of NaNs of each sign: all significands but that of infinity. A significand has 52, 23 or 10 bits.
      let notNumbers: Word = (1 << (Word.bitWidth == 64 ? 52 : Word.bitWidth == 32 ? 23 : 10)) - 1
      return UInt64(truncatingIfNeeded: (word ^ mask) &- notNumbers)
    }
  }
}

extension WorkerReference {
  @usableFromInline var indexInPool: Int { position }
}
