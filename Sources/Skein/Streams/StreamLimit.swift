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

  /// Pulls elements for a batch until it has its size, there is no more room, or it has been filling for so long that
  /// the elements already pulled would wait for a slow source.
  /// - Parameter add: Adds an element, with its weight, to the batch.
  /// - Returns: Whether the iterator may have more elements.
  @inlinable
  func pull<Iterator: IteratorProtocol<Element>>(
    from iterator: inout Iterator, size: Int, room: Int, _ add: (_ element: Element, _ weight: Int) -> Void
  ) -> Bool {
    let began = size > 1 ? streamTicks() : 0
    var (count, total) = (0, 0)
    repeat {
      guard let element = iterator.next() else { return false }
      let weight = weight(of: element)
      add(element, weight)
      count += 1
      total += weight
    } while count < size && total < room && !isStreamBatchLate(began)
    return true
  }
}

/// Returns the current time in ticks; called when a batch begins to fill.
@usableFromInline
func streamTicks() -> UInt64 { ticks() }

/// Returns whether a batch that began to fill at the given time is to be submitted now, even if it is not full.
@usableFromInline
func isStreamBatchLate(_ began: UInt64) -> Bool { ticks() &- began > LoopPace.aim }
