/// How a thread that has nothing to do falls asleep, and how it awakes. Every waiting thread in this library follows
/// this protocol: a worker without work, a worker that waits for something of its own, a thread outside any pool that
/// waits for its call, a spare thread without a duty.
///
///               ┌─in vain─┐
///               ▼         │
///     found ◀─ looking ───┴─in vain, often enough─▶ announced ──in vain──▶ asleep
///               ▲                                       │                    │
///               └───────────────────found───────────────┴───woken, or time───┘
///
/// The order of these steps is what loses no wake-up: see *lost wake-up* in `Sleeping.md`. The thread defines what a
/// look is, and how each step is done. This is the state machine and nothing else: it accesses nothing that is shared.
struct Vigil {
  enum State: Equatable {
    /// The thread looks at everything that it could go on with, repeatedly, with pauses between the looks. It need not
    /// be woken: what becomes visible now, it sees itself.
    case looking
    /// The thread has announced that it is about to sleep, and takes its last look. It sees what became visible before
    /// the announcement; a thread that makes something visible afterwards sees the announcement, and wakes it.
    case announced
    /// The last look was in vain. Only a waker ends this, or the thread's own timeout.
    case asleep
  }

  /// The step after a look.
  enum Step: Equatable {
    /// Do what has been found.
    case goOn
    /// Look again after a pause.
    case pause(Patience.Pause)
    /// Announce the sleep; then look for the last time.
    case announce
  }

  /// The step after the last look.
  enum LastStep: Equatable {
    /// Withdraw the announcement.
    case stayAwake
    /// Sleep.
    case sleep
  }

  private(set) var state = State.looking
  private var patience: Patience

  init(_ patience: Patience = Patience()) { self.patience = patience }

  /// Takes the step after a look.
  /// - Parameter maySleep: Whether the thread may sleep at this moment. If not, it goes on looking, and yields the
  ///   processor to others.
  mutating func look(hasFound: Bool, maySleep: Bool = true) -> Step {
    precondition(state == .looking)
    if hasFound {
      patience.reset()
      return .goOn
    }
    if let pause = patience.next() ?? (maySleep ? nil : .yield) { return .pause(pause) }
    state = .announced
    return .announce
  }

  /// Takes the step after the last look.
  mutating func lastLook(hasFound: Bool) -> LastStep {
    precondition(state == .announced)
    if hasFound {
      state = .looking
      patience.reset()
      return .stayAwake
    }
    state = .asleep
    return .sleep
  }

  /// Notes that the sleep is over: with new patience if the thread has been woken; with patience for one look if the
  /// timeout has passed.
  mutating func wake(byTime: Bool = false) {
    precondition(state == .asleep)
    state = .looking
    if byTime { patience.lose() } else { patience.reset() }
  }

  /// Makes the next look the last one before the announcement.
  mutating func losePatience() { patience.lose() }
}
