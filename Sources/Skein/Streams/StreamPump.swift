/// What the thread that feeds a stream uses to wait for room and to put batches in.
///
/// A source that is not asynchronous may block its caller, and has to be kept open between two calls. So it is read on
/// a separate thread, which sleeps while there is no room. No worker of the pool and no thread of Swift's tasks waits
/// for the source.
@usableFromInline
struct StreamPump<Element: Sendable, Failure: Error>: Sendable {
  private let window: StreamWindow
  private let pace: StreamPace
  private let sleeper = StreamSleeper()
  /// The task-local values of this thread, which are those of the consumer when it requested the first result.
  private let values = TaskLocalValues.current

  init(_ window: StreamWindow, _ pace: StreamPace) {
    self.window = window
    self.pace = pace
  }

  /// The number of elements that the next batch should have.
  @usableFromInline var batchSize: Int { pace.size }

  /// The weight of a batch such that the limit leaves each worker several of them.
  @usableFromInline var share: Int { pace.share }

  /// Blocks the thread until there is room.
  /// - Returns: The weight that the limit leaves; nil if no more batches are wanted.
  @usableFromInline
  func waitForRoom() -> Int? { window.waitForRoom(sleeper) }

  /// Blocks the thread until all batches that have been put in are done.
  @usableFromInline
  func waitForRest() { window.waitForRest(sleeper) }

  /// Puts a batch into the stream.
  /// - Parameter make: Makes the batch's elements, on some worker, and says what they weigh if that was not known before.
  ///   It is not called any more when `waitForRest` has returned.
  @usableFromInline
  func put(
    _ count: Int, weight: Int,
    _ make: @escaping @Sendable () -> (elements: [Element], error: Failure?, weight: Int?)
  ) {
    let pace = pace
    window.put(
      StreamBatch<Element, Failure>(weight: weight) {
        let began = ticks()
        let made = make()
        pace.note(count, took: ticks() &- began)
        return made
      }, values)
  }
}

/// Where the thread that feeds a stream sleeps.
final class StreamSleeper: Sendable { let parker = Parker() }

extension StreamWindow {
  /// Blocks the feeder's thread until there is room.
  /// - Returns: The weight that the limit leaves; nil if no more jobs are wanted.
  fileprivate func waitForRoom(_ sleeper: StreamSleeper) -> Int? {
    while true {
      // Announced before the request makes it possible for another thread to wake this one, so that the wake-up is not
      // lost.
      sleeper.parker.announce(.waiting)
      switch askForRoom({ sleeper.parker.wake(.waiting) }) {
      case .room(let room):
        sleeper.parker.stayAwake()
        return room
      case .unwanted:
        sleeper.parker.stayAwake()
        return nil
      case .wait:
        sleeper.parker.sleep(.waiting)
      }
    }
  }

  /// Blocks the feeder's thread until all runners have ended.
  fileprivate func waitForRest(_ sleeper: StreamSleeper) {
    while true {
      sleeper.parker.announce(.waiting)
      if askForRest({ sleeper.parker.wake(.waiting) }) { break }
      sleeper.parker.sleep(.waiting)
    }
    sleeper.parker.stayAwake()
  }
}
