import Skein

/// A kind of operation that a program may have or lack.
///
/// Each program has some of them only: a fault often needs much of one kind and none of another ("swarm testing", Groce et al. 2012).
enum ProgramFeature: String, CaseIterable {
  case calls, joins, loops, scopes, tasksOnEachThread, callsOnEachThread, detached, locks, locals, privatePools, held,
    throwing,
    rests, yields, limits, deep
}

/// Makes a program from a seed. What it makes finishes in any pool that keeps its promises; `ProgramPlace` says why.
struct ProgramGenerator {
  private var random: SeededGenerator
  private var features: Set<ProgramFeature> = []
  private var pools: [Int] = []
  private var leafPool: Int?
  private var lockCount = 0
  private let policy: ThreadPool.WaitPolicy

  static func program(
    seed: UInt64, policy: ThreadPool.WaitPolicy = .ownWork, features: Set<ProgramFeature> = Set(ProgramFeature.allCases)
  ) -> RandomProgram {
    var generator = ProgramGenerator(seed: seed, policy: policy)
    return generator.make(seed, features)
  }

  private init(seed: UInt64, policy: ThreadPool.WaitPolicy) {
    random = SeededGenerator(seed: seed)
    self.policy = policy
  }

  private mutating func make(_ seed: UInt64, _ allowed: Set<ProgramFeature>) -> RandomProgram {
    // Every feature costs one number, allowed or not: so the rest of a program changes as little as can be when one is taken away.
    for feature in ProgramFeature.allCases {
      if chance(feature == .calls ? 90 : feature == .deep ? 10 : 50), allowed.contains(feature) {
        features.insert(feature)
      }
    }
    pools = (0..<number(1...5)).map { _ in number(1...3) }
    // Two pools in three of the programs with one thread each, in which things go wrong soonest.
    if chance(40) { pools = pools.map { _ in 1 } }
    if features.contains(.locks) {
      lockCount = number(1...3)
      if pools.count > 1 { leafPool = pools.count - 1 }
    }
    let callers = number(1...4)
    let startsTogether = chance(70)
    let steps = (0..<callers).map { _ in
      step(
        ProgramPlace(pool: .outside, threads: 0, budget: 160 / callers),
        depth: features.contains(.deep) ? number(30...150) : number(3...7))
    }
    return RandomProgram(
      seed: seed, policy: policy, pools: pools, lockCount: lockCount, startsTogether: startsTogether, callers: steps)
  }

  private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
  private mutating func chance(_ percent: Int) -> Bool { number(1...100) <= percent }

  /// Steps that are worth `place.budget` executions at most.
  private mutating func step(_ place: ProgramPlace, depth: Int) -> Step {
    if depth <= 0 || place.budget <= 1 { return leaf(place) }
    if !features.contains(.deep), place.budget >= 3, chance(35) {
      let count = number(2...min(4, place.budget - 1))
      let part = place.with(budget: (place.budget - 1) / count)
      return Step(.sequence, (0..<count).map { _ in step(part, depth: depth - 1) })
    }
    for _ in 0..<20 {
      if let operation = operation(place, depth: depth) { return operation }
    }
    return leaf(place)
  }

  private mutating func leaf(_ place: ProgramPlace) -> Step {
    if features.contains(.yields), !place.isPlain, chance(20) { return Step(.yield) }
    if features.contains(.rests), chance(25) { return Step(.rest(number(1...300))) }
    return Step(.busy(chance(50) ? 0 : number(1...20)))
  }

  /// One operation, if the one that was drawn is possible here.
  private mutating func operation(_ place: ProgramPlace, depth: Int) -> Step? {
    let feature = ProgramFeature.allCases[number(0...ProgramFeature.allCases.count - 1)]
    let draw = number(0...999)
    guard features.contains(feature), !place.isPlain else { return nil }
    let isThrowing = features.contains(.throwing) && chance(25)
    let inner = place.with(budget: place.budget - 1)
    switch feature {
    case .calls:
      guard let pool = pool(from: place, draw) else { return nil }
      let child = step(inner.inPool(kind(of: pool), threads: pools[pool]), depth: depth - 1)
      return Step(isThrowing ? .runThrowing(pool: pool) : .run(pool: pool), child)
    case .joins:
      let half = inner.inOwnPool.with(budget: max(1, inner.budget / 2))
      return Step(
        .join(isThrowing ? Step.Throwing.allCases.randomElement(using: &random)! : .neither),
        step(half, depth: depth - 1), step(half, depth: depth - 1))
    case .loops:
      return loop(inner, depth: depth, draw, isThrowing)
    case .scopes:
      // From wherever this is: out of joins, loops, calls and inner scopes.
      if !inner.scopes.isEmpty, chance(50) { return spawn(inner, depth: depth - 1) }
      let here = inner.inOwnPool
      return Step(
        .scope(chance(50) ? .lifo : .fifo, isThrowing: isThrowing), scopeBody(here.openingScope, depth: depth - 1))
    case .tasksOnEachThread, .callsOnEachThread:
      return onEachThread(inner, depth: depth, draw, feature, isThrowing)
    case .detached:
      let pool = draw % 2 == 0 || place.pool == .outside ? draw % pools.count : nil
      let there = pool.map { ProgramPlace(pool: kind(of: $0), threads: pools[$0], budget: inner.budget) }
      return Step(.detach(pool: pool), step(there ?? place.detached(budget: inner.budget), depth: depth - 1))
    case .locks:
      guard let lock = lock(from: place, draw) else { return nil }
      let isLeafLock = leafPool != nil && lock == lockCount - 1
      return Step(.lock(lock), step(inner.holding(lock, isLeafLock: isLeafLock, policy), depth: depth - 1))
    case .locals:
      return Step(.local, step(inner, depth: depth - 1))
    case .privatePools:
      guard !place.holdsLock, place.pool != .leaf, place.pool != .shared else { return nil }
      let threads = number(1...2)
      let count = number(1...3)
      let there = ProgramPlace(pool: .privatePool, threads: threads, budget: max(1, inner.budget / count))
      return Step(
        .privatePool(threads: threads, isShutDown: chance(75)), (0..<count).map { _ in step(there, depth: depth - 1) })
    case .held:
      guard place.pool == .outside, !place.holdsLock, policy == .ownWork || policy == .block else { return nil }
      let (threads, count) = (number(1...2), number(2...6))
      let there = ProgramPlace(pool: .privatePool, threads: threads, budget: max(1, inner.budget / count))
      return Step(
        .heldFromOutside(threads: threads, count: count, contenders: number(1...2)),
        step(there.holding(lockCount, isLeafLock: true, policy), depth: depth - 1))
    case .throwing, .rests, .yields, .limits, .deep:
      return nil
    }
  }
}

// MARK: - Operations with more to choose

extension ProgramGenerator {
  private mutating func loop(_ inner: ProgramPlace, depth: Int, _ draw: Int, _ isThrowing: Bool) -> Step? {
    guard inner.budget >= 1 else { return nil }
    let pool = draw % 2 == 0 ? pool(from: inner, draw / 2) : nil
    let count = features.contains(.deep) ? 1 : min(number(1...6), inner.budget)
    let throwsFrom = isThrowing ? number(0...count - 1) : nil
    var body = pool.map { inner.inPool(kind(of: $0), threads: pools[$0]) } ?? inner.inOwnPool
    // How many iterations run after the first that throws is open: nobody outside may count them.
    if throwsFrom != nil { body.scopes = [] }
    return Step(
      .loop(
        pool: pool, count: count, maximumBatch: chance(60) ? 1 : .max,
        maximumInFlight: features.contains(.limits) && chance(50) ? number(1...2) : .max, throwsFrom: throwsFrom),
      step(body.with(budget: inner.budget / count), depth: depth - 1))
  }

  /// A body that spawns, at least.
  private mutating func scopeBody(_ place: ProgramPlace, depth: Int) -> Step {
    let count = min(number(1...5), max(1, place.budget))
    let part = place.with(budget: max(1, place.budget / count))
    return Step(
      .sequence,
      (0..<count).map { _ in
        guard part.budget > 1, chance(85) else { return step(part, depth: depth - 1) }
        return spawn(part, depth: depth - 1)
      })
  }

  private mutating func spawn(_ place: ProgramPlace, depth: Int) -> Step {
    let outward = chance(70) ? 0 : number(0...place.scopes.count - 1)
    return Step(.spawn(scope: outward), step(place.inScope(outward).with(budget: place.budget - 1), depth: depth - 1))
  }

  private mutating func onEachThread(
    _ inner: ProgramPlace, depth: Int, _ draw: Int, _ feature: ProgramFeature, _ isThrowing: Bool
  ) -> Step? {
    if feature == .tasksOnEachThread {
      guard !inner.scopes.isEmpty else { return nil }
      let outward = draw % inner.scopes.count
      let there = inner.inScope(outward)
      guard !there.holdsLock, there.threads > 0, inner.budget >= there.threads else { return nil }
      return Step(
        .spawnOnEachThread(scope: outward), step(there.with(budget: inner.budget / there.threads), depth: depth - 1))
    }
    let pool = draw % 3 == 0 && inner.threads > 0 ? nil : pool(from: inner, draw / 3)
    guard pool != nil || inner.threads > 0, pool != nil || !inner.holdsLock else { return nil }
    let there = pool.map { inner.inPool(kind(of: $0), threads: pools[$0]) } ?? inner
    guard inner.budget >= there.threads else { return nil }
    let throwsFrom = isThrowing ? number(0...there.threads - 1) : nil
    return Step(
      .onEachThread(pool: pool, throwsFrom: throwsFrom),
      step(there.with(budget: inner.budget / there.threads), depth: depth - 1))
  }

  private func kind(of pool: Int) -> ProgramPlace.Pool { pool == leafPool ? .leaf : .general }

  /// A pool that may be called from there.
  private func pool(from place: ProgramPlace, _ draw: Int) -> Int? {
    switch place.calls {
    case .any: draw % pools.count
    case .leafPoolOnly: leafPool
    case .none: nil
    }
  }

  private func lock(from place: ProgramPlace, _ draw: Int) -> Int? {
    guard lockCount > 0, place.takesLeafLock else { return nil }
    let lock = draw % lockCount
    if lock < place.lowestLock { return nil }
    let isGeneral = leafPool == nil || lock < lockCount - 1
    return isGeneral && !place.takesGeneralLocks ? nil : lock
  }
}
