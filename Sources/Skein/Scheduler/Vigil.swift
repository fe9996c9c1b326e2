/// How a thread that has nothing to do comes to sleep, and how it gets up again. Whoever waits in this library goes this way: a worker without work, a
/// worker that waits for something of its own, a thread outside any pool that waits for its call, a spare thread without a duty.
///
///               ┌─in vain─┐
///               ▼         │
///     found ◀─ looking ───┴─in vain, often enough─▶ announced ──in vain──▶ asleep
///               ▲                                       │                    │
///               └───────────────────found───────────────┴───woken, or time───┘
///
/// It is the order of these steps that loses no wake-up: see *lost wake-up* in `Sleeping.md`. What a look is, and how each step is done, says the thread
/// that goes this way. This is the way and nothing else: it touches nothing that is shared.
struct Vigil {
  enum State: Equatable {
    /// The thread looks at everything that it could go on with, again and again, with pauses between the looks. Nobody needs to wake it: what becomes
    /// visible now, it sees itself.
    case looking
    /// The thread has said that it is about to sleep, and takes its last look. What became visible before it said so, it sees; who makes something
    /// visible after that sees the announcement, and wakes it.
    case announced
    /// The last look was in vain. Only a waker ends this, or the time that the thread has set itself.
    case asleep
  }

  /// What comes after a look.
  enum Step: Equatable {
    /// To do what has been found.
    case goOn
    /// To look again after a pause.
    case pause(Patience.Pause)
    /// To say that one is about to sleep; then to look for the last time.
    case announce
  }

  /// What comes after the last look.
  enum LastStep: Equatable {
    /// To take the announcement back.
    case stayAwake
    /// To sleep.
    case sleep
  }

  private(set) var state = State.looking
  private var patience: Patience

  init(_ patience: Patience = Patience()) { self.patience = patience }

  /// Takes the step after a look.
  /// - Parameter maySleep: Whether the thread may sleep at this moment. If not, it goes on looking, and lets others have the processor.
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

  /// Says that the sleep is over: with new patience if somebody has woken the thread; with that for one look if only time has passed.
  mutating func wake(byTime: Bool = false) {
    precondition(state == .asleep)
    state = .looking
    if byTime { patience.lose() } else { patience.reset() }
  }

  /// Lets the next look be the last before the announcement.
  mutating func losePatience() { patience.lose() }
}
