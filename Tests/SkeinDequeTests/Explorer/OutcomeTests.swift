import InterleavingExplorer
import SkeinDeque
import Synchronization
import Testing

/// When each answer appears: over every schedule, one call gets exactly the answers that the documentation names.
///
/// An answer that is missing shows as well as one too many: a thief that never lost a race would not be tested by it.
@Suite(.serialized, .enabled(if: !isSanitized, "one thread runs at a time, so a sanitizer sees nothing here"))
struct OutcomeTests {
  /// One call and what runs beside it.
  struct Outcome: Sendable, CustomTestStringConvertible {
    let name: String
    let answers: Set<StealResult<Int>>
    let threads: @Sendable (_ answer: @escaping (StealResult<Int>) -> Void) -> [() -> Void]
    var testDescription: String { name }

    init(
      _ name: String, _ answers: Set<StealResult<Int>>,
      _ threads: @escaping @Sendable (_ answer: @escaping (StealResult<Int>) -> Void) -> [() -> Void]
    ) {
      self.name = name
      self.answers = answers
      self.threads = threads
    }
  }

  @Test(arguments: singles + batches + ownBatches + injected)
  func theAnswersAre(outcome: Outcome) {
    let seen = Mutex<Set<StealResult<Int>>>([])
    let report = Explorer.explore {
      var answer: StealResult<Int>?
      return Execution(
        threads: outcome.threads { answer = $0 },
        check: {
          guard let answer else { return "no answer" }
          seen.withLock { _ = $0.insert(answer) }
          return nil
        })
    }
    expect(report.failure == nil && report.isComplete, "\(report)")
    expectEqual(seen.withLock { $0 }, outcome.answers)
  }

  // MARK: One element of a deque

  static let singles: [Outcome] = DequeOrder.allCases.flatMap { order -> [Outcome] in
    @Sendable func make(_ elements: [Int]) -> ExploredDeque { ExploredDeque(order, capacity: 2, pushing: elements) }
    return [
      Outcome("\(order): steal, alone and nothing there", [.empty]) { answer in
        let deque = make([])
        return [{ answer(deque.thief.steal()) }]
      },
      Outcome("\(order): steal, alone", [.success(1)]) { answer in
        let deque = make([1, 2])
        return [{ answer(deque.thief.steal()) }]
      },
      Outcome("\(order): steal against push", [.empty, .success(1)]) { answer in
        let deque = make([])
        return [{ answer(deque.thief.steal()) }, { deque.push(1) }]
      },
      Outcome("\(order): steal against steal, one element", [.success(1), .empty, .retry]) { answer in
        let deque = make([1])
        return [{ answer(deque.thief.steal()) }, { deque.steal() }]
      },
      Outcome("\(order): steal against pop, one element", [.success(1), .empty, .retry]) { answer in
        let deque = make([1])
        return [{ answer(deque.thief.steal()) }, { deque.pop() }]
      },
      // A pop of the newest takes nothing away from a thief of the oldest.
      Outcome(
        "\(order): steal against pop, two elements",
        order == .lifo ? [.success(1)] : [.success(1), .success(2), .retry]
      ) { answer in
        let deque = make([1, 2])
        return [{ answer(deque.thief.steal()) }, { deque.pop() }]
      },
      Outcome("\(order): steal against a change of array", [.success(1), .retry]) { answer in
        let deque = make([1, 2])
        return [{ answer(deque.thief.steal()) }, { deque.push(3) }]
      },
    ]
  }

  // MARK: Batches of a deque

  /// A `.fifo` deque loses all or nothing; a `.lifo` deque fewer, unless the very first is lost.
  static let batches: [Outcome] = DequeOrder.allCases.flatMap { order -> [Outcome] in
    let lost: Set<StealResult<Int>> = order == .fifo ? [.success(2), .retry] : [.success(2), .success(1), .retry]
    @Sendable func pair() -> (ExploredDeque, ExploredDeque) {
      (ExploredDeque(order, pushing: [1, 2, 3, 4]), ExploredDeque(.fifo))
    }
    return [
      Outcome("\(order): batch, alone", [.success(2)]) { answer in
        let (deque, own) = pair()
        return [{ answer(deque.steal(upTo: 4, into: own)) }]
      },
      Outcome("\(order): batch against steal", lost) { answer in
        let (deque, own) = pair()
        return [{ answer(deque.steal(upTo: 4, into: own)) }, { deque.steal() }]
      },
      Outcome(
        "\(order): batch and pop against steal",
        order == .fifo ? [.success(1), .success(2), .retry] : [.success(1), .success(2), .success(3), .retry]
      ) { answer in
        let (deque, own) = pair()
        return [{ answer(deque.stealAndPop(upTo: 4, into: own)) }, { deque.steal() }]
      },
      Outcome("\(order): batch if at least 4, against steal", lost.union([.empty])) { answer in
        let (deque, own) = pair()
        return [{ answer(deque.steal(upTo: 4, ifAtLeast: 4, into: own)) }, { deque.steal() }]
      },
    ]
  }

  /// The source as the destination: never a lost race.
  static let ownBatches: [Outcome] = DequeOrder.allCases.flatMap { order -> [Outcome] in
    [
      Outcome("\(order): batch into the source, against steal", [.success(0), .empty]) { answer in
        let deque = ExploredDeque(order, pushing: [1])
        return [{ answer(deque.steal(upTo: 4, into: deque)) }, { deque.steal() }]
      },
      Outcome("\(order): batch and pop of the source, against steal", [.success(1), .empty]) { answer in
        let deque = ExploredDeque(order, pushing: [1])
        return [{ answer(deque.stealAndPop(upTo: 4, into: deque)) }, { deque.steal() }]
      },
    ]
  }

  // MARK: The injection queue

  static let injected: [Outcome] = [
    Outcome("queue: steal, alone and nothing there", [.empty]) { answer in
      let queue = ExploredInjection()
      return [{ answer(queue.core.steal()) }]
    },
    Outcome("queue: steal beside a pusher further on", [.success(1)]) { answer in
      let queue = ExploredInjection(pushing: [1])
      return [{ answer(queue.core.steal()) }, { queue.push(2) }]
    },
    // The thief does not wait for the pusher.
    Outcome("queue: steal against push", [.empty, .success(1), .retry]) { answer in
      let queue = ExploredInjection()
      return [{ answer(queue.core.steal()) }, { queue.push(1) }]
    },
    Outcome("queue: steal against steal", [.success(1), .success(2), .retry]) { answer in
      let queue = ExploredInjection(pushing: [1, 2])
      return [{ answer(queue.core.steal()) }, { queue.steal() }]
    },
    Outcome("queue: steal against steal at the end of a block", [.success(3), .success(4), .retry]) { answer in
      let queue = ExploredInjection(pushing: [1, 2, 3, 4], stealing: 2)
      return [{ answer(queue.core.steal()) }, { queue.steal() }]
    },
    Outcome("queue: batch, alone and across blocks", [.success(2)]) { answer in
      let queue = ExploredInjection(pushing: [1, 2, 3, 4, 5], stealing: 2)
      let own = ExploredDeque(.fifo)
      return [{ answer(queue.core.steal(upTo: 2, into: &own.owner)) }]
    },
    // Lost after the first block: fewer.
    Outcome("queue: batch across blocks against steal", [.success(2), .success(1), .retry]) { answer in
      let queue = ExploredInjection(pushing: [1, 2, 3, 4, 5], stealing: 2)
      let own = ExploredDeque(.fifo)
      return [{ answer(queue.core.steal(upTo: 2, into: &own.owner)) }, { queue.steal() }]
    },
  ]
}
