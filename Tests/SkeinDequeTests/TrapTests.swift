import SkeinDeque
import Testing

/// Mistakes end the process, with a message in every build.
@Suite struct TrapTests {
  /// Every form in which a batch can be asked for.
  enum Form: String, Codable, CaseIterable {
    case steal, stealIfAtLeast, stealAndPop, stealIntoBounded, stealAndPopIntoBounded
    case queueSteal, queueStealIfAtLeast, queueStealAndPop, queueStealIntoBounded, queueStealAndPopIntoBounded
    case thief

    func run(upTo limit: Int) {
      let from = WorkStealingDeque<Int>(order: .lifo)
      let queue = InjectionQueue<Int>()
      var into = WorkStealingDeque<Int>(order: .lifo)
      var bounded = BoundedWorkStealingDeque<Int>(order: .lifo, capacity: 1)
      switch self {
      case .steal: _ = from.stealer.steal(upTo: limit, into: &into)
      case .stealIfAtLeast: _ = from.stealer.steal(upTo: limit, ifAtLeast: 2, into: &into)
      case .stealAndPop: _ = from.stealer.stealAndPop(upTo: limit, into: &into)
      case .stealIntoBounded: _ = from.stealer.steal(upTo: limit, into: &bounded)
      case .stealAndPopIntoBounded: _ = from.stealer.stealAndPop(upTo: limit, into: &bounded)
      case .queueSteal: _ = queue.steal(upTo: limit, into: &into)
      case .queueStealIfAtLeast: _ = queue.steal(upTo: limit, ifAtLeast: 2, into: &into)
      case .queueStealAndPop: _ = queue.stealAndPop(upTo: limit, into: &into)
      case .queueStealIntoBounded: _ = queue.steal(upTo: limit, into: &bounded)
      case .queueStealAndPopIntoBounded: _ = queue.stealAndPop(upTo: limit, into: &bounded)
      case .thief:
        var thief = Thief(worker: 1, victims: [from.stealer], strategy: FirstInOrder(amount: .batch(upTo: limit)))
        _ = thief.next(from: &into)
      }
    }
  }

  @Test(arguments: Form.allCases)
  func aBatchOfNothing(form: Form) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [form] in
      form.run(upTo: 0)
    }
    expect(message(result).contains("A batch has a limit of at least 1 element"), "\(message(result))")
  }

  @Test(arguments: [
    (0, "minimum capacity of at least 1"), (-5, "minimum capacity of at least 1"), (.max, "cannot start with room for"),
    (1 << 48 + 1, "cannot start with room for"),
  ])
  func capacities(capacity: Int, expected: String) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [capacity] in
      _ = WorkStealingDeque<Int>(order: .lifo, minimumCapacity: capacity)
    }
    expect(message(result).contains(expected), "\(message(result))")
    let bounded = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [capacity] in
      _ = BoundedWorkStealingDeque<Int>(order: .lifo, capacity: capacity)
    }
    expect(message(bounded).contains(expected), "\(message(bounded))")
  }

  /// An array whose size in bytes is no number.
  @Test func tooMuchMemory() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = WorkStealingDeque<Huge>(order: .lifo, minimumCapacity: 1 << 48)
    }
    expect(message(result).contains("cannot hold"), "\(message(result))")
  }

  @Test func victimsThatAreNotThere() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = RoundRobin(startingAt: -1)
    }
    expect(message(result).contains("There is no victim -1"), "\(message(result))")
    let other = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      struct Astray: StealingStrategy {
        var amount: StealAmount { .one }
        mutating func firstVictim<Element: ~Copyable>(among stealers: [Stealer<Element>]) -> Int { 7 }
      }
      var own = WorkStealingDeque<Int>(order: .lifo)
      var thief = Thief(worker: 0, victims: [own.stealer], strategy: Astray())
      _ = thief.next(from: &own)
    }
    expect(message(other).contains("A strategy named victim 7 of 1"), "\(message(other))")
  }

  private func message(_ result: ExitTest.Result?) -> String {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  }
}
