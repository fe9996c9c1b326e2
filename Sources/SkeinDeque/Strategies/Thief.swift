/// A worker's way to its next task: its own deque, then the injection queue, then other workers' deques by a strategy.
///
/// It records what it did; see ``recorder``. One thread at a time uses it, together with the deque that is its own.
///
///     var thief = Thief(worker: 0, victims: stealers, strategy: RandomStart(seed: 1))
///     while let task = thief.next(from: &deque, or: queue) { run(task) }
public struct Thief<Element: ~Copyable, Strategy: StealingStrategy>: Sendable {
  /// The number of this worker, which is also its index in `victims`.
  public let worker: Int
  /// One stealer per worker, this one's own included.
  public let victims: [Stealer<Element>]
  /// Which victims to try, how much to take, when to give up.
  public var strategy: Strategy
  /// The record of tasks run, stolen and injected, and of failed attempts so far.
  public private(set) var recorder: StealRecorder

  /// - Parameters:
  ///   - worker: The number of this worker, which is also its own index among the victims.
  ///   - victims: One stealer per worker, this one's own included.
  ///   - strategy: Which victims to try, how much to take, when to give up.
  public init(worker: Int, victims: [Stealer<Element>], strategy: Strategy) {
    self.worker = worker
    self.victims = victims
    self.strategy = strategy
    recorder = StealRecorder(worker: worker, victimCount: victims.count)
  }

  /// Returns the next task: an own one, or one from outside, or a stolen one; `nil` if the strategy gives up.
  ///
  /// The rest of a batch goes into `local`. A task that is returned counts as run.
  ///
  /// - Parameters:
  ///   - local: the worker's own deque.
  ///   - queue: the queue of tasks from outside, if there is one; a batch of them is taken at once.
  /// - Complexity: O(victims) for each round.
  public mutating func next(
    from local: inout WorkStealingDeque<Element>, or queue: InjectionQueue<Element>? = nil
  ) -> sending Element? {
    // SAFETY: claimed by this thread, as in `Stealer.steal()`.
    nonisolated(unsafe) let element = find(&local, queue)
    return unsafe element
  }

  private mutating func find(
    _ local: inout WorkStealingDeque<Element>, _ queue: InjectionQueue<Element>?
  ) -> Element? {
    if let element = local.pop() {
      recorder.noteRun(own: true)
      return element
    }
    guard let element = search(&local, queue) else { return nil }
    recorder.noteRun(own: false)
    return element
  }

  /// Searches round after round, as long as the strategy demands.
  private mutating func search(
    _ local: inout WorkStealingDeque<Element>, _ queue: InjectionQueue<Element>?
  ) -> Element? {
    var round = 0
    while true {
      var lostRaces = 0
      if let queue {
        var taken = 0
        switch queue.core.stealAndPop(upTo: 32, into: &local.end, counting: &taken) {
        case .success(let element):
          recorder.noteInjected(taken)
          return element
        case .retry:
          recorder.noteInjectionRetry()
          lostRaces += 1
        case .empty: recorder.noteInjectionEmpty()
        }
      }
      if let element = steal(into: &local, &lostRaces) { return element }
      round += 1
      if !strategy.searchesAgain(afterRound: round, lostRaces: lostRaces) { return nil }
    }
  }

  /// Makes one round among the victims.
  private mutating func steal(into local: inout WorkStealingDeque<Element>, _ lostRaces: inout Int) -> Element? {
    guard !victims.isEmpty else { return nil }
    let first = strategy.firstVictim(among: victims)
    if !victims.indices.contains(first) { trap("A strategy named victim \(first) of \(victims.count)") }
    let amount = strategy.amount
    for offset in 0..<victims.count {
      let victim = (first + offset) % victims.count
      if victim == worker { continue }
      var taken = 0
      let result: StealResult<Element>
      if case .one = amount {
        taken = 1
        result = victims[victim].end.steal()
      } else {
        result = victims[victim].end.stealAndPop(
          upTo: amount.limit, ifAtLeast: amount.minimum, into: &local.end, counting: &taken)
      }
      switch consume result {
      case .success(let element):
        recorder.noteStolen(taken, from: victim)
        strategy.didSteal(from: victim)
        return element
      case .retry:
        recorder.noteRetry(at: victim)
        lostRaces += 1
      case .empty: recorder.noteEmpty(at: victim)
      }
    }
    return nil
  }
}
