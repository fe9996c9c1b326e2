/// How a loop is to be run: in which pool, and how finely it may be divided.
///
/// None of this changes what a loop returns, except that the minimum batch takes part in the fixed order in which a floating-point
/// reduction associates.
public struct LoopPlan: Sendable {
  /// The pool to run in; nil stays in the current one, or takes `ThreadPool.shared` outside any.
  public var pool: ThreadPool?
  /// No worker is given fewer elements than this at once.
  public var minimumBatch = 1
  /// No worker runs more elements than this without a look whether somebody is hungry or the loop is over.
  public var maximumBatch = Int.max
  /// How many iterations may be open at once.
  public var maximumInFlight = Int.max
  /// Whether the loop runs as a sequence of smaller ones.
  public var blocks = Blocks.none

  /// A loop may be run as a sequence of blocks, each finished before the next begins.
  public enum Blocks: Sendable, Equatable {
    /// All at once.
    case none
    /// Blocks of this many elements.
    case uniform(Int)
    /// As many elements as the pool has threads, then twice as many each time.
    case growing
  }

  /// - Precondition: All numbers are at least 1.
  public init(
    pool: ThreadPool? = nil, minimumBatch: Int = 1, maximumBatch: Int = .max, maximumInFlight: Int = .max
  ) {
    self.pool = pool
    self.maximumInFlight = maximumInFlight
    batch(minimum: minimumBatch, maximum: maximumBatch)
    require(maximumInFlight >= 1, "maximumInFlight is at least 1, not \(maximumInFlight)")
  }

  mutating func batch(minimum: Int, maximum: Int) {
    require(minimum >= 1, "the minimum batch is at least 1, not \(minimum)")
    require(maximum >= 1, "the maximum batch is at least 1, not \(maximum)")
    minimumBatch = minimum
    maximumBatch = maximum
  }
}

extension LoopPlan {
  /// Runs several loops in a row on one worker of the pool, which is entered once for all of them.
  @inlinable
  func onWorker<Value, E: Error>(_ body: () throws(E) -> Value) throws(E) -> Value {
    if let worker = WorkerReference.current, worker.isIn(pool) { return try body() }
    let result = (pool ?? .shared).runLoop { () -> Result<Value, E> in
      do throws(E) { return .success(try body()) } catch { return .failure(error) }
    }
    return try result.get()
  }
}
