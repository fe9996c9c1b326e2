public import Synchronization

/// The batch that a feeder fills from a source which may block it, for ever even: for example one that waits for the
/// results of what it has given.
///
/// So what has been pulled is put into the stream by a task, if the feeder has not done it in a millisecond. At most one
/// such task is started in that time, and none for batches of one element.
@usableFromInline
final class OpenBatch<Element: Sendable>: Sendable {
  @usableFromInline
  struct Content: Sendable {
    @usableFromInline var elements: [Element] = []
    @usableFromInline var weight = 0
    /// Whether `put` will be called by a task.
    @usableFromInline var isWatched = false
  }

  @usableFromInline let content = Mutex(Content())
  @usableFromInline let submit: @Sendable (_ elements: [Element], _ weight: Int) -> Void

  /// - Parameter submit: Puts elements into the stream. It is called by one thread at a time, in order.
  @inlinable
  init(_ submit: @escaping @Sendable (_ elements: [Element], _ weight: Int) -> Void) { self.submit = submit }

  /// Pulls elements, and puts them in; see `StreamLimit.pull`.
  @inlinable
  func fill<Iterator: IteratorProtocol<Element>>(
    from iterator: inout Iterator, _ limit: StreamLimit<Element>, size: Int, room: Int
  ) -> Bool {
    let isWhole = limit.pull(from: &iterator, size: size, room: room) { element, weight in
      let isUnwatched = content.withLock { content in
        if content.elements.isEmpty { content.elements.reserveCapacity(size) }
        content.elements.append(element)
        content.weight += weight
        defer { content.isWatched = size > 1 }
        return !content.isWatched && size > 1
      }
      if isUnwatched { putLater() }
    }
    put(isLate: false)
    return isWhole
  }

  /// Puts in what has been pulled.
  @usableFromInline
  func put(isLate: Bool) {
    // Kept until the lock is free: if the stream wants no more, they are destroyed, which may run any code.
    _ = content.withLock { content in
      if isLate { content.isWatched = false }
      let elements = content.elements
      if elements.isEmpty { return elements }
      submit(elements, content.weight)
      content.elements = []
      content.weight = 0
      return elements
    }
  }

  @usableFromInline
  func putLater() {
    Task.detached { [weak self] in
      try? await Task.sleep(for: .milliseconds(1))
      self?.put(isLate: true)
    }
  }
}
