/// The result of a chain for one batch, to be merged with its results for the others. The terminals of a
/// ``BatchSequence`` return one.
public protocol BatchResult {
  /// The result for all batches. It is `Sendable`, so that no batch can be kept in it.
  associatedtype Value: Sendable

  /// Creates the result for no batches.
  init()

  /// Whether batches are fixed blocks, so that the grouping of the elements does not depend on scheduling.
  static var isGrouped: Bool { get }

  /// Whether no later batch can change the value.
  var isDecided: Bool { get }

  /// Merges the result for the batch to the right into this one.
  mutating func merge(_ right: consuming Self)

  /// Returns the final value.
  consuming func finish() -> Value
}

extension BatchResult {
  @inlinable public static var isGrouped: Bool { false }
  @inlinable public var isDecided: Bool { false }
}

/// The result of a batch that only has to be done.
public struct BatchDone: BatchResult {
  @inlinable
  public init() {}
  @inlinable
  public mutating func merge(_ right: consuming BatchDone) {}
  @inlinable
  public consuming func finish() {}
}

/// The exact sum of a batch of integers.
public struct BatchTotal<Element: FixedWidthInteger & Sendable>: BatchResult {
  @usableFromInline var sum = WideSum<Element>()

  @inlinable
  public init() {}
  @inlinable
  public mutating func merge(_ right: consuming BatchTotal) { right.sum.add(to: &sum) }
  @inlinable
  public consuming func finish() -> Element {
    require(sum.carry == 0, "the sum is not representable as \(Element.self)")
    return sum.low
  }
}

/// The sum of a fixed block of numbers.
public struct BatchSumOfBlock<Element: AdditiveArithmetic & Sendable>: BatchResult {
  @usableFromInline var sum = Element.zero

  @inlinable
  public init() {}
  @inlinable public static var isGrouped: Bool { true }
  @inlinable
  public mutating func merge(_ right: consuming BatchSumOfBlock) { sum += right.sum }
  @inlinable
  public consuming func finish() -> Element { sum }
}

/// The sum of a fixed block of floating-point numbers.
public struct BatchSumOfTerms<Element: FloatingPoint & Sendable>: BatchResult {
  @usableFromInline var sums = InterleavedSums<Element>()

  @inlinable
  public init() {}
  @inlinable public static var isGrouped: Bool { true }
  @inlinable
  public mutating func merge(_ right: consuming BatchSumOfTerms) { sums.add(right.sums) }
  @inlinable
  public consuming func finish() -> Element { sums.total }
}

/// The combination of the elements of a fixed block.
public struct BatchReduction<Value: Sendable>: BatchResult {
  @usableFromInline var parts: (value: Value, combine: (inout Value, Value) -> Void)?

  @inlinable
  public init() { parts = nil }
  @inlinable
  init(_ value: Value, _ combine: @escaping (inout Value, Value) -> Void) { parts = (value, combine) }
  @inlinable public static var isGrouped: Bool { true }
  @inlinable
  public mutating func merge(_ right: consuming BatchReduction) {
    guard let value = right.parts?.value else { return }
    if parts == nil { parts = right.parts } else { parts!.combine(&parts!.value, value) }
  }
  @inlinable
  public consuming func finish() -> Value? { parts?.value }
}

/// The smallest or the largest element of a batch.
public struct BatchExtremum<Element: Comparable & Sendable>: BatchResult {
  @usableFromInline var found = Extremum<Element>()
  @usableFromInline var isLargest = false

  @inlinable
  public init() {}
  @inlinable
  @inline(__always)
  init(isLargest: Bool) { self.isLargest = isLargest }
  @inlinable
  public mutating func merge(_ right: consuming BatchExtremum) {
    found.first = found.first ?? right.found.first
    guard let candidate = right.found.best else { return }
    isLargest = right.isLargest
    guard let best = found.best else {
      found.best = candidate
      return
    }
    if isLargest ? best < candidate : candidate < best { found.best = candidate }
  }
  @inlinable
  public consuming func finish() -> Element? {
    // The standard library's rule for values that are not equal to themselves; see `extremum`.
    guard let first = found.first else { return nil }
    return first == first ? found.best : first
  }
}

/// Whether a match has been found in a batch.
public struct BatchFinding: BatchResult {
  @usableFromInline var isFound = false

  @inlinable
  public init() {}
  @inlinable public var isDecided: Bool { isFound }
  @inlinable
  public mutating func merge(_ right: consuming BatchFinding) { isFound = isFound || right.isFound }
  @inlinable
  public consuming func finish() -> Bool { isFound }
}
