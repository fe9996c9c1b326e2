import Skein
import Synchronization

/// Makes a program that hangs smaller while it still does, for whoever mends the fault.
///
/// Each attempt that hangs leaves its threads behind: it is for a process of its own. Programs with locks are left alone, for what
/// makes them finish is a matter of where each lock is taken; see `ProgramPlace`.
struct ProgramShrinker {
  /// How often a smaller program is tried before it counts as one that finishes.
  var tries = 100
  /// After what time it counts as one that hangs.
  var limit = Duration.milliseconds(400)

  func hangs(_ program: RandomProgram, tries: Int) -> Bool {
    for _ in 0..<tries {
      guard let run = try? ProgramRun(program, allowsStandstill: true) else { return false }
      let (isOver, isRight) = (Flag(), Flag())
      OutsideThread {
        if run.run().isEmpty { isRight.set() }
        isOver.set()
      }.detach()
      if !eventually(within: limit, { isOver.isSet }) { return true }
      if !isRight.isSet { return false }
    }
    return false
  }

  /// The smallest that was found; nil if even the whole program never hung.
  func shrink(_ program: RandomProgram) -> RandomProgram? {
    guard program.lockCount == 0, hangs(program, tries: 10 * tries) else { return nil }
    var smallest = program
    while let smaller = candidates(smallest).first(where: { hangs($0, tries: tries) }) { smallest = smaller }
    return smallest
  }

  private func candidates(_ program: RandomProgram) -> [RandomProgram] {
    func with(pools: [Int]? = nil, callers: [Step]? = nil) -> RandomProgram {
      RandomProgram(
        policy: program.policy, pools: pools ?? program.pools, startsTogether: program.startsTogether,
        callers: callers ?? program.callers)
    }
    var found: [RandomProgram] = []
    for index in program.callers.indices {
      if program.callers.count > 1 { found.append(with(callers: program.callers.without(index))) }
      found += simpler(program.callers[index]).map { with(callers: program.callers.replacing(index, by: $0)) }
    }
    found.sort { $0.stepCount < $1.stepCount }
    for index in program.pools.indices where program.pools[index] > 1 {
      found.append(with(pools: program.pools.replacing(index, by: program.pools[index] - 1)))
    }
    return found
  }

  /// Steps that do less than a step, but nothing that it does not.
  private func simpler(_ step: Step) -> [Step] {
    if step.kind == .busy(0) { return [] }
    var found = [Step(.busy(0))]
    switch step.kind {
    case .busy, .rest, .yield, .heldFromOutside: break
    case .sequence, .privatePool:
      if step.children.count > 1 {
        found += step.children.indices.map { Step(step.kind, step.children.without($0)) }
      } else if step.kind == .sequence {
        found.append(step.child)
      }
    case .scope:
      if !spawns(step.child) { found.append(step.child) }
    case .spawn(let outward), .spawnOnEachThread(let outward):
      if outward == 0 { found.append(step.child) }
    default: found += step.children
    }
    if let plainer = plainer(step.kind) { found.append(Step(plainer, step.children)) }
    for index in step.children.indices {
      found += simpler(step.children[index]).map { Step(step.kind, step.children.replacing(index, by: $0)) }
    }
    return found
  }

  private func spawns(_ step: Step) -> Bool {
    switch step.kind {
    case .spawn, .spawnOnEachThread: true
    default: step.children.contains(where: spawns)
    }
  }

  /// A kind that does the same with less.
  private func plainer(_ kind: Step.Kind) -> Step.Kind? {
    switch kind {
    case .runThrowing(let pool): .run(pool: pool)
    case .join(let throwing): throwing == .neither ? nil : .join(.neither)
    case .scope(let order, true): .scope(order, isThrowing: false)
    case .spawnOnEachThread(let scope): .spawn(scope: scope)
    case .loop(let pool?, 1, _, _, nil): .run(pool: pool)
    case .loop(let pool, let count, _, _, nil) where count > 1:
      .loop(pool: pool, count: count - 1, maximumBatch: 1, maximumInFlight: .max, throwsFrom: nil)
    case .loop(let pool, let count, let batch, let inFlight, .some):
      .loop(pool: pool, count: count, maximumBatch: batch, maximumInFlight: inFlight, throwsFrom: nil)
    case .onEachThread(let pool, .some): .onEachThread(pool: pool, throwsFrom: nil)
    case .onEachThread(let pool?, nil): .run(pool: pool)
    case .privatePool(2, let isShutDown): .privatePool(threads: 1, isShutDown: isShutDown)
    default: nil
    }
  }
}

extension Array {
  fileprivate func without(_ index: Int) -> [Element] {
    var others = self
    others.remove(at: index)
    return others
  }

  fileprivate func replacing(_ index: Int, by element: Element) -> [Element] {
    var others = self
    others[index] = element
    return others
  }
}
