extension BatchSequence {
  /// Runs the chain, and throws the error of a closure.
  @inlinable
  @inline(__always)
  func gather<State>(into initial: State, _ receive: (Element, inout State) -> Bool) throws(Failure) -> State {
    var state = initial
    if let error = run(&state, receive) { throw error }
    return state
  }

  /// Calls a closure with each element.
  @inlinable
  @inline(__always)
  public func forEach(_ body: (Element) -> Void) throws(Failure) -> BatchDone {
    try gather(into: BatchDone()) { element, _ in
      body(element)
      return true
    }
  }

  /// Returns the number of elements.
  @inlinable
  @inline(__always)
  public func count() throws(Failure) -> BatchTotal<Int> {
    var total = BatchTotal<Int>()
    total.sum.add(
      try gather(into: 0) { _, count in
        count &+= 1
        return true
      })
    return total
  }

  /// Returns whether some element satisfies a condition. No later batch is begun once one is found.
  @inlinable
  @inline(__always)
  public func contains(where isWanted: (Element) -> Bool) throws(Failure) -> BatchFinding {
    var finding = BatchFinding()
    finding.isFound = try gather(into: false) { element, isFound in
      isFound = isWanted(element)
      return !isFound
    }
    return finding
  }

  /// Returns all elements combined with an associative operation; nil if there are none. See
  /// `ParallelSequence.reduce(_:)`.
  @inlinable
  @inline(__always)
  public func reduce(
    _ combine: @escaping (Element, Element) -> Element
  ) throws(Failure) -> BatchReduction<Element> where Element: Sendable {
    let value = try gather(into: nil as Element?) { element, value in
      value = if let known = value { combine(known, element) } else { element }
      return true
    }
    guard let value else { return BatchReduction() }
    return BatchReduction(value) { $0 = combine($0, $1) }
  }

  /// Folds the elements of each block into a value, and combines these; nil if there are no blocks. See
  /// `ParallelSequence.reduce(into:_:combine:)`.
  @inlinable
  @inline(__always)
  public func reduce<Value: Sendable>(
    into initial: Value, _ fold: (inout Value, Element) -> Void, combine: @escaping (inout Value, Value) -> Void
  ) throws(Failure) -> BatchReduction<Value> {
    BatchReduction(
      try gather(into: initial) { element, value in
        fold(&value, element)
        return true
      }, combine)
  }
}

extension BatchSequence where Failure == Never {
  /// Runs the chain, with a closure that may throw.
  @inlinable
  @inline(__always)
  func gatherThrowing<State, E>(
    into initial: State, _ receive: (Element, inout State) throws(E) -> Bool
  ) throws(E) -> State {
    let both = gather(into: (state: initial, failure: nil as E?)) { element, both in
      do throws(E) {
        return try receive(element, &both.state)
      } catch {
        both.failure = error
        return false
      }
    }
    if let failure = both.failure { throw failure }
    return both.state
  }

  /// Like `forEach`, with a closure that may throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func forEach<E>(_ body: (Element) throws(E) -> Void) throws(E) -> BatchDone {
    try gatherThrowing(into: BatchDone()) { (element, _) throws(E) in
      try body(element)
      return true
    }
  }

  /// Like `contains(where:)`, with a closure that may throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func contains<E>(where isWanted: (Element) throws(E) -> Bool) throws(E) -> BatchFinding {
    var finding = BatchFinding()
    finding.isFound = try gatherThrowing(into: false) { (element, isFound) throws(E) in
      isFound = try isWanted(element)
      return !isFound
    }
    return finding
  }

  /// Like `reduce(into:_:combine:)`, with a closure that may throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func reduce<Value: Sendable, E>(
    into initial: Value, _ fold: (inout Value, Element) throws(E) -> Void,
    combine: @escaping (inout Value, Value) -> Void
  ) throws(E) -> BatchReduction<Value> {
    BatchReduction(
      try gatherThrowing(into: initial) { (element, value) throws(E) in
        try fold(&value, element)
        return true
      }, combine)
  }
}

extension BatchSequence where Element: AdditiveArithmetic & Sendable {
  /// Returns the sum of all elements, with the same bits at every number of threads. See `ParallelSequence.sum()`.
  @inlinable
  @inline(__always)
  public func sum() throws(Failure) -> BatchSumOfBlock<Element> {
    var block = BatchSumOfBlock<Element>()
    block.sum = try gather(into: Element.zero) { element, sum in
      sum += element
      return true
    }
    return block
  }
}

extension BatchSequence where Element: FloatingPoint & Sendable {
  /// Returns the sum of all elements, with the same bits at every number of threads. See `ParallelSequence.sum()`.
  @inlinable
  @inline(__always)
  public func sum() throws(Failure) -> BatchSumOfTerms<Element> {
    var block = BatchSumOfTerms<Element>()
    block.sums = try gather(into: InterleavedSums<Element>()) { element, sums in
      sums.add(element)
      return true
    }
    return block
  }
}

extension BatchSequence where Element: FixedWidthInteger & Sendable {
  /// Returns the sum of all elements.
  /// - Precondition: The total of all batches is representable in `Element`.
  @inlinable
  @inline(__always)
  public func sum() throws(Failure) -> BatchTotal<Element> {
    var total = BatchTotal<Element>()
    // No batch has more elements than a sum of halves can take.
    if Element.bitWidth <= 64 {
      try gather(into: HalvesSum<Element>()) { element, sum in
        sum.add(element)
        return true
      }.add(to: &total.sum)
    } else {
      total.sum = try gather(into: WideSum<Element>()) { element, sum in
        sum.add(element)
        return true
      }
    }
    return total
  }
}

extension BatchSequence where Element: Comparable & Sendable {
  /// Returns the first of the smallest elements, or nil if there are none. See `ParallelSequence/min()`.
  @inlinable
  @inline(__always)
  public func min() throws(Failure) -> BatchExtremum<Element> {
    try gather(into: BatchExtremum(isLargest: false)) { element, state in
      if let best = state.found.best {
        if element < best { state.found.best = element }
      } else {
        state.found.begin(with: element)
      }
      return true
    }
  }

  /// Returns the first of the largest elements, or nil if there are none. See `ParallelSequence/max()`.
  @inlinable
  @inline(__always)
  public func max() throws(Failure) -> BatchExtremum<Element> {
    try gather(into: BatchExtremum(isLargest: true)) { element, state in
      if let best = state.found.best {
        if best < element { state.found.best = element }
      } else {
        state.found.begin(with: element)
      }
      return true
    }
  }
}
