// Work O(n) comparisons, about 1.5 n + o(n) of them for a median, also in the worst case: when passes shrink the range too little, its
// pivots are medians of medians. Span O(log² n) of them; O(n) where medians of medians are needed. Scratch: n/8 bytes, a sample of
// at most 2048 elements, and n/4 elements where medians of medians are needed. Not stable; the same result at every thread count.
//
// Floyd & Rivest, "Expected time bounds for selection" (1975): the pivot comes from a sample, a little to the side of the wanted
// element on which more elements lie. So that side nearly always falls away, and what is left is cut from the other side next.
// The guard is that of Blum, Floyd, Pratt, Rivest & Tarjan (1973).

/// How a selection compares: the leaves of its passes are made where the order can still be seen.
///
/// SAFETY: The leaves read the elements and the pivot that `Selection` hands them, and keep neither.
@safe
@usableFromInline
struct SelectionOrder<Element, Failure: Error> {
  /// Marks what is not less than the operand.
  @usableFromInline let notLess: MarkLeaf<Element, Failure>
  /// Marks what is greater than the operand.
  @usableFromInline let greater: MarkLeaf<Element, Failure>
  @usableFromInline let areInIncreasingOrder: (Element, Element) throws(Failure) -> Bool

  @inlinable
  @inline(__always)
  init(_ areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(Failure) -> Bool) {
    unsafe notLess = { (elements, positions, operand) throws(Failure) in
      let pivot = unsafe operand.assumingMemoryBound(to: Element.self)
      return try packed(positions) { (position) throws(Failure) in
        unsafe try !areInIncreasingOrder(elements[position], pivot.pointee)
      }
    }
    unsafe greater = { (elements, positions, operand) throws(Failure) in
      let pivot = unsafe operand.assumingMemoryBound(to: Element.self)
      return try packed(positions) { (position) throws(Failure) in
        unsafe try areInIncreasingOrder(pivot.pointee, elements[position])
      }
    }
    self.areInIncreasingOrder = areInIncreasingOrder
  }
}

/// A selection under way: what is wanted lies in the range, with nothing greater before it and nothing less after it.
@usableFromInline
struct Selection<Element, Failure: Error> {
  @usableFromInline let order: SelectionOrder<Element, Failure>
  @usableFromInline let plan: LoopPlan
  /// How many more passes may shrink the range by less than an eighth before the pivots become medians of medians.
  @usableFromInline var patience: Int

  @inlinable
  init(_ order: SelectionOrder<Element, Failure>, plan: LoopPlan, patience: Int = 4) {
    self.order = order
    self.plan = plan
    self.patience = patience
  }

  /// Below this, sorting is as good.
  @inlinable static var small: Int { 512 }

  /// Puts the element at `wanted` that would be there if all were sorted, nothing greater before it and nothing less after it.
  @inlinable
  mutating func run(_ elements: UnsafeMutableBufferPointer<Element>, at wanted: Int) throws(Failure) {
    var range = 0..<elements.count
    while range.count > Self.small {
      let part = unsafe UnsafeMutableBufferPointer(rebasing: elements[range])
      let pivot =
        unsafe patience > 0
        ? try sampledPivot(part, near: wanted - range.lowerBound) : try medianOfMedians(part)
      let boundary = unsafe try range.lowerBound + partition(part, around: pivot, order.notLess)
      let count = range.count
      if wanted < boundary, boundary < range.upperBound {
        range = range.lowerBound..<boundary
      } else if boundary <= wanted, range.lowerBound < boundary {
        range = boundary..<range.upperBound
      } else {
        // Nothing is less than the pivot. What equals it comes first, and it is found or out of the way.
        let boundary = unsafe try range.lowerBound + partition(part, around: pivot, order.greater)
        if wanted < boundary || boundary == range.lowerBound { return }
        range = boundary..<range.upperBound
      }
      if range.count > count - count / 8 { patience -= 1 }
    }
    var part = unsafe UnsafeMutableBufferPointer(rebasing: elements[range])
    unsafe try part.sortSequentially(by: order.areInIncreasingOrder)
  }

  @inlinable
  func partition(
    _ elements: UnsafeMutableBufferPointer<Element>, around pivot: Element, _ leaf: @escaping MarkLeaf<Element, Failure>
  ) throws(Failure) -> Int {
    var result = Result<Int, Failure>.success(0)
    unsafe withUnsafePointer(to: pivot) { pivot in
      do throws(Failure) {
        result = .success(unsafe try Skein.partition(elements, plan: plan, operand: pivot, leaf))
      } catch {
        result = .failure(error)
      }
    }
    return try result.get()
  }

  /// An element that is likely to have the wanted one on the side with fewer elements, and not to be far from it.
  @inlinable
  func sampledPivot(_ elements: UnsafeMutableBufferPointer<Element>, near wanted: Int) throws(Failure) -> Element {
    let size = min(2048, elements.count / 8)
    var places = CountedRandom(key: UInt64(elements.count))
    var sample: [Element] = []
    sample.reserveCapacity(size)
    for _ in 0..<size { unsafe sample.append(elements[places.next(below: elements.count)]) }
    try sample.sortSequentially(by: order.areInIncreasingOrder)
    let place = Int(Double(wanted) / Double(elements.count) * Double(size))
    let margin = Int(1.5 * Double(size).squareRoot())
    return sample[place < size / 2 ? min(place + margin, size - 1) : max(place - margin, 0)]
  }

  /// An element that has at least three tenths of the others, or nearly, on either side.
  @inlinable
  func medianOfMedians(_ elements: UnsafeMutableBufferPointer<Element>) throws(Failure) -> Element {
    var medians: [Element] = []
    medians.reserveCapacity(elements.count / 5)
    for start in stride(from: 0, through: elements.count - 5, by: 5) {
      var five = unsafe Array(elements[start..<start + 5])
      try five.sortSequentially(by: order.areInIncreasingOrder)
      medians.append(five[2])
    }
    let middle = medians.count / 2
    var result = Result<Element, Failure>.success(medians[middle])
    unsafe medians.withUnsafeMutableBufferPointer { medians in
      var selection = Selection(order, plan: plan, patience: 0)
      do throws(Failure) {
        unsafe try selection.run(medians, at: middle)
        result = unsafe .success(medians[middle])
      } catch {
        result = .failure(error)
      }
    }
    return try result.get()
  }
}

extension MutableCollection where Self: RandomAccessCollection {
  /// The standard library's sort, with its error typed.
  @inlinable
  mutating func sortSequentially<E: Error>(by areInIncreasingOrder: (Element, Element) throws(E) -> Bool) throws(E) {
    do {
      try sort(by: areInIncreasingOrder)
    } catch {
      throw error as! E
    }
  }
}

@inlinable
func select<Element, E>(
  _ elements: UnsafeMutableBufferPointer<Element>, at wanted: Int, plan: LoopPlan, _ order: SelectionOrder<Element, E>
) throws(E) -> Element {
  require(elements.indices.contains(wanted), "there is no element \(wanted) of \(elements.count) to select")
  return try plan.onWorker { () throws(E) in
    var selection = Selection(order, plan: plan)
    unsafe try selection.run(elements, at: wanted)
    return unsafe elements[wanted]
  }
}

extension ParallelElements where Base: MutableCollection {
  /// Puts the element at an index that sorting by an order would put there, nothing greater before it and nothing less after it, and
  /// returns it.
  ///
  ///     let median = samples.parallel.select(at: samples.count / 2, by: <)
  ///
  /// What C++ calls `nth_element`. Not stable; where the other elements go depends on their order and number alone.
  ///
  /// - Parameters:
  ///   - index: The place to fill.
  ///   - areInIncreasingOrder: A strict weak ordering. With another function the elements end in some order.
  /// - Throws: What the comparison throws, the same error at every number of threads. Every element is then still there.
  /// - Precondition: `index` is that of an element.
  /// - Complexity: Work O(*n*) comparisons, also in the worst case; span O(log² *n*) of them, where the order of the elements is
  ///   not made to prevent that. Scratch: *n*/8 bytes, and *n*/4 elements in such a case.
  @inlinable
  @inline(__always)
  @discardableResult
  public mutating func select<E>(
    at index: Base.Index, by areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(E) -> Bool
  ) throws(E) -> Element {
    let plan = plan
    let wanted = offset(index)
    let order = SelectionOrder(areInIncreasingOrder)
    return unsafe try withMutableElements { (elements) throws(E) in
      unsafe try Skein.select(elements, at: wanted, plan: plan, order)
    }
  }
}

extension ParallelElements where Base: MutableCollection, Element: Comparable {
  /// Puts the element at an index that sorting would put there, nothing greater before it and nothing less after it, and returns it.
  /// As `select(at:by:)` with `<`.
  @inlinable
  @inline(__always)
  @discardableResult
  public mutating func select(at index: Base.Index) -> Element { select(at: index) { $0 < $1 } }
}

extension ParallelMutableBuffer {
  /// Puts the element at an index that sorting by an order would put there, nothing greater before it and nothing less after it, and
  /// returns it. As for arrays.
  @inlinable
  @inline(__always)
  @discardableResult
  public func select<E>(
    at index: Int, by areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(E) -> Bool
  ) throws(E) -> Element {
    let order = SelectionOrder(areInIncreasingOrder)
    return unsafe try Skein.select(base, at: index, plan: plan, order)
  }
}

extension ParallelMutableBuffer where Element: Comparable {
  /// Puts the element at an index that sorting would put there, nothing greater before it and nothing less after it, and returns it.
  /// As `select(at:by:)` with `<`.
  @inlinable
  @inline(__always)
  @discardableResult
  public func select(at index: Int) -> Element { select(at: index) { $0 < $1 } }
}
