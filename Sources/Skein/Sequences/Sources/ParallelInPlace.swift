/// The elements of a variable, to be changed in place as the parameters of `parallel(in:)` say.
///
///     numbers.parallel(in: pool).sort()
///
/// It replaces ``ParallelElements`` for `parallel(in:)` and the like, whose result, unlike a property, cannot be
/// changed. It holds the address of the variable, and the compiler keeps it from outliving the access to the variable,
/// which nothing else can read or write meanwhile. So it cannot be stored or returned, and the compiler rejects it
/// where there is no variable to lend: for a property of an object that is reached through a constant, and for a
/// computed property. There, change the elements inside the pool, with `pool.run`, or in a variable of your own.
///
/// SAFETY: `base` is the address of the variable for as long as this value lives, since it depends on an exclusive access to it.
@safe
public struct ParallelInPlace<Base: MutableCollection & RandomAccessCollection & Sendable>: ~Copyable, ~Escapable
where Base.Element: Sendable {
  /// The type of the elements.
  public typealias Element = Base.Element

  @usableFromInline let base: UnsafeMutablePointer<Base>
  @usableFromInline var plan: LoopPlan

  @inlinable
  @_lifetime(&base)
  init(_ base: inout Base, plan: LoopPlan) {
    unsafe self.base = withUnsafeMutablePointer(to: &base) { unsafe $0 }
    self.plan = plan
  }

  /// Lends the variable's value to the algorithms as a mutable view. It is moved there and back, so nothing is copied.
  @inlinable
  @inline(__always)
  borrowing func withElements<Result, E: Error>(
    _ body: (inout ParallelElements<Base>) throws(E) -> Result
  ) throws(E) -> Result {
    var elements = unsafe ParallelElements(base.move(), plan: plan)
    defer { unsafe base.initialize(to: elements.base) }
    return try body(&elements)
  }
}

extension MutableCollection where Self: RandomAccessCollection & Sendable, Element: Sendable {
  /// Returns the elements of this variable, to be changed in parallel, in place, as the parameters say.
  ///
  ///     numbers.parallel(in: pool, minimumBatch: 1000).modifyEach { $0 *= 2 }
  ///
  /// - Parameters:
  ///   - pool: The pool to run in. By default the current one, or `ThreadPool.shared` outside any.
  ///   - minimumBatch: No worker is given fewer elements than this at once (except the rest at the end).
  ///   - maximumBatch: No worker runs more elements than this without checking whether another worker is hungry.
  ///   - maximumInFlight: At most this many iterations are open at once.
  /// - Precondition: All numbers are at least 1.
  @inlinable
  @_disfavoredOverload
  @_lifetime(&self)
  public mutating func parallel(
    in pool: ThreadPool? = nil, minimumBatch: Int = 1, maximumBatch: Int = .max, maximumInFlight: Int = .max
  ) -> ParallelInPlace<Self> {
    ParallelInPlace(
      &self,
      plan: LoopPlan(
        pool: pool, minimumBatch: minimumBatch, maximumBatch: maximumBatch, maximumInFlight: maximumInFlight))
  }
}

// MARK: - What can be done in place

extension ParallelInPlace {
  /// Calls a closure with each element, which it may change; see ``ParallelElements/modifyEach(_:)``.
  @_alwaysEmitIntoClient
  @inline(__always)
  public borrowing func modifyEach<E>(_ body: @escaping @Sendable (inout Element) throws(E) -> Void) throws(E) {
    try withElements { (elements) throws(E) in try elements.modifyEach(body) }
  }

  /// Calls a closure with spans of the elements, which it may change in place; see ``ParallelElements/modifyEachSpan(_:)``.
  @_alwaysEmitIntoClient
  @inline(__always)
  public borrowing func modifyEachSpan<E>(
    _ body: @escaping @Sendable (inout MutableSpan<Element>, Int) throws(E) -> Void
  ) throws(E) {
    try withElements { (elements) throws(E) in try elements.modifyEachSpan(body) }
  }

  /// Sorts the elements by an order, stably; see ``ParallelElements/sort(by:)``.
  @_alwaysEmitIntoClient
  @inline(__always)
  public borrowing func sort<E>(
    by areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(E) -> Bool
  ) throws(E) {
    try withElements { (elements) throws(E) in try elements.sort(by: areInIncreasingOrder) }
  }

  /// Sorts the elements by a key, stably; see ``ParallelElements/sort(on:)``.
  @_alwaysEmitIntoClient
  @inline(__always)
  public borrowing func sort<Key: Comparable & Sendable, E>(
    on key: @escaping @Sendable (Element) throws(E) -> Key
  ) throws(E) {
    try withElements { (elements) throws(E) in try elements.sort(on: key) }
  }

  /// Sorts the elements by an order, in place; see ``ParallelElements/unstableSort(by:)``.
  @_alwaysEmitIntoClient
  @inline(__always)
  public borrowing func unstableSort<E>(
    by areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(E) -> Bool
  ) throws(E) {
    try withElements { (elements) throws(E) in try elements.unstableSort(by: areInIncreasingOrder) }
  }

  /// Moves all elements that satisfy a condition behind those that do not; see ``ParallelElements/partition(by:)``.
  @_alwaysEmitIntoClient
  @inline(__always)
  public borrowing func partition<E>(
    by belongsInSecondPartition: @escaping @Sendable (Element) throws(E) -> Bool
  ) throws(E) -> Base.Index {
    try withElements { (elements) throws(E) in try elements.partition(by: belongsInSecondPartition) }
  }

  /// Moves all elements that satisfy a condition behind those that do not, keeping the order of both; see
  /// ``ParallelElements/stablePartition(by:)``.
  @_alwaysEmitIntoClient
  @inline(__always)
  @discardableResult
  public borrowing func stablePartition<E>(
    by belongsInSecondPartition: @escaping @Sendable (Element) throws(E) -> Bool
  ) throws(E) -> Base.Index {
    try withElements { (elements) throws(E) in try elements.stablePartition(by: belongsInSecondPartition) }
  }

  /// Puts the element at an index that sorting by an order would put there; see `ParallelElements/select(at:by:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  @discardableResult
  public borrowing func select<E>(
    at index: Base.Index, by areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(E) -> Bool
  ) throws(E) -> Element {
    try withElements { (elements) throws(E) in try elements.select(at: index, by: areInIncreasingOrder) }
  }

  /// Puts at each of several indices the element that sorting by an order would put there; see `ParallelElements/select(at:by:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public borrowing func select<E>(
    at indices: some Sequence<Base.Index>,
    by areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(E) -> Bool
  ) throws(E) {
    try withElements { (elements) throws(E) in try elements.select(at: indices, by: areInIncreasingOrder) }
  }

  /// Reverses the elements; see ``ParallelElements/reverse()``.
  @inlinable
  public borrowing func reverse() { withElements { $0.reverse() } }

  /// Rotates the elements so that the one at an index becomes the first; see ``ParallelElements/rotate(toStartAt:)``.
  @inlinable
  @discardableResult
  public borrowing func rotate(toStartAt newStart: Base.Index) -> Base.Index {
    withElements { $0.rotate(toStartAt: newStart) }
  }

  /// Replaces every element by a value; see ``ParallelElements/fill(with:)``.
  @inlinable
  public borrowing func fill(with value: Element) { withElements { $0.fill(with: value) } }

  /// Shuffles the elements; see ``ParallelElements/shuffle(seed:)``.
  @inlinable
  public borrowing func shuffle(seed: UInt64) { withElements { $0.shuffle(seed: seed) } }
}

extension ParallelInPlace where Element: Comparable {
  /// Sorts the elements, stably; see ``ParallelElements/sort()``.
  @inlinable
  public borrowing func sort() { withElements { $0.sort() } }

  /// Sorts the elements, in place; see ``ParallelElements/unstableSort()``.
  @inlinable
  public borrowing func unstableSort() { withElements { $0.unstableSort() } }

  /// Puts the element at an index that sorting would put there; see `ParallelElements/select(at:)`.
  @inlinable
  @discardableResult
  public borrowing func select(at index: Base.Index) -> Element { withElements { $0.select(at: index) } }

  /// Puts at each of several indices the element that sorting would put there; see `ParallelElements/select(at:)`.
  @inlinable
  public borrowing func select(at indices: some Sequence<Base.Index>) { withElements { $0.select(at: indices) } }
}

extension ParallelInPlace where Base: RangeReplaceableCollection {
  /// Removes all elements that satisfy a condition; see ``ParallelElements/removeAll(where:)``.
  @_alwaysEmitIntoClient
  @inline(__always)
  public borrowing func removeAll<E>(
    where shouldBeRemoved: @escaping @Sendable (Element) throws(E) -> Bool
  ) throws(E) {
    try withElements { (elements) throws(E) in try elements.removeAll(where: shouldBeRemoved) }
  }
}
