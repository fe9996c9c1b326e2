import SkeinDeque
import Testing

@Suite struct StrategyTests {
  /// Four workers' deques, the first of them empty, and their stealers.
  struct Team: ~Copyable {
    var own = WorkStealingDeque<Int>(order: .lifo)
    var one = WorkStealingDeque<Int>(order: .fifo)
    var two = WorkStealingDeque<Int>(order: .fifo)
    var three = WorkStealingDeque<Int>(order: .fifo)
    init() {
      one.push(contentsOf: 100..<110)
      two.push(contentsOf: 200..<240)
      three.push(contentsOf: 300..<320)
    }
    var stealers: [Stealer<Int>] { [own.stealer, one.stealer, two.stealer, three.stealer] }
  }

  @Test func firstInOrder() {
    var team = Team()
    var thief = Thief(worker: 0, victims: team.stealers, strategy: FirstInOrder(amount: .one))
    for number in 100..<110 { expectEqual(thief.next(from: &team.own), number) }
    expectEqual(thief.next(from: &team.own), 200)
    expectEqual(thief.recorder.victims.map(\.taken), [0, 10, 1, 0])
    expectEqual(thief.recorder.victims.map(\.empties), [0, 1, 0, 0])
    expectEqual(thief.recorder.tasksRun, 11)
  }

  @Test func longestFirst() {
    var team = Team()
    var thief = Thief(worker: 0, victims: team.stealers, strategy: LongestFirst())
    expectEqual(thief.next(from: &team.own), 200)
    expectEqual(team.own.approximateCount, 19)
    expectEqual(team.two.approximateCount, 20)
    _ = team.own.drain()
    _ = team.two.drain()
    expectEqual(thief.next(from: &team.own), 300)
    expectEqual(thief.recorder.victims.map(\.taken), [0, 0, 20, 10])
    expectEqual(thief.recorder.victims.map(\.successes), [0, 0, 1, 1])
  }

  @Test func roundRobinTakesFromAllInTurn() {
    var team = Team()
    var thief = Thief(worker: 0, victims: team.stealers, strategy: RoundRobin(startingAt: 3, amount: .one))
    expectEqual((0..<6).map { _ in thief.next(from: &team.own) }, [300, 100, 200, 301, 101, 201])
    _ = team.one.drain()
    expectEqual((0..<4).map { _ in thief.next(from: &team.own) }, [302, 202, 303, 203])
    expectEqual(thief.recorder.victims.map(\.taken), [0, 2, 4, 4])
    expectEqual(thief.recorder.victims.map(\.empties), [0, 2, 0, 0])
  }

  @Test func lastSuccessStaysWithAVictimThatHadSomething() {
    var team = Team()
    var thief = Thief(worker: 0, victims: team.stealers, strategy: LastSuccess(startingAt: 3, amount: .one))
    expectEqual(thief.next(from: &team.own), 300)
    expectEqual(thief.next(from: &team.own), 301)
    _ = team.three.drain()
    expectEqual(thief.next(from: &team.own), 100)
    expectEqual(thief.next(from: &team.own), 101)
  }

  @Test func randomStartAsksEveryone() {
    var asked: Set<Int> = []
    var strategy = RandomStart(seed: 3)
    let stealers = Team().stealers
    for _ in 0..<100 { asked.insert(strategy.firstVictim(among: stealers)) }
    expectEqual(asked, [0, 1, 2, 3])
    var (one, two) = (RandomStart(seed: 5), RandomStart(seed: 5))
    for _ in 0..<20 { expectEqual(one.firstVictim(among: stealers), two.firstVictim(among: stealers)) }
  }

  @Test func batchesNeedEnoughToTake() {
    var team = Team()
    var thief = Thief(
      worker: 0, victims: team.stealers, strategy: FirstInOrder(amount: .batch(upTo: 4, ifAtLeast: 15)))
    expectEqual(thief.next(from: &team.own), 200)
    expectEqual(team.own.approximateCount, 3)
    expectEqual(thief.recorder.victims.map(\.empties), [0, 1, 0, 0])
  }

  @Test func ownWorkThenOutsideWorkThenTheft() {
    var team = Team()
    let queue = InjectionQueue<Int>()
    team.own.push(1)
    queue.push(contentsOf: [2, 3])
    var thief = Thief(worker: 0, victims: team.stealers, strategy: FirstInOrder(amount: .one))
    expectEqual(thief.next(from: &team.own, or: queue), 1)
    expectEqual(thief.next(from: &team.own, or: queue), 2)
    expectEqual(thief.next(from: &team.own, or: queue), 3)
    expectEqual(thief.next(from: &team.own, or: queue), 100)
    let recorder = thief.recorder
    expect(recorder.tasksRun == 4 && recorder.stolen == 1 && recorder.steals == 1)
    // One of the tasks from outside came straight from the queue; the other was in a batch of its own.
    expect(recorder.ownTasks == 1 && recorder.injected == 2 && recorder.injection.successes == 2)
    expect(recorder.injection.empties == 1 && recorder.empties == 1)
  }

  @Test func givesUp() {
    var own = WorkStealingDeque<Int>(order: .lifo)
    var alone = Thief(worker: 0, victims: [own.stealer], strategy: RandomStart(seed: 1))
    expect(alone.next(from: &own) == nil && alone.next(from: &own, or: InjectionQueue()) == nil)
    var nobody = Thief(worker: 0, victims: [Stealer<Int>](), strategy: LongestFirst())
    expect(nobody.next(from: &own) == nil)
    expectEqual(alone.recorder.tasksRun, 0)
  }

  /// A strategy of one's own: the neighbour first, three rounds at most.
  struct Neighbour: StealingStrategy {
    var amount: StealAmount { .half }
    var rounds = 0
    mutating func firstVictim<Element: ~Copyable>(among stealers: [Stealer<Element>]) -> Int { 1 }
    mutating func searchesAgain(afterRound round: Int, lostRaces: Int) -> Bool {
      rounds = round
      return round < 3
    }
  }

  @Test func aStrategyOfOnesOwn() {
    var team = Team()
    var thief = Thief(worker: 0, victims: team.stealers, strategy: Neighbour())
    expectEqual(thief.next(from: &team.own), 100)
    _ = (team.own.drain(), team.one.drain(), team.two.drain(), team.three.drain())
    expect(thief.next(from: &team.own) == nil)
    expectEqual(thief.strategy.rounds, 3)
  }
}

@Suite struct RecorderTests {
  @Test func summary() {
    var one = StealRecorder(worker: 0, victimCount: 2)
    var two = StealRecorder(worker: 1, victimCount: 2)
    for number in 0..<30 { one.noteRun(own: number > 0) }
    for number in 0..<10 { two.noteRun(own: number > 1) }
    one.noteInjected(35)
    one.noteInjectionRetry()
    one.noteInjectionEmpty()
    two.noteStolen(7, from: 0)
    two.noteStolen(3, from: 0)
    two.noteRetry(at: 0)
    two.noteEmpty(at: 0)
    let summary = StealSummary([one, two])
    expect(summary.tasksRun == 40 && summary.stolen == 10 && summary.injected == 35)
    expect(summary.retries == 2 && summary.empties == 2 && summary.ownTasks == 37)
    expect(abs(summary.evenness - 40.0 / 60.0) < 1e-12)
    expectEqual(two.victims[0].successes, 2)
    expectEqual(
      summary.description,
      """
        worker     tasks       own    stolen  injected   retries   empties  from
             0        30        29         0        35         1         1
             1        10         8        10         0         1         1  0: 10
           all        40        37        10        35         2         2
      evenness 67 %
      """)
  }

  @Test func evennessOfNothing() {
    expectEqual(StealSummary([StealRecorder(worker: 0, victimCount: 1)]).evenness, 1)
    expectEqual(StealSummary([]).evenness, 1)
  }
}
