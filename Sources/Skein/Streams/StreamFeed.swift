public import Synchronization

/// What whoever feeds a stream works with: asks for room, then puts an element in.
@usableFromInline
struct StreamFeed<Element: Sendable, Outcome: Sendable> {
  @usableFromInline let window: StreamWindow
  @usableFromInline let signals: StreamSignals
  @usableFromInline let capacity: Int
  @usableFromInline let weighs: Bool
  /// The chunk that is being filled, and how far it is.
  @usableFromInline var chunk: StreamElements<Element, Outcome>?
  @usableFromInline var place = 0
  /// How many elements have been put in.
  @usableFromInline var total = 0
  /// What the feeder has of the limit. It may put something in if that is positive.
  @usableFromInline var credit = 0

  /// - Parameters:
  ///   - window: Where to put elements. The closures see the task-local values that are seen here, until all runners have ended.
  ///   - weighs: Whether an element may count for more than one.
  @usableFromInline
  init(_ window: StreamWindow, weighs: Bool) {
    self.window = window
    self.weighs = weighs
    signals = window.signals
    capacity = StreamChunk.capacity(window.limit)
    window.keep(.current)
  }

  // Relaxed: a little later will do.
  @inlinable var isUnwanted: Bool { signals.isUnwanted.load(ordering: .relaxed) }

  /// Whether there is room.
  @inlinable
  mutating func hasRoom() -> Bool {
    // Acquiring nothing: it is a number.
    if credit <= 0 { credit += signals.freed.exchange(0, ordering: .relaxed) }
    return credit > 0
  }

  /// Suspends until there is room.
  /// - Returns: Whether any more is wanted.
  @inlinable
  mutating func room() async -> Bool {
    while !isUnwanted {
      if hasRoom() { return true }
      await window.waitForRoom(has: credit)
    }
    return false
  }

  /// Puts an element in.
  @inlinable
  mutating func put(_ element: consuming Element, weight: Int) {
    credit -= weight
    total += 1
    if let chunk, place < capacity {
      chunk.fill(place, with: element, weight: weight)
      place += 1
      // In one order with the look at whether a runner is needed.
      chunk.published.store(place, ordering: .sequentiallyConsistent)
      callIfNeeded()
    } else {
      let chunk = StreamElements<Element, Outcome>(capacity: capacity, weighs: weighs)
      chunk.fill(0, with: element, weight: weight)
      chunk.published.store(1, ordering: .releasing)
      self.chunk = chunk
      place = 1
      window.add(chunk, total: total)
    }
  }

  @inlinable
  func callIfNeeded() {
    // Pairs with the store in `StreamState.noteRunners`.
    let enough = signals.enough.load(ordering: .sequentiallyConsistent)
    if enough == .max { return }
    // Relaxed: if it is old, somebody looks in vain.
    if total - signals.begun.load(ordering: .relaxed) > enough { window.call(total: total) } else { window.putOff() }
  }
}

/// Where the thread sleeps that feeds a stream.
@usableFromInline
final class StreamSleeper: Sendable {
  let parker = Parker()

  @usableFromInline init() {}
}

extension StreamFeed {
  /// Blocks the thread until there is room.
  /// - Returns: Whether any more is wanted.
  @inlinable
  mutating func waitForRoom(_ sleeper: StreamSleeper) -> Bool {
    while !isUnwanted {
      if hasRoom() { return true }
      window.waitForRoom(has: credit, sleeper)
    }
    return false
  }
}

extension StreamWindow {
  /// Blocks the feeder's thread until there is room.
  @usableFromInline
  func waitForRoom(has: Int, _ sleeper: StreamSleeper) {
    // Announced before anybody can know of it, so that the wake-up is not lost.
    sleeper.parker.announce(.waiting)
    if askForRoom(has: has, { sleeper.parker.wake(.waiting) }) {
      sleeper.parker.stayAwake()
    } else {
      sleeper.parker.sleep(.waiting)
    }
  }

  /// Blocks the feeder's thread until all runners have ended.
  @usableFromInline
  func waitForRest(_ sleeper: StreamSleeper) {
    sleeper.parker.announce(.waiting)
    if askForRest({ sleeper.parker.wake(.waiting) }) {
      sleeper.parker.stayAwake()
    } else {
      sleeper.parker.sleep(.waiting)
    }
  }
}
