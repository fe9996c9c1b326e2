import InterleavingExplorer
import Testing

/// Each step that a protocol rests on, changed on purpose, is found out by a script.
@Suite(.serialized, .enabled(if: !isSanitized, "one thread runs at a time, so a sanitizer sees nothing here"))
struct MutationTests {
  /// A mistake, and the script that finds it out.
  struct Seed: Sendable, CustomTestStringConvertible {
    let mutation: Mutation
    let script: String

    init(_ place: String, _ method: AccessSite.Method, _ change: Mutation.Change, _ script: String) {
      mutation = Mutation(AccessSite(place, method), change)
      self.script = script
    }

    var testDescription: String { "\(mutation)" }
  }

  @Test(arguments: deque + jobs + exposure + sleep + fork + scope + mail + guest + watcher)
  func aMutationIsFound(seed: Seed) throws {
    let script = try #require(Script.all.first { $0.name == seed.script })
    let report = script.explore(with: seed.mutation, limit: 5000)
    #expect(report.sites.contains(seed.mutation.site), "there is no such access any more")
    #expect(report.failure != nil, "\(seed.mutation) goes unnoticed")
    print("mutation: \(seed.mutation): found by \"\(seed.script)\": \(report.failure ?? "not")")
  }
}

extension AccessSite.Method {
  fileprivate static let exchangeSequential = Self(.exchange, [.acquires, .releases, .sequential])
  fileprivate static let addSequential = Self(.add, [.acquires, .releases, .sequential])
  fileprivate static let addRelaxed = Self(.add, [])
  fileprivate static let wake = Self(.wake, [])
}

// MARK: - The seeds

extension MutationTests {
  /// Not among these: that `makeRoom` and `leaveLargeRings` acquire `head`. It keeps a cell from being written again while it is still read,
  /// and no load of this memory sees a write that comes later. Nor that the latter releases the ring: it is empty, and `publicEnd` releases
  /// what comes into it.
  static let deque = [
    Seed("ForkDeque.expose", .storeSequential, .misses(.releases), "deque: the border goes up"),
    Seed("ForkDeque.expose", .storeSequential, .isOmitted, "exposure: a fork while the other worker falls asleep"),
    Seed("ForkDeque.popPublic", .storeSequential, .isOmitted, "deque: the border goes down by half"),
    Seed("ForkDeque.popPublic", .storeSequential, .misses(.sequential), "deque: the border goes down by half"),
    Seed("ForkDeque.popPublic", .loadSequential, .misses(.sequential), "deque: the border goes down by half"),
    Seed("ForkDeque.popNewestPublic", .storeSequential, .isOmitted, "deque: tasks, pops against thieves"),
    Seed("ForkDeque.popNewestPublic", .storeSequential, .misses(.sequential), "deque: tasks, pops against thieves"),
    Seed("ForkDeque.popNewestPublic", .loadSequential, .misses(.sequential), "deque: tasks, pops against thieves"),
    Seed("ForkDeque.claimNewest", .compareExchange, .isOmitted, "deque: the last job, pop against steal"),
    Seed("ForkDeque.claimNewest", .compareExchange, .isSplit, "deque: the last job, pop against steal"),
    Seed("ForkDeque.steal", .compareExchange, .isOmitted, "deque: the last job, pop against steal"),
    Seed("ForkDeque.steal", .compareExchange, .isSplit, "deque: the last job, pop against two thieves"),
    Seed("ForkDeque.steal", .compareExchange, .misses(.sequential), "deque: the border goes down by half"),
    Seed("ForkDeque.steal", .loadSequential, .misses(.sequential), "deque: two pops against a thief that steals twice"),
    Seed("ForkDeque.steal", .loadSequential, .misses(.acquires), "deque: the border goes up"),
    Seed("ForkDeque.steal", .loadAcquiring, .misses(.acquires), "deque: the ring doubles"),
    Seed("ForkDeque.makeRoom", .storeReleasing, .misses(.releases), "deque: the ring doubles"),
    Seed("ForkDeque.makeRoom", .storeReleasing, .isOmitted, "deque: the ring doubles"),
    Seed("ForkDeque.leaveLargeRingsIfEmpty", .storeReleasing, .isOmitted, "deque: a large ring changes hands"),
    Seed("ForkDeque.leaveLargeRingsIfEmpty", .loadAcquiring, .answers(2), "deque: a large ring stays with its job"),
    Seed("ForkDeque.push", .storeReleasing, .misses(.releases), "deque: a task, pop against steal"),
  ]

  /// Not among these: that `room` acquires `head`, for the reason above.
  static let jobs = [
    Seed("JobQueue.push", .storeSequential, .isOmitted, "jobs: a push against a taker"),
    Seed("JobQueue.push", .storeSequential, .misses(.releases), "jobs: a push against a taker"),
    Seed("JobQueue.room", .storeReleasing, .isOmitted, "jobs: the ring doubles"),
    Seed("JobQueue.room", .storeReleasing, .misses(.releases), "jobs: the ring doubles"),
    Seed("JobQueue.take", .loadSequential, .misses(.acquires), "jobs: a push against a taker"),
    Seed("JobQueue.take", .loadAcquiring, .misses(.acquires), "jobs: the ring doubles"),
    Seed("JobQueue.claim", .compareExchange, .isOmitted, "jobs: the last one, two takers"),
    Seed("JobQueue.claim", .compareExchange, .isSplit, "jobs: the last one, two takers"),
    Seed("JobQueue.takeSome", .storeSequential, .isOmitted, "jobs: half of them move to another queue"),
    Seed("JobQueue.takeSome", .storeSequential, .misses(.releases), "jobs: some move, and one of them is taken on"),
    Seed("JobQueue.takeSome", .loadAcquiring, .misses(.acquires), "jobs: some move while others come"),
  ]

  static let exposure = [
    Seed(
      "WorkerReference.requestExposure", .storeSequential, .isOmitted,
      "exposure: the flag, against a thief that leaves too little"),
    Seed(
      "WorkerReference.requestExposure", .loadSequential, .answers(1),
      "exposure: the flag, against a thief that leaves too little"),
    Seed(
      "WorkerReference.requestExposure", .loadSequential, .misses(.sequential),
      "exposure: the flag, against a thief that leaves too little"),
    Seed(
      "WorkerReference.answerExposureRequest", .storeSequential, .misses(.sequential),
      "exposure: the flag, against a thief that leaves too little"),
    Seed(
      "ForkDeque.publicCount", .loadSequential, .misses(.sequential),
      "exposure: the flag, against a thief that leaves too little"),
    Seed(
      "ForkDeque.publicCount", .loadSequential, .answers(0),
      "exposure: the flag, against a thief that leaves too little"),
    Seed(
      "ForkDeque.expose", .storeSequential, .misses(.sequential), "exposure: a fork while the other worker falls asleep"
    ),
    Seed("ForkDeque.looksEmpty", .loadSequential, .answers(0), "exposure: a fork while the other worker falls asleep"),
    Seed(
      "ForkDeque.looksEmpty", .loadSequential, .misses(.sequential),
      "exposure: a fork while the other worker falls asleep"),
    Seed("Sleep.searchingCount", .loadSequential, .answers(0), "exposure: all of them, while somebody looks for work"),
  ]

  static let sleep = [
    Seed("Parker.announce", .storeSequential, .isOmitted, "parker: what it waits for comes while it falls asleep"),
    Seed(
      "Parker.announce", .storeSequential, .misses(.sequential), "parker: what it waits for comes while it falls asleep"
    ),
    Seed(
      "Parker.isAnnounced", .loadSequential, .misses(.sequential),
      "parker: what it waits for comes while it falls asleep"),
    Seed("Parker.wake", .compareExchange, .isOmitted, "parker: what it waits for comes while it falls asleep"),
    Seed("Parker.wake", .compareExchange, .isSplit, "parker: two wakers, one of which wakes"),
    Seed("Parker.wake", .wake, .isOmitted, "parker: what it waits for comes while it falls asleep"),
    Seed("Parker.stayAwake", .exchangeSequential, .isOmitted, "parker: who is sent is told so once"),
    Seed("Parker.stayAwake", .exchangeSequential, .isSplit, "parker: who is sent is told so once"),
    Seed("Sleep.fallAsleep", .addSequential, .isOmitted, "sleep: a closure for one free worker"),
    Seed(
      "Sleep.fallAsleep", .addSequential, .misses(.sequential), "exposure: a fork while the other worker falls asleep"),
    Seed("Sleep.sendSleeper", .loadSequential, .answers(0), "exposure: a fork while the other worker falls asleep"),
    Seed(
      "Sleep.sendSleeper", .loadSequential, .misses(.sequential), "exposure: a fork while the other worker falls asleep"
    ),
    Seed("Sleep.sendSleeper", .compareExchange, .answers(9), "sleep: two closures for two free workers"),
    Seed("Sleep.stopSearching", .addSequential, .isOmitted, "sleep: a closure for one free worker"),
    Seed("Sleep.stopSearching", .addSequential, .misses(.sequential), "guest: a closure for its host"),
    Seed("Sleep.startSearching", .addSequential, .isOmitted, "sleep: the next call of a thread outside any pool"),
    Seed("Sleep.count", .loadSequential, .answers(0), "sleep: two closures for two free workers"),
    Seed("Sleep.searchingCount", .loadSequential, .answers(1), "sleep: two thieves that spare the owner of a task"),
    Seed("Lifecycle.close", .addSequential, .isOmitted, "sleep: a closure for one free worker"),
  ]

  static let fork = [
    Seed("Work.perform", .storeSequential, .isOmitted, "fork: each half is run once"),
    Seed("Work.perform", .storeSequential, .misses(.sequential), "fork: each half is run once"),
    Seed("Work.perform", .storeReleasing, .misses(.releases), "fork: a waiter takes nothing that it does not wait for"),
    Seed("Waiting.wait", .loadSequential, .misses(.sequential), "fork: each half is run once"),
    Seed("WorkerReference.finishElsewhere", .loadAcquiring, .answers(-1), "fork: a thief hands back what it has begun"),
    Seed("WorkerReference.finishElsewhere", .loadAcquiring, .answers(-2), "fork: each half is run once"),
    Seed("Waiting.wait", .loadAcquiring, .misses(.acquires), "fork: a waiter takes nothing that it does not wait for"),
  ]

  static let scope = [
    Seed("ScopeState.finishOne", .addSequential, .isOmitted, "scope: the last of two tasks, against the waiter"),
    Seed("ScopeState.finishOne", .addSequential, .isSplit, "scope: the last of two tasks, against the waiter"),
    Seed(
      "ScopeState.finishOne", .addSequential, .misses(.sequential), "scope: the last of two tasks, against the waiter"),
    Seed(
      "ScopeState.isFinished", .loadSequential, .misses(.sequential), "scope: the last of two tasks, against the waiter"
    ),
    Seed(
      "ScopeState.isFinished", .loadSequential, .answers(0), "scope: counted by the waiter alone, and then in sight"),
    Seed(
      "ScopeState.countInSight", .addSequential, .isOmitted, "scope: counted by the waiter alone, and then in sight"),
    Seed("ScopeState.countInSight", .addSequential, .isSplit, "scope: counted by the waiter alone, and then in sight"),
    Seed("ScopeState.countOne", .addRelaxed, .isOmitted, "scope: a spawn against the end"),
    Seed("ScopeState.countOne", .addRelaxed, .isSplit, "scope: a spawn against the end"),
    Seed("ScopeState.close", .compareExchange, .isOmitted, "scope: a spawn against the end"),
    Seed("ScopeState.close", .compareExchange, .isSplit, "scope: a spawn against the end"),
    Seed(
      "ScopeOverflow.pushAside", .storeSequential, .isOmitted,
      "scope: a task in the overflow of a waiter that falls asleep"),
    Seed(
      "ScopeOverflow.pushAside", .storeSequential, .misses(.sequential),
      "scope: a task in the overflow of a waiter that falls asleep"),
    Seed(
      "ScopeOverflow.hasOverflow", .loadSequential, .answers(0),
      "scope: a task in the overflow of a waiter that falls asleep"),
    Seed(
      "ScopeOverflow.hasOverflow", .loadSequential, .misses(.sequential),
      "scope: a task in the overflow of a waiter that falls asleep"),
    Seed("ScopeOverflow.hint", .exchangeSequential, .answers(1), "scope: a task in the overflow, for a free worker"),
    Seed(
      "Waiting.publish", .storeSequential, .isOmitted, "scope: a task in the overflow of a waiter that falls asleep"),
  ]

  static let mail = [
    Seed("Submission.finish", .storeSequential, .isOmitted, "mail: a call back into the pool of who waits"),
    Seed(
      "Submission.finish", .storeSequential, .misses(.sequential), "mail: a thread outside any pool waits for its call"),
    Seed("Submission.claim", Self.relaxedExchange, .answers(1), "mail: a call against the end of the one before"),
  ]

  static let guest = [
    Seed("Guests.takePlace", .compareExchange, .isSplit, "guest: two callers for one place"),
    Seed("Guests.takePlace", .compareExchange, .isOmitted, "guest: its host takes none of its jobs"),
    Seed("Guests.mayTakeFromOthers", .loadSequential, .answers(0), "guest: its host takes none of its jobs"),
    Seed("Guests.mayTakeFromOthers", .loadSequential, .isEarly, "guest: its host takes none of its jobs"),
    // The second look after the note that hosts were passed over.
    Seed("Guests.mayTakeFromOthers", .loadSequential, .isEarly, "guest: a job for its host, when it has left"),
    Seed(
      "Guests.mayTakeFromOthers", .loadSequential, .misses(.sequential), "guest: a job for its host, when it has left"),
    Seed("Guests.leaveAsGuest", .storeSequential, .isOmitted, "guest: a job for its host, when it has left"),
    Seed("Guests.leaveAsGuest", .storeSequential, .misses(.sequential), "guest: a job for its host, when it has left"),
    Seed("Sleep.passOverHosts", .storeSequential, .isOmitted, "guest: a job for its host, when it has left"),
    Seed("Sleep.passOverHosts", .storeSequential, .misses(.sequential), "guest: a job for its host, when it has left"),
    Seed("Sleep.hasPassedOver", .loadSequential, .answers(0), "guest: a job for its host, when it has left"),
    Seed("Sleep.hasPassedOver", .loadSequential, .misses(.sequential), "guest: a job for its host, when it has left"),
    Seed("Sleep.list", .storeSequential, .isOmitted, "guest: a job for another worker than its host"),
    Seed("Sleep.list", .storeSequential, .misses(.sequential), "guest: a job for another worker than its host"),
    Seed("Sleep.count", .loadSequential, .answers(0), "guest: a closure for its host"),
    Seed("Sleep.passOverHosts", .storeSequential, .isOmitted, "guest: it leaves and comes back while somebody is sent"),
    Seed("Sleep.sendSleeper", .loadSequential, .answers(0), "guest: a job shown while its host looked for work"),
    Seed(
      "Sleep.count", .loadSequential, .answers(0), "guest: a closure for its host while somebody is sent for a job"),
    Seed("Waiting.mayShare", .loadSequential, .answers(0), "guest: it helps with no share of a call on each thread"),
  ]

  static let watcher = [
    Seed("Sleep.isWatched", .loadSequential, .answers(1), "watcher: a call while a worker falls asleep"),
    Seed("Sleep.stopWatching", .storeSequential, .isOmitted, "watcher: a call where somebody watches"),
    // The watcher's look after it has ceased.
    Seed("ForkDeque.looksEmpty", .loadSequential, .isEarly, "watcher: a call where somebody watches"),
    Seed("Sleep.sendSleeper", .loadSequential, .answers(0), "watcher: the host watches while another worker sleeps"),
  ]

  private static var relaxedExchange: AccessSite.Method { AccessSite.Method(.compareExchange, []) }
}
