internal import Synchronization

/// Starts a stream's feeder, and ends the stream with the last iterator.
@usableFromInline
final class StreamSession: Sendable {
  @usableFromInline let window: StreamWindow
  private let feeder: Mutex<Feeder>

  /// Whatever puts jobs in.
  private enum Feeder {
    /// It is started by this, which gives what stops it.
    case unborn(Start)
    case started(stop: @Sendable () -> Void)
    case stopped
  }

  @usableFromInline typealias Start = @Sendable (StreamWindow) -> @Sendable () -> Void

  @usableFromInline
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

  /// Where the next outcome is; nil at the end, and if the task has been cancelled, which ends the stream.
  func next(from position: StreamPosition, isolation actor: isolated (any Actor)?) async -> StreamPosition? {
    start()
    if Task.isCancelled { stop() }
    return await withTaskCancellationHandler {
      await window.next(from: position, isolation: actor)
    } onCancel: {
      stop()
    }
  }

  /// Ends the stream after an error.
  func end() { stop() }
}

/// Throws the error by which a stream tells its consumer that its task has been cancelled, if the stream can throw it.
@usableFromInline
func checkStreamCancellation<Failure: Error>(_ type: Failure.Type) throws(Failure) {
  if Task.isCancelled, let error = CancellationError() as? Failure { throw error }
}
