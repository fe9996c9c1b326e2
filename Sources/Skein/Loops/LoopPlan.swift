/// The plan of a loop: in which pool it runs, and how finely it may be divided.
///
/// None of this changes what a loop returns, except that the minimum batch takes part in the fixed order in which a floating-point
/// reduction associates.
public struct LoopPlan: Sendable {
  /// The pool, and the settings that are not defaults; nil if there are none. So the plan of most loops is empty, and
  /// costs nothing to copy. A tuple, like the parts of a stage.
  @usableFromInline var parts: (pool: ThreadPool?, limits: Limits?)

  /// The pool to run in; nil stays in the current one, or takes `ThreadPool.shared` outside any.
  @inlinable public var pool: ThreadPool? {
    get { parts.pool }
    set { parts.pool = newValue }
  }

  @usableFromInline var limits: Limits? {
    @inlinable get { parts.limits }
    @inlinable set { parts.limits = newValue }
  }

  /// A division of a loop into a sequence of blocks, each finished before the next begins.
  public enum Blocks: Sendable, Equatable {
    /// All at once.
    case none
    /// Blocks of this many elements.
    case uniform(Int)
    /// As many elements as the pool has threads, then twice as many each time.
    case growing
  }

  /// - Precondition: All numbers are at least 1.
  @inlinable
  public init(
    pool: ThreadPool? = nil, minimumBatch: Int = 1, maximumBatch: Int = .max, maximumInFlight: Int = .max
  ) {
    parts = (pool, nil)
    if minimumBatch != 1 || maximumBatch != .max { batch(minimum: minimumBatch, maximum: maximumBatch) }
    if maximumInFlight != .max { self.maximumInFlight = maximumInFlight }
  }
}

extension LoopPlan {
  /// No worker is given fewer elements than this at once.
  /// - Precondition: At least 1.
  @inlinable public var minimumBatch: Int {
    get { limits?.values.minimumBatch ?? 1 }
    set { batch(minimum: newValue, maximum: maximumBatch) }
  }

  /// No worker runs more elements than this without checking whether another worker is hungry or the loop is over.
  /// - Precondition: At least 1.
  @inlinable public var maximumBatch: Int {
    get { limits?.values.maximumBatch ?? .max }
    set { batch(minimum: minimumBatch, maximum: newValue) }
  }

  /// The maximum number of iterations open at once.
  /// - Precondition: At least 1.
  @inlinable public var maximumInFlight: Int {
    get { limits?.values.maximumInFlight ?? .max }
    set {
      require(newValue >= 1, "maximumInFlight is at least 1, not \(newValue)")
      limit { $0.maximumInFlight = newValue }
    }
  }

  /// Whether the loop runs as a sequence of smaller ones.
  /// - Precondition: Uniform blocks have at least 1 element.
  @inlinable public var blocks: Blocks {
    get { limits?.values.blocks ?? .none }
    set {
      if case .uniform(let count) = newValue { require(count >= 1, "blocks have at least 1 element, not \(count)") }
      limit { $0.blocks = newValue }
    }
  }

  @usableFromInline
  mutating func batch(minimum: Int, maximum: Int) {
    require(minimum >= 1, "the minimum batch is at least 1, not \(minimum)")
    require(maximum >= 1, "the maximum batch is at least 1, not \(maximum)")
    limit {
      $0.minimumBatch = minimum
      $0.maximumBatch = maximum
    }
  }

  @usableFromInline
  mutating func limit(_ change: (inout Limits.Values) -> Void) {
    var values = limits?.values ?? Limits.Values()
    change(&values)
    limits = Limits(values)
  }

  @usableFromInline
  final class Limits: Sendable {
    @usableFromInline
    struct Values: Sendable {
      @usableFromInline var minimumBatch = 1
      @usableFromInline var maximumBatch = Int.max
      @usableFromInline var maximumInFlight = Int.max
      @usableFromInline var blocks = Blocks.none
      var reporting: LoopReporting?
    }

    @usableFromInline let values: Values

    init(_ values: Values) { self.values = values }
  }
}

extension LoopPlan {
  /// Runs several loops in a row on one worker of the pool, which is entered once for all of them.
  @inlinable
  func onWorker<Value, E: Error>(_ body: () throws(E) -> Value) throws(E) -> Value {
    if let stay = stay() {
      defer { stay.end() }
      return try body()
    }
    let result = (pool ?? .shared).runLoop { () -> Result<Value, E> in
      do throws(E) { return .success(try body()) } catch { return .failure(error) }
    }
    return try result.get()
  }
}

/// Evidence that the calling thread is a worker in which a loop can run, for the duration of the loop.
@usableFromInline
struct WorkerStay {
  @usableFromInline let worker: WorkerReference
  @usableFromInline let kind: Kind

  @usableFromInline
  enum Kind {
    /// It was a worker before.
    case usual
    /// It is a worker, as a guest, for the duration of the loop.
    case visit
    /// It runs a task, which is checked for cancellation for the duration of the loop.
    case ofTask
  }

  @inlinable
  init(_ worker: WorkerReference, _ kind: Kind) {
    self.worker = worker
    self.kind = kind
  }

  @inlinable
  @inline(__always)
  func end() {
    switch kind {
    case .usual: break
    case .visit: worker.leaveAsGuest()
    case .ofTask: worker.forgetTask()
    }
  }
}

extension LoopPlan {
  /// Returns nil if the loop must be sent to a pool: to a pool other than the calling worker's; or, from outside, to
  /// the pool that the plan names, or to the shared one if that takes no guest.
  @inlinable
  @inline(__always)
  func stay() -> WorkerStay? {
    if let worker = WorkerReference.current {
      guard worker.isIn(pool) else { return nil }
      return WorkerStay(worker, _slowPath(worker.mayRunUnknownTask) && worker.askRunningTask() ? .ofTask : .usual)
    }
    guard pool == nil, let guest = WorkerReference.comeAsGuest() else { return nil }
    return WorkerStay(guest, .visit)
  }
}
