/// What a random program must give, found by executing it on one thread, one step after the other.
struct SequentialRun {
  /// How often each step is executed, at least and at most. The two differ only after an iteration that throws.
  private(set) var least: [Int]
  private(set) var most: [Int]
  /// What each caller's tree gives.
  private(set) var results: [Int] = []
  /// What all detached closures give together; nil if it is open how many there are.
  private(set) var detached: Int? = 0

  private let program: RandomProgram
  private let sharedThreads: Int
  private var scopes: [(sum: Int, threads: Int)] = []
  private var isCertain = true

  init(_ program: RandomProgram, sharedThreads: Int) {
    self.program = program
    self.sharedThreads = sharedThreads
    least = [Int](repeating: 0, count: program.stepCount)
    most = least
    results = program.callers.map { execute($0, threads: 0) }
  }

  /// - Parameter threads: How many the current pool has; 0 outside.
  private mutating func execute(_ step: Step, threads: Int) -> Int {
    if isCertain { least[step.id] += 1 }
    most[step.id] += 1
    let own = step.value
    let here = threads == 0 ? sharedThreads : threads
    switch step.kind {
    case .busy, .rest, .yield: return own
    case .sequence: return step.children.reduce(own) { $0 &+ execute($1, threads: threads) }
    case .run(let pool), .runThrowing(let pool): return own &+ execute(step.child, threads: program.pools[pool])
    case .lock, .local: return own &+ execute(step.child, threads: threads)
    case .join(let throwing):
      let first = execute(step.child, threads: here)
      let second = execute(step.children[1], threads: here)
      switch throwing {
      case .neither: return own &+ first &+ second
      case .first, .both: return own &+ first
      case .second: return own &+ second
      }
    case .loop(let pool, let count, _, _, let throwsFrom):
      let there = pool.map { program.pools[$0] } ?? here
      return own &+ iterations(of: step, count, throwsFrom, threads: there)
    case .scope:
      scopes.append((0, here))
      let result = execute(step.child, threads: here)
      return own &+ result &+ scopes.removeLast().sum
    case .spawn(let outward):
      spawn(step, scopes.count - 1 - outward, once: true)
      return own
    case .spawnOnEachThread(let outward):
      spawn(step, scopes.count - 1 - outward, once: false)
      return own
    case .onEachThread(let pool, let throwsFrom):
      let there = pool.map { program.pools[$0] } ?? here
      var sum = 0
      for _ in 0..<there { sum &+= execute(step.child, threads: there) }
      return own &+ (throwsFrom ?? sum)
    case .detach(let pool):
      detach(step.child, threads: pool.map { program.pools[$0] } ?? here)
      return own
    case .privatePool(let threads, _):
      for child in step.children { detach(child, threads: threads) }
      return own
    case .heldFromOutside(let threads, let count, let contenders):
      return own &+ iterations(of: step, count, nil, threads: threads) &+ contenders
    }
  }

  private mutating func iterations(of step: Step, _ count: Int, _ throwsFrom: Int?, threads: Int) -> Int {
    let wasCertain = isCertain
    defer { isCertain = wasCertain }
    var sum = 0
    for index in 0..<count {
      if let throwsFrom, index > throwsFrom { isCertain = false }
      sum &+= (index + 1) &* execute(step.child, threads: threads)
    }
    return throwsFrom ?? sum
  }

  private mutating func spawn(_ step: Step, _ index: Int, once: Bool) {
    let threads = scopes[index].threads
    // A task sees the scopes that enclose its own scope, and that one.
    let inner = scopes[(index + 1)...]
    scopes.removeSubrange((index + 1)...)
    for _ in 0..<(once ? 1 : threads) {
      let result = execute(step.child, threads: threads)
      scopes[index].sum &+= result
    }
    scopes += inner
  }

  private mutating func detach(_ child: Step, threads: Int) {
    let scopes = scopes
    self.scopes = []
    let result = execute(child, threads: threads)
    detached = isCertain ? detached.map { $0 &+ result } : nil
    self.scopes = scopes
  }
}
