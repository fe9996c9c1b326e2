import Skein

/// Where a step of a random program stands, which decides what it may do there so that the program must finish.
///
/// A wait is for the waiting code's own descendants and for threads that take them up. Threads that are blocked in waits never stand
/// in the way: that is W5. What does is a thread that is blocked on a lock: nobody can take its place. So whoever holds a lock waits
/// only for what its own thread can do to the end, or a thread that waits for no lock of that kind:
///
/// - Locks are taken in the order of their numbers.
/// - Who holds one makes no calls but into the last pool, the *leaf pool*, and none on each thread of its own pool. What runs in the
///   leaf pool calls no other one and takes only the last lock, the *leaf lock*.
/// - Who holds the leaf lock stays in its own pool.
/// - Callers outside have no pool of their own: their parallel code runs in the shared one. There no lock is taken and no pool called.
/// - A task has the rights of its scope's opener, not of its spawner; a detached closure those of a thread that holds nothing.
/// - Under a policy that does not make W3 good, nothing parallel happens while a lock is held.
struct ProgramPlace {
  enum Pool { case outside, general, leaf, shared, privatePool }
  enum Calls { case any, leafPoolOnly, none }

  private(set) var pool: Pool
  /// The threads of the current pool; 0 outside, and in the shared pool, which has as many as there are processors.
  private(set) var threads: Int
  /// How many executions of steps may come from one execution of this one.
  private(set) var budget: Int
  private(set) var lowestLock = 0
  private(set) var holdsLock = false
  private var holdsLeafLock = false
  /// Whether nothing but plain code may stand here.
  private(set) var isPlain = false
  /// Where the enclosing scopes were opened, the innermost last.
  var scopes: [ProgramPlace] = []

  init(pool: Pool, threads: Int, budget: Int) {
    self.pool = pool
    self.threads = threads
    self.budget = budget
  }

  func with(budget: Int) -> ProgramPlace {
    var place = self
    place.budget = budget
    return place
  }

  func inPool(_ pool: Pool, threads: Int) -> ProgramPlace {
    var place = self
    place.pool = pool
    place.threads = threads
    return place
  }

  /// Where parallel code of the current pool runs; outside, that is the shared one.
  var inOwnPool: ProgramPlace { pool == .outside ? inPool(.shared, threads: 0) : self }

  var openingScope: ProgramPlace {
    var place = self
    place.scopes.append(self)
    return place
  }

  /// Where a task of an enclosing scope stands.
  func inScope(_ outward: Int) -> ProgramPlace {
    let index = scopes.count - 1 - outward
    var place = scopes[index]
    place.scopes = Array(scopes[...index])
    return place.with(budget: budget)
  }

  func holding(_ lock: Int, isLeafLock: Bool, _ policy: ThreadPool.WaitPolicy) -> ProgramPlace {
    var place = self
    place.lowestLock = lock + 1
    place.holdsLock = true
    place.holdsLeafLock = holdsLeafLock || isLeafLock
    if policy == .innerWork || policy == .anyWork { place.isPlain = true }
    return place
  }

  /// Where a closure detached into the current pool stands.
  func detached(budget: Int) -> ProgramPlace { ProgramPlace(pool: pool, threads: threads, budget: budget) }

  var calls: Calls {
    if pool == .leaf || pool == .shared || holdsLeafLock { return .none }
    return holdsLock ? .leafPoolOnly : .any
  }

  var takesGeneralLocks: Bool { pool != .leaf && takesLeafLock }

  var takesLeafLock: Bool { pool != .shared }
}
