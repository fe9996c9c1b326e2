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

extension WorkerReference {
  @usableFromInline var threadsOfPool: Int { pool.threadCount }
  @usableFromInline var indexInPool: Int { index }
}
