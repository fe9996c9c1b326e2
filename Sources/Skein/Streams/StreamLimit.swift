/// The limit to what a stream has in flight: a number of elements, or their total cost.
@usableFromInline
struct StreamLimit<Element>: Sendable {
  @usableFromInline let total: Int
  /// The cost of an element; nil if each costs one.
  @usableFromInline let cost: (@Sendable (Element) -> Int)?

  @inlinable
  init(maximumInFlight: Int) {
    require(maximumInFlight >= 1, "maximumInFlight is at least 1, not \(maximumInFlight)")
    total = maximumInFlight
    cost = nil
  }

  @inlinable
  init(maximumInFlightBytes: Int, cost: @escaping @Sendable (Element) -> Int) {
    require(maximumInFlightBytes >= 1, "maximumInFlightBytes is at least 1, not \(maximumInFlightBytes)")
    // The total weight is less than this before an element is pulled, and an element weighs at most this: so their sum
    // does not overflow.
    total = min(maximumInFlightBytes, .max / 2)
    self.cost = cost
  }

  @inlinable
  func weight(of element: Element) -> Int {
    guard let cost else { return 1 }
    let bytes = cost(element)
    require(bytes >= 0, "an element costs at least 0 bytes, not \(bytes)")
    // An element that costs more than the limit weighs as much as the limit: while it is in flight, nothing is pulled.
    return min(max(1, bytes), total)
  }
}
