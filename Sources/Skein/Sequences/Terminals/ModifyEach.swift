/// Changes elements of contiguous memory in place.
///
/// SAFETY: The memory belongs to the caller until the loop is over; the engine hands each index to one thread.
@safe
@usableFromInline
struct ModifyBody<Element, Failure: Error>: LoopBody {
  @usableFromInline typealias Partial = Void

  @usableFromInline let elements: UnsafeMutableBufferPointer<Element>
  @usableFromInline let leaf: ModifyLeaf<Element, Failure>

  @inlinable
  init(_ elements: UnsafeMutableBufferPointer<Element>, _ leaf: @escaping ModifyLeaf<Element, Failure>) {
    unsafe self.elements = elements
    unsafe self.leaf = leaf
  }

  @inlinable
  func run(
    _ units: Range<Int>, into partial: inout Void, _ control: borrowing LoopControl<Failure>, _ watch: inout BatchWatch
  ) -> Int {
    do throws(Failure) {
      return unsafe try leaf(elements, units, &watch)
    } catch {
      control.note(error, at: units.lowerBound)
      return units.upperBound
    }
  }
}

/// A sequential loop that changes elements until it is done or its watch ends it; returns the first index not done.
@usableFromInline
typealias ModifyLeaf<Element, Failure: Error> =
  (_ elements: UnsafeMutableBufferPointer<Element>, _ indices: Range<Int>, _ watch: inout BatchWatch) throws(Failure) ->
  Int

/// The closure, held so that its captures can be seen; see `ClosureLender`.
@usableFromInline
struct ModifyLink<Element, Failure: Error>: ~Copyable {
  @usableFromInline let body: (inout Element) throws(Failure) -> Void

  @inlinable
  init(_ body: @escaping (inout Element) throws(Failure) -> Void) { self.body = body }
}

/// Made where the closure can still be seen, outside any other closure: if it captures nothing, the leaf is a constant,
/// with one loop without calls for each slice.
@_alwaysEmitIntoClient
@inline(__always)
func modifyLeaf<Element, Failure>(
  _ body: @escaping @Sendable (inout Element) throws(Failure) -> Void
) -> ModifyLeaf<Element, Failure> {
  if capturesNothing({ use in lend(ModifyLink(body), to: use) }) {
    { (elements, indices, watch) throws(Failure) in
      try watch.forEachSlice(of: indices, by: .plain) { (slice) throws(Failure) in
        for index in slice { unsafe try body(&elements[index]) }
      }
    }
  } else {
    { (elements, indices, watch) throws(Failure) in
      try watch.forEachSlice(of: indices, by: .calls) { (slice) throws(Failure) in
        for index in slice { unsafe try body(&elements[index]) }
      }
    }
  }
}

@_alwaysEmitIntoClient
@inline(__always)
func modifyEach<Element, Failure>(
  _ elements: UnsafeMutableBufferPointer<Element>, plan: LoopPlan, _ leaf: @escaping ModifyLeaf<Element, Failure>
) throws(Failure) {
  let control = LoopControl<Failure>(plan)
  unsafe runLoop(ModifyBody(elements, leaf), control, count: elements.count, plan: plan)
  try control.throwFirst()
}

extension ParallelElements where Base: MutableCollection {
  /// Calls a closure with each element, which it may change in place, on several threads at once.
  ///
  ///     pixels.parallel.modifyEach { $0 = tone($0) }
  ///
  /// - Throws: The error of the first element in order whose closure throws. Elements after it may have been changed or not.
  /// - Complexity: Work O(*n*) calls; span O(log *n*) and the longest of the calls.
  @_alwaysEmitIntoClient
  @inline(__always)
  public mutating func modifyEach<E>(_ body: @escaping @Sendable (inout Element) throws(E) -> Void) throws(E) {
    let plan = plan
    let leaf = unsafe modifyLeaf(body)
    unsafe try withMutableElements { (elements) throws(E) in unsafe try Skein.modifyEach(elements, plan: plan, leaf) }
  }
}

extension ParallelMutableBuffer {
  /// Calls a closure with each element, which it may change in place, on several threads at once.
  /// - Throws: The error of the first element in order whose closure throws. Elements after it may have been changed or not.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func modifyEach<E>(_ body: @escaping @Sendable (inout Element) throws(E) -> Void) throws(E) {
    unsafe try Skein.modifyEach(base, plan: plan, modifyLeaf(body))
  }
}
