/// Changes elements of contiguous memory in place, each together with the element of a parallel collection at the same
/// position.
///
/// SAFETY: As for `ModifyBody`.
@safe
@usableFromInline
struct ModifyWithBody<Element, Failure: Error>: LoopBody {
  @usableFromInline typealias Partial = Void

  @usableFromInline let leaf: BoundLeaf<UnsafeMutablePointer<Element>, Failure>
  @usableFromInline let elements: UnsafeMutableBufferPointer<Element>

  @inlinable
  init(_ leaf: BoundLeaf<UnsafeMutablePointer<Element>, Failure>, _ elements: UnsafeMutableBufferPointer<Element>) {
    unsafe self.leaf = unsafe leaf
    unsafe self.elements = elements
  }

  @inlinable
  func run(
    _ units: Range<Int>, into partial: inout Void, _ control: borrowing LoopControl<Failure>, _ watch: inout BatchWatch
  ) -> Int {
    let memory = unsafe elements.baseAddress!
    var next = unsafe memory + units.lowerBound
    let reached = unsafe leaf.run(units, &next, control, &watch)
    unsafe requireNoMore(than: units, end: next - memory)
    return reached ?? units.upperBound
  }
}

extension ParallelCollection {
  /// Calls `body` with each element of some memory and the element of this collection at the same position, up to the
  /// end of the shorter one.
  @_alwaysEmitIntoClient
  @inline(__always)
  func modify<Target>(
    _ targets: UnsafeMutableBufferPointer<Target>, plan: LoopPlan,
    _ body: @escaping (Element, inout Target) throws(Failure) -> Void
  ) throws(Failure) {
    let count = Swift.min(targets.count, positionCount)
    if count == 0 { return plan.reportNothing() }
    let control = LoopControl<Failure>(plan)
    unsafe withLeaf { (element, next: inout UnsafeMutablePointer<Target>) throws(Failure) in
      unsafe try body(element, &next.pointee)
      unsafe next += 1
      return true
    } run: { leaf in
      unsafe runLoop(ModifyWithBody(leaf, targets), control, count: count, plan: plan)
    }
    try control.throwFirst()
  }
}

extension ParallelElements where Base: MutableCollection {
  /// Calls a closure with each element, which it may change in place, and the element of another collection at the same
  /// position, up to the end of the shorter one.
  ///
  ///     samples.parallel.modifyEach(with: window.parallel) { (sample: inout Float, weight) in sample *= weight }
  ///
  /// The loop runs by the plan of this collection.
  /// - Throws: The error of the first element in order for which a closure throws. Elements after it may have been changed or not.
  /// - Complexity: Work O(*n*) calls; span O(log *n*) and the longest of the calls.
  @_alwaysEmitIntoClient
  @inline(__always)
  public mutating func modifyEach<Other: ParallelCollection>(
    with other: Other, _ body: @escaping @Sendable (inout Element, Other.Element) -> Void
  ) throws(Other.Failure) {
    let plan = plan
    unsafe try withMutableElements { (elements) throws(Other.Failure) in
      unsafe try other.modify(elements, plan: plan) { (value, element: inout Element) in body(&element, value) }
    }
  }

  /// Like `modifyEach(with:_:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public mutating func modifyEach<Other: ParallelCollection, E>(
    with other: Other, _ body: @escaping @Sendable (inout Element, Other.Element) throws(E) -> Void
  ) throws(E) where Other.Failure == Never {
    try modifyEach(with: other.mayThrow(E.self), body)
  }

  /// As `modifyEach(with:_:)`, where both the closure and those of the other collection may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public mutating func modifyEach<Other: ParallelCollection, E>(
    with other: Other, _ body: @escaping @Sendable (inout Element, Other.Element) throws(E) -> Void
  ) throws(E) where Other.Failure == E {
    let plan = plan
    unsafe try withMutableElements { (elements) throws(E) in
      unsafe try other.modify(elements, plan: plan) { (value, element: inout Element) throws(E) in
        try body(&element, value)
      }
    }
  }
}

extension ParallelInPlace {
  /// Calls a closure with each element, which it may change, and the element of another collection at the same
  /// position; see `modifyEach(with:_:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public borrowing func modifyEach<Other: ParallelCollection>(
    with other: Other, _ body: @escaping @Sendable (inout Element, Other.Element) -> Void
  ) throws(Other.Failure) {
    try withElements { (elements) throws(Other.Failure) in try elements.modifyEach(with: other, body) }
  }

  /// Like `modifyEach(with:_:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public borrowing func modifyEach<Other: ParallelCollection, E>(
    with other: Other, _ body: @escaping @Sendable (inout Element, Other.Element) throws(E) -> Void
  ) throws(E) where Other.Failure == Never {
    try withElements { (elements) throws(E) in try elements.modifyEach(with: other, body) }
  }

  /// As `modifyEach(with:_:)`, where both the closure and those of the other collection may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public borrowing func modifyEach<Other: ParallelCollection, E>(
    with other: Other, _ body: @escaping @Sendable (inout Element, Other.Element) throws(E) -> Void
  ) throws(E) where Other.Failure == E {
    try withElements { (elements) throws(E) in try elements.modifyEach(with: other, body) }
  }
}

extension ParallelMutableBuffer {
  /// Calls a closure with each element, which it may change, and the element of another collection at the same
  /// position; see `modifyEach(with:_:)` of an array's elements.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func modifyEach<Other: ParallelCollection>(
    with other: Other, _ body: @escaping @Sendable (inout Element, Other.Element) -> Void
  ) throws(Other.Failure) {
    unsafe try other.modify(base, plan: plan) { (value, element: inout Element) in body(&element, value) }
  }

  /// Like `modifyEach(with:_:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func modifyEach<Other: ParallelCollection, E>(
    with other: Other, _ body: @escaping @Sendable (inout Element, Other.Element) throws(E) -> Void
  ) throws(E) where Other.Failure == Never {
    unsafe try other.mayThrow(E.self).modify(base, plan: plan) { (value, element: inout Element) throws(E) in
      try body(&element, value)
    }
  }
}
