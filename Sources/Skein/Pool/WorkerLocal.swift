internal import Synchronization

/// A value for each worker: scratch memory, a counter, a random-number generator.
///
///     let scratch = WorkerLocal { [Double](repeating: 0, count: 4096) }
///     rows.parallel.forEach { row in scratch.withValue { buffer in transform(row, &buffer) } }
///
/// Values are made when they are first needed. One that is in use is never given out a second time: should a closure that holds a
/// value use the same `WorkerLocal` again on its thread, directly or through a parallel call, it gets a further value. So it
/// may be held across parallel calls.
public final class WorkerLocal<Value: Sendable>: Sendable {
  private let makeValue: @Sendable () -> Value
  private let slots: SlotList

  /// - Parameter makeValue: Makes a value; called on the thread that needs it.
  public init(_ makeValue: @escaping @Sendable () -> Value) {
    self.makeValue = makeValue
    slots = SlotList()
  }

  /// Calls `body` with this worker's value, which nobody else has meanwhile.
  /// - Throws: What `body` throws. The value keeps what `body` has made of it.
  public func withValue<Result, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let index = ThreadPool.currentWorkerIndex ?? Int.max
    var value = slots.take(index) ?? makeValue()
    defer { slots.put(value, index) }
    return try body(&value)
  }

  /// All values that have been made and are not in use, by worker index.
  public var values: [Value] { slots.all }

  /// Takes all values that have been made and are not in use out, by worker index.
  public func removeAll() -> [Value] { slots.removeAll() }
}

extension WorkerLocal {
  /// A few locks, each with the idle values of some workers.
  private final class SlotList: Sendable {
    private let shards: [Shard]

    private final class Shard: Sendable {
      let idle = Mutex<[(index: Int, value: Value)]>([])
    }

    init() {
      shards = (0..<16).map { _ in Shard() }
    }

    private func shard(_ index: Int) -> Shard { shards[index & 15] }

    func take(_ index: Int) -> Value? {
      shard(index).idle.withLock { idle in
        idle.lastIndex { $0.index == index }.map { idle.remove(at: $0).value }
      }
    }

    func put(_ value: Value, _ index: Int) {
      shard(index).idle.withLock { $0.append((index, value)) }
    }

    var all: [Value] { sorted(shards.flatMap { $0.idle.withLock { $0 } }) }

    func removeAll() -> [Value] {
      sorted(
        shards.flatMap { shard in
          shard.idle.withLock { idle in
            defer { idle = [] }
            return idle
          }
        })
    }

    private func sorted(_ entries: [(index: Int, value: Value)]) -> [Value] {
      entries.sorted { $0.index < $1.index }.map { $0.value }
    }
  }
}
