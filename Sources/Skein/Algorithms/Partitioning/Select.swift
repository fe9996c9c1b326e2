// Work O(n) comparisons, about 1.5 n + o(n) of them for a median, also in the worst case: when passes shrink the range too little, its
// pivots are medians of medians. Span O(log² n) of them; O(n) where medians of medians are needed. Scratch: n/8 bytes, a sample of
// at most 2048 elements, and n/4 elements where medians of medians are needed; a number for each large element. Not stable; the same
// result at every thread count.
//
// Floyd & Rivest, "Expected time bounds for selection" (1975): the pivot comes from a sample, placed so that the wanted
// element lies a little inside the smaller side. So the larger side nearly always falls away, and the next pass cuts
// what is left from the other side. The guard is that of Blum, Floyd, Pratt, Rivest & Tarjan (1973).
//
// If the comparison is not a strict weak order, a pass may fail to shrink the range, whatever the pivot. If it is one,
// a pass around a median of medians removes a quarter of the range: of n elements at least 0.3 n - 1.2 are not greater
// than the pivot, at least as many are not less, and its equals are removed too when necessary. If more is left, the
// comparison is not an order, and the rest is sorted, which terminates with any function. So with r(n) comparisons for
// n elements, r(n) <= Σ (r(s/5) + 4 s) + O(n log n) over passes with s <= n, 3n/4, (3/4)² n, …: the arguments of r add
// up to 4n/5 at most, and r(n) is O(n log n).

/// The comparisons of a selection: the leaves of its passes are made where the closure can still be seen.
///
/// SAFETY: The leaves read the elements and the pivot that `Selection` hands them, and keep neither.
@safe
@usableFromInline
struct SelectionOrder<Element, Failure: Error> {
  /// Marks the elements not less than the operand.
  @usableFromInline let notLess: MarkLeaf<Element, Failure>
  /// Marks the elements greater than the operand.
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

/// A selection under way: the wanted element lies in the range, with nothing greater before the range and nothing less
/// after it.
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

  /// Up to this size, sorting is as good.
  @inlinable static var small: Int { 512 }

  /// Puts the element at `wanted` that sorting would put there, with nothing greater before it and nothing less after
  /// it.
  @inlinable
  mutating func run(_ elements: UnsafeMutableBufferPointer<Element>, at wanted: Int) throws(Failure) {
    // Elements may be large, so the pivot does not lie on the stack.
    let pivot = UnsafeMutablePointer<Element>.allocate(capacity: 1)
    defer { unsafe pivot.deallocate() }
    var range = 0..<elements.count
    while range.count > Self.small, unsafe try narrow(&range, of: elements, at: wanted, pivot) {}
    if range.isEmpty { return }
    var part = unsafe UnsafeMutableBufferPointer(rebasing: elements[range])
    unsafe try part.sortSequentially(by: order.areInIncreasingOrder)
  }

  /// Narrows the range by a pass around a pivot, to nothing if the wanted element is in its place.
  /// - Parameter pivot: Memory for an element.
  /// - Returns: Whether to go on: false if the element is found, or if the comparison proved not to be an order.
  @inlinable
  mutating func narrow(
    _ range: inout Range<Int>, of elements: UnsafeMutableBufferPointer<Element>, at wanted: Int,
    _ pivot: UnsafeMutablePointer<Element>
  ) throws(Failure) -> Bool {
    let part = unsafe UnsafeMutableBufferPointer(rebasing: elements[range])
    let isGuarded = patience <= 0
    if isGuarded {
      unsafe try putMedianOfMedians(of: part, to: pivot)
    } else {
      unsafe try putSampledPivot(of: part, near: wanted - range.lowerBound, to: pivot)
    }
    defer { unsafe pivot.deinitialize(count: 1) }
    let (count, start) = (range.count, range.lowerBound)
    let boundary = unsafe try start + Skein.partition(part, plan: plan, operand: pivot, order.notLess)
    if wanted < boundary, boundary < range.upperBound {
      range = start..<boundary
    } else {
      // If nothing is less than the pivot, its equals are moved to the front, which include the wanted element or are
      // excluded.
      let isStuck = boundary == start || boundary == range.upperBound
      if !isStuck { range = boundary..<range.upperBound }
      if isStuck || isGuarded && range.count > count - count / 4 {
        let rest = unsafe UnsafeMutableBufferPointer(rebasing: elements[range])
        let equal = unsafe try Skein.partition(rest, plan: plan, operand: pivot, order.greater)
        range = range.lowerBound + equal..<range.upperBound
        if wanted < range.lowerBound || equal == 0 {
          range = 0..<0
          return false
        }
      }
    }
    if isGuarded { return range.count <= count - count / 4 }
    if range.count > count - count / 8 { patience -= 1 }
    return true
  }

  /// Copies an element that probably has the wanted one on the side with fewer elements, and close to it.
  @inlinable
  func putSampledPivot(
    of elements: UnsafeMutableBufferPointer<Element>, near wanted: Int, to pivot: UnsafeMutablePointer<Element>
  ) throws(Failure) {
    let size = min(2048, elements.count / 8)
    var places = CountedRandom(key: UInt64(elements.count))
    var sample: [Element] = []
    sample.reserveCapacity(size)
    for _ in 0..<size { unsafe sample.append(elements[places.next(below: elements.count)]) }
    try sample.sortSequentially(by: order.areInIncreasingOrder)
    let place = Int(Double(wanted) / Double(elements.count) * Double(size))
    let margin = Int(1.5 * Double(size).squareRoot())
    let index = place < size / 2 ? min(place + margin, size - 1) : max(place - margin, 0)
    unsafe sample.withUnsafeBufferPointer { unsafe pivot.initialize(from: $0.baseAddress! + index, count: 1) }
  }

  /// Copies an element that has about three tenths of the others or more on either side.
  @inlinable
  func putMedianOfMedians(
    of elements: UnsafeMutableBufferPointer<Element>, to pivot: UnsafeMutablePointer<Element>
  ) throws(Failure) {
    var medians: [Element] = []
    medians.reserveCapacity(elements.count / 5)
    for start in stride(from: 0, through: elements.count - 5, by: 5) {
      var five = unsafe Array(elements[start..<start + 5])
      try five.sortSequentially(by: order.areInIncreasingOrder)
      medians.append(five[2])
    }
    let middle = medians.count / 2
    unsafe try medians.withUnsafeMutableBufferPointer { (medians) throws(Failure) in
      var selection = Selection(order, plan: plan, patience: 0)
      unsafe try selection.run(medians, at: middle)
      unsafe pivot.initialize(from: medians.baseAddress! + middle, count: 1)
    }
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
    if MemoryLayout<Element>.stride > 1024 {
      unsafe try selectNumber(elements, at: wanted, plan: plan, order)
    } else {
      var selection = Selection(order, plan: plan)
      unsafe try selection.run(elements, at: wanted)
    }
    return unsafe elements[wanted]
  }
}

/// Selects among the indices of the elements (an indirect selection), and then moves each element to its place: large
/// elements are neither on the stack nor moved more than once.
@inlinable
func selectNumber<Element, E>(
  _ elements: UnsafeMutableBufferPointer<Element>, at wanted: Int, plan: LoopPlan, _ order: SelectionOrder<Element, E>
) throws(E) {
  // SAFETY: until the indices are in order, nothing but comparisons uses the elements.
  nonisolated(unsafe) let start = elements.baseAddress!
  nonisolated(unsafe) let areInIncreasingOrder = order.areInIncreasingOrder
  let numberOrder = SelectionOrder<Int, E> { (left, right) throws(E) in
    unsafe try areInIncreasingOrder(start[left], start[right])
  }
  var numbers = Array(0..<elements.count)
  unsafe try numbers.withUnsafeMutableBufferPointer { (numbers) throws(E) in
    var selection = Selection(numberOrder, plan: plan)
    unsafe try selection.run(numbers, at: wanted)
    unsafe arrangeInPlace(start, numbers.count, numbers.baseAddress!)
  }
}

extension ParallelElements where Base: MutableCollection {
  /// Puts the element at an index that sorting by an order would put there, with nothing greater before it and nothing
  /// less after it, and returns it.
  ///
  ///     let median = samples.parallel.select(at: samples.count / 2) { $0.level < $1.level }
  ///
  /// C++ calls this `nth_element`. Not stable; where the other elements go depends on their order and number alone.
  ///
  /// - Parameters:
  ///   - index: The index to fill.
  ///   - areInIncreasingOrder: A strict weak ordering. With another function the elements end in some order, after O(*n* log *n*) calls.
  /// - Throws: What the comparison throws, the same error at every number of threads. Every element is then still there.
  /// - Precondition: `index` is the index of an element.
  /// - Complexity: Work O(*n*) comparisons, also in the worst case; span O(log² *n*) of them, unless the order of the
  ///   elements is made to prevent that. Scratch: *n*/8 bytes, and *n*/4 elements in such a case; *n* numbers if an
  ///   element is larger than a kilobyte.
  @_alwaysEmitIntoClient
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
  /// Puts the element at an index that sorting would put there, with nothing greater before it and nothing less after
  /// it, and returns it.
  ///
  /// Like `select(at:by:)` with `<`; floating-point NaNs come last, see <doc:Sorting>.
  @_alwaysEmitIntoClient
  @inline(__always)
  @discardableResult
  public mutating func select(at index: Base.Index) -> Element {
    if hasNaNs(Element.self) { return select(at: index) { precedesNumbersFirst($0, $1) } }
    return select(at: index) { $0 < $1 }
  }
}

extension ParallelMutableBuffer {
  /// Puts the element at an index that sorting by an order would put there, with nothing greater before it and nothing
  /// less after it, and returns it.
  ///
  /// See `ParallelElements.select(at:by:)`.
  @_alwaysEmitIntoClient
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
  /// Puts the element at an index that sorting would put there, with nothing greater before it and nothing less after
  /// it, and returns it.
  ///
  /// Like `select(at:by:)` with `<`; floating-point NaNs come last, see <doc:Sorting>.
  @_alwaysEmitIntoClient
  @inline(__always)
  @discardableResult
  public func select(at index: Int) -> Element {
    if hasNaNs(Element.self) { return select(at: index) { precedesNumbersFirst($0, $1) } }
    return select(at: index) { $0 < $1 }
  }
}
