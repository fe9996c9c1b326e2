/// Elements that have been pulled for a batch.
@usableFromInline
struct PulledBatch<Element> {
  @usableFromInline var elements: [Element] = []
  @usableFromInline var weight = 0
  /// How many elements it should have.
  @usableFromInline let size: Int

  @inlinable
  init(_ size: Int) { self.size = size }

  /// Pulls elements, but no more than there is room for, nor so many that those that are there wait for a slow source.
  /// - Returns: Whether the iterator may have more.
  @inlinable
  mutating func fill<Iterator: IteratorProtocol<Element>>(
    from iterator: inout Iterator, _ limit: StreamLimit<Element>, room: Int
  ) -> Bool {
    elements.reserveCapacity(size)
    let began = size > 1 ? streamTicks() : 0
    repeat {
      guard let element = iterator.next() else { return false }
      weight += limit.weight(of: element)
      elements.append(element)
    } while elements.count < size && weight < room && !isStreamBatchLate(began)
    return true
  }
}

/// What the clock says when a batch is begun.
@usableFromInline
func streamTicks() -> UInt64 { ticks() }

/// Whether a batch has been under way for so long that it is to be handed on as it is.
@usableFromInline
func isStreamBatchLate(_ began: UInt64) -> Bool { ticks() &- began > LoopPace.aim }

extension Array {
  /// What a closure makes of the elements, up to one for which it throws.
  @inlinable
  func transformed<Transformed, E>(
    by transform: (Element) throws(E) -> Transformed
  ) -> (elements: [Transformed], error: E?) {
    var results: [Transformed] = []
    results.reserveCapacity(count)
    for element in self {
      do throws(E) { results.append(try transform(element)) } catch { return (results, error) }
    }
    return (results, nil)
  }
}
