extension ParallelSequence where Element: Sendable {
  /// Returns the elements sorted by an order, stably.
  ///
  /// - Parameter areInIncreasingOrder: A strict weak ordering.
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: As for ``ParallelElements/sort(by:)``, after the elements have been collected.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func sorted(
    by areInIncreasingOrder: @escaping @Sendable (Element, Element) -> Bool
  ) throws(Failure) -> [Element] {
    let plan = LoopPlan(pool: plan.pool)
    let kernels = SortKernels<Element, Never>(areInIncreasingOrder)
    var elements = try Array(self)
    unsafe elements.withUnsafeMutableBufferPointer { unsafe kernels.stableSort($0, plan) }
    return elements
  }

  /// Like `sorted(by:)`, with an order that may throw; see ``ParallelElements/sort(by:)``.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func sorted<E>(
    by areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(E) -> Bool
  ) throws(E) -> [Element] where Failure == Never {
    let plan = LoopPlan(pool: plan.pool)
    let kernels = SortKernels<Element, E>(areInIncreasingOrder)
    var elements = Array(self)
    unsafe try elements.withUnsafeMutableBufferPointer { (elements) throws(E) in
      unsafe try kernels.stableSort(elements, plan)
    }
    return elements
  }

  /// Returns the elements sorted by a key, stably.
  ///
  /// - Parameter key: Returns the key of an element; called once for each.
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: As for ``ParallelElements/sort(on:)``, after the elements have been collected.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func sorted<Key: Comparable & Sendable>(
    on key: @escaping @Sendable (Element) -> Key
  ) throws(Failure) -> [Element] {
    let plan = LoopPlan(pool: plan.pool)
    var elements = try Array(self)
    unsafe elements.withUnsafeMutableBufferPointer { unsafe sortOnKeys(ParallelMutableBuffer($0, plan: plan), key) }
    return elements
  }

  /// Like `sorted(on:)`, with a key that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func sorted<Key: Comparable & Sendable, E>(
    on key: @escaping @Sendable (Element) throws(E) -> Key
  ) throws(E) -> [Element] where Failure == Never {
    let plan = LoopPlan(pool: plan.pool)
    var elements = Array(self)
    unsafe try elements.withUnsafeMutableBufferPointer { (elements) throws(E) in
      unsafe try sortOnKeys(ParallelMutableBuffer(elements, plan: plan), key)
    }
    return elements
  }
}

extension ParallelSequence where Element: Comparable & Sendable {
  /// Returns the elements sorted, stably. Floating-point NaNs come last; see <doc:Sorting>.
  ///
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: As for ``ParallelElements/sort()``, after the elements have been collected.
  @inlinable
  public func sorted() throws(Failure) -> [Element] {
    let plan = LoopPlan(pool: plan.pool)
    var elements = try Array(self)
    unsafe elements.withUnsafeMutableBufferPointer { unsafe sortStably($0, plan) }
    return elements
  }
}
