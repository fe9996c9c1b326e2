/// How much of a stream may be in flight: so many elements, or elements that cost so much.
@usableFromInline
struct StreamLimit<Element>: Sendable {
  @usableFromInline let total: Int
  /// What an element costs; nil if each costs one.
  @usableFromInline let cost: (@Sendable (Element) -> Int)?

  @inlinable
  init(maximumInFlight: Int) {
    require(maximumInFlight >= 1, "maximumInFlight is at least 1, not \(maximumInFlight)")
    total = min(maximumInFlight, .max / 2)
    cost = nil
  }

  @inlinable
  init(maximumInFlightBytes: Int, cost: @escaping @Sendable (Element) -> Int) {
    require(maximumInFlightBytes >= 1, "maximumInFlightBytes is at least 1, not \(maximumInFlightBytes)")
    // So that the sum of less than this and one more element does not overflow.
    total = min(maximumInFlightBytes, .max / 2)
    self.cost = cost
  }

  @inlinable
  func weight(of element: Element) -> Int {
    guard let cost else { return 1 }
    let bytes = cost(element)
    require(bytes >= 0, "an element costs at least 0 bytes, not \(bytes)")
    // An element that costs more than the limit counts as the limit: while it is in flight, nothing is pulled.
    return min(max(1, bytes), total)
  }
}
