internal import Synchronization

/// The state that the copies of a stream's iterator share. When the last copy is gone, the stream ends.
final class StreamSession: Sendable {
  let window: StreamWindow
  private let feeder: Mutex<Feeder>

  /// The state of the feeder, which puts jobs into the window.
  private enum Feeder {
    /// Not started yet; `Start` starts it, and returns the function that stops it.
    case unborn(Start)
    case started(stop: @Sendable () -> Void)
    case stopped
  }

  typealias Start = @Sendable (StreamWindow) -> @Sendable () -> Void

  init(_ window: StreamWindow, feeder start: @escaping Start) {
    self.window = window
    feeder = Mutex(.unborn(start))
  }

  deinit { stop() }

  /// Starts the feeder, once.
  private func start() {
    feeder.withLock { feeder in
      if case .unborn(let start) = feeder { feeder = .started(stop: start(window)) }
    }
  }

  private func stop() {
    window.end()
    let feeder = feeder.withLock { feeder in
      defer { feeder = .stopped }
      return feeder
    }
    if case .started(let stop) = feeder { stop() }
  }

  /// Returns the next outcome; nil at the end, and if the task is cancelled, which ends the stream.
  /// - Parameter releases: Whether the outcome's weight no longer counts from now on.
  func next(releases: Bool, isolation actor: isolated (any Actor)?) async -> StreamJob? {
    start()
    if Task.isCancelled { stop() }
    return await withTaskCancellationHandler {
      await window.next(releases: releases, isolation: actor)
    } onCancel: {
      stop()
    }
  }

  /// Ends the stream after an error.
  func end() { stop() }
}

/// Throws `CancellationError` if the consuming task has been cancelled and the stream can throw that error.
func checkStreamCancellation<Failure: Error>(_ type: Failure.Type) throws(Failure) {
  if Task.isCancelled, let error = CancellationError() as? Failure { throw error }
}
