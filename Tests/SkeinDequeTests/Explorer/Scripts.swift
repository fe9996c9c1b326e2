import InterleavingExplorer
import SkeinDeque
import Testing

typealias ExploredOwner = OwnerEnd<Int, ExploredWord>
typealias ExploredThief = ThiefEnd<Int, ExploredWord>
typealias ExploredQueue = InjectionCore<Int, ExploredWord>

extension Script {
  /// In weak memory.
  func exploreWeakly(with mutation: Mutation? = nil, limit: Int = 200_000) -> Explorer.Report {
    explore(with: mutation, weak: true, limit: limit, naming: dequeWord)
  }
}

/// What a word is, by its place in memory that was allocated at once: sizes tell the kinds of memory apart.
@Sendable
private func dequeWord(_ number: Int, _ count: Int) -> String {
  switch count {
  case 112: [0: "front", 1: "back", 16: "tag"][number] ?? "cell"
  case 48: [0: "head", 1: "headBlock", 2: "knownTail", 16: "tail", 17: "tailBlock"][number] ?? "spare"
  case 22: number < 8 ? "next" : number < 16 ? "finished" : number % 2 == 0 ? "state" : "words"
  default: "cell"
  }
}

/// A deque as a script sees it: an owner, and what each thread got.
final class ExploredDeque {
  var owner: ExploredOwner
  let thief: ExploredThief
  var taken: [Int] = []
  /// Elements that were pushed, all different.
  var pushed: [Int] = []
  private var wrongAnswer: String?

  init(_ order: DequeOrder, capacity: Int = 4, index: Int = 0, pushing elements: [Int] = []) {
    owner = ExploredOwner(order: order, minimumCapacity: capacity, index: index)
    thief = ExploredThief(owner.control)
    for element in elements { push(element) }
  }

  func push(_ element: Int) {
    pushed.append(element)
    owner.push(element)
  }

  func pop() {
    if let element = owner.pop() { taken.append(element) }
  }

  func steal() {
    if case .success(let element) = thief.steal() { taken.append(element) }
  }

  /// The answer says how many were moved; none were if the batch failed.
  @discardableResult
  func steal(upTo limit: Int, ifAtLeast minimum: Int = 1, into other: ExploredDeque) -> StealResult<Int> {
    let before = other.owner.back
    let result = thief.steal(upTo: limit, ifAtLeast: minimum, into: &other.owner)
    if other.owner.back &- before != result.element ?? 0 {
      wrongAnswer = "\(result) moved \(other.owner.back &- before)"
    }
    return result
  }

  @discardableResult
  func stealAndPop(upTo limit: Int, into other: ExploredDeque) -> StealResult<Int> {
    let result = thief.stealAndPop(upTo: limit, into: &other.owner)
    if case .success(let element) = result { taken.append(element) }
    return result
  }

  func shrink() { owner.shrinkToFit() }

  /// Takes what is left, and says whether every element was there once, in this or the `others`.
  func check(with others: [ExploredDeque] = []) -> String? {
    if let wrongAnswer { return wrongAnswer }
    var all: [Int] = []
    var expected = pushed
    for deque in [self] + others {
      // Not more than there can be: a broken deque may never be empty.
      for _ in 0..<20 { deque.pop() }
      all += deque.taken
    }
    for other in others { expected += other.pushed }
    return all.sorted() == expected.sorted() ? nil : "pushed \(expected), taken \(all)"
  }
}

/// An injection queue as a script sees it.
final class ExploredInjection {
  let core: ExploredQueue
  var taken: [Int] = []
  private var pushed: [Int] = []

  init(pushing elements: [Int] = [], stealing count: Int = 0, index: Int = 0) {
    core = ExploredQueue(index: index)
    for element in elements { push(element) }
    for _ in 0..<count { steal() }
  }

  deinit {
    Explorer.isLastReference()
    core.destroy()
  }

  func push(_ element: Int) {
    pushed.append(element)
    core.push(element)
  }

  func steal() {
    if case .success(let element) = core.steal() { taken.append(element) }
  }

  func steal(upTo limit: Int, into deque: ExploredDeque) {
    var count = 0
    let result = deque.stealBatch(from: core, upTo: limit, &count)
    if let result { taken.append(result) }
  }

  func check(with others: [ExploredDeque] = []) -> String? {
    for _ in 0..<20 { steal() }
    for other in others {
      for _ in 0..<20 { other.pop() }
      taken += other.taken
    }
    return taken.sorted() == pushed.sorted() ? nil : "pushed \(pushed), taken \(taken)"
  }
}

extension ExploredDeque {
  func stealBatch(from core: ExploredQueue, upTo limit: Int, _ count: inout Int) -> Int? {
    core.stealAndPop(upTo: limit, into: &owner, counting: &count).element
  }
}
