// Sorting by a key that is computed once for each element: the keys, each with the index of its element, are sorted,
// and then the elements are permuted.

extension ParallelElements where Base: MutableCollection {
  /// Sorts the elements in place by a key, stably: elements with equal keys keep their order.
  ///
  ///     files.parallel.sort { $0.name.lowercased() }
  ///
  /// The keys are computed in parallel, each once, and kept until the end. Integers and floating-point numbers are
  /// sorted by their bits. NaN keys come last; see <doc:Sorting>.
  ///
  /// - Parameter key: Returns the key of an element.
  /// - Throws: The error of the first element in order whose key throws. In that case the elements are unchanged.
  /// - Complexity: Work O(*n*) calls and O(*n* log *n*) comparisons of keys; span O(log² *n*) and some million comparisons.
  ///   Scratch: *n* elements, and two keys and numbers for each.
  @_alwaysEmitIntoClient
  @inline(__always)
  public mutating func sort<Key: Comparable & Sendable, E>(
    on key: @escaping @Sendable (Element) throws(E) -> Key
  ) throws(E) {
    let plan = plan
    unsafe try withMutableElements { (elements) throws(E) in
      unsafe try sortOnKeys(ParallelMutableBuffer(elements, plan: plan), key)
    }
  }
}

extension ParallelMutableBuffer {
  /// Sorts the elements in place by a key, stably; see ``ParallelElements/sort(on:)``.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func sort<Key: Comparable & Sendable, E>(
    on key: @escaping @Sendable (Element) throws(E) -> Key
  ) throws(E) {
    try sortOnKeys(self, key)
  }
}

@_alwaysEmitIntoClient
@inline(__always)
func sortOnKeys<Element: Sendable, Key: Comparable & Sendable, E>(
  _ elements: ParallelMutableBuffer<Element>, _ key: @escaping @Sendable (Element) throws(E) -> Key
) throws(E) {
  let plan = elements.plan
  guard elements.count > 1, let base = unsafe elements.base.baseAddress else { return }
  let numbers = ParallelIntegers(0..<elements.count, plan: plan)
  var keys = try Array(
    numbers.map { (number) throws(E) in unsafe Keyed(try key(elements.base[number]), number) })
  // A loop that was cancelled has not made all keys; then nothing is sorted.
  guard keys.count == elements.count else { return }
  unsafe sortByKeys(base, &keys, plan)
}

@inlinable
func sortByKeys<Element, Key: Comparable & Sendable>(
  _ elements: UnsafeMutablePointer<Element>, _ keys: inout [Keyed<Key>], _ plan: LoopPlan
) {
  unsafe keys.withUnsafeMutableBufferPointer { keys in
    if hasRadixKey(Key.self) {
      unsafe NumericSort(keys.baseAddress!, keys.count, plan).sort(.keyed, as: Key.self)
    } else if hasNaNs(Key.self) {
      unsafe SortKernels<Keyed<Key>, Never> { precedesNumbersFirst($0.key, $1.key) }.stableSort(unsafe keys, plan)
    } else {
      unsafe SortKernels<Keyed<Key>, Never> { $0.key < $1.key }.stableSort(unsafe keys, plan)
    }
    let sorted = keys.baseAddress!
    plan.onWorker {
      unsafe Scratch.with(Element.self, count: keys.count) { scratch in
        unsafe arrange(elements, keys.count, scratch) { unsafe sorted[$0].number }
      }
    }
  }
}

/// A key, and the index of its element.
@usableFromInline
struct Keyed<Key> {
  @usableFromInline let key: Key
  @usableFromInline let number: Int

  @inlinable
  init(_ key: Key, _ number: Int) {
    self.key = key
    self.number = number
  }
}

extension Keyed: Sendable where Key: Sendable {}

/// Permutes elements: each place gets the element whose index `source` returns for it. Every index occurs once.
///
/// Work O(n); span O(size of a part + log n). The scratch has room for all of them.
@inlinable
func arrange<Element>(
  _ elements: UnsafeMutablePointer<Element>, _ count: Int, _ scratch: UnsafeMutablePointer<Element>,
  _ source: (Int) -> Int
) {
  let parts = Parts(of: Element.self, total: count)
  forEachPart(0..<parts.count) { part in
    for place in parts[part] { unsafe (scratch + place).moveInitialize(from: elements + source(place), count: 1) }
  }
  unsafe moveInParallel(scratch, elements, count: count)
}
