import Skein

/// One operation of a random program, and what it does inside.
///
/// What a kind's children are is said with the kind. Every execution of a step gives a number made of its position in the program and
/// of what its children gave, so that a lost, a doubled or a mixed-up result shows in the sum.
struct Step: Sendable {
  enum Kind: Sendable, Equatable {
    /// The children, one after the other.
    case sequence
    /// Keeps the processor for some microseconds.
    case busy(Int)
    /// Sleeps for some microseconds.
    case rest(Int)
    /// `ThreadPool.yield()`.
    case yield
    /// A call into a pool: one child.
    case run(pool: Int)
    /// As `run`, and the closure throws.
    case runThrowing(pool: Int)
    /// Two children.
    case join(Throwing)
    /// A loop of `count` iterations, in the current pool if none is given: one child. From iteration `throwsFrom` on they throw.
    case loop(pool: Int?, count: Int, maximumBatch: Int, maximumInFlight: Int, throwsFrom: Int?)
    /// One child, the body of the scope. If it is to throw, one more task does that in the end.
    case scope(ScopeOrder, isThrowing: Bool)
    /// A task in an enclosing scope, 0 being the innermost: one child.
    case spawn(scope: Int)
    /// A task on each thread of an enclosing scope's pool: one child.
    case spawnOnEachThread(scope: Int)
    /// A call on each thread of a pool: one child. From index `throwsFrom` on they throw.
    case onEachThread(pool: Int?, throwsFrom: Int?)
    /// A detached closure: one child.
    case detach(pool: Int?)
    /// One child, run with the lock held.
    case lock(Int)
    /// One child, run while a `WorkerLocal` value is held.
    case local
    /// A pool of its own, into which each child is detached; then it is shut down, or released.
    case privatePool(threads: Int, isShutDown: Bool)
    /// For callers outside: a lock of its own, held across a loop in a pool of its own, and asked for by as many calls into that pool,
    /// which come once the loop has begun. One child, the loop's body.
    case heldFromOutside(threads: Int, count: Int, contenders: Int)
  }

  enum Throwing: String, Sendable, CaseIterable, CustomDebugStringConvertible {
    case neither, first, second, both
    var debugDescription: String { rawValue }
  }

  /// Its position in the program. Given by `RandomProgram`.
  fileprivate(set) var id = 0
  let kind: Kind
  fileprivate(set) var children: [Step]

  init(_ kind: Kind, _ children: Step...) { self.init(kind, children) }

  init(_ kind: Kind, _ children: [Step]) {
    self.kind = kind
    self.children = children
  }

  var child: Step { children[0] }

  /// What this step adds to the result of whoever executes it.
  var value: Int { Int(truncatingIfNeeded: UInt64(id + 1) &* 0x9E37_79B9_7F4A_7C15) }

  fileprivate mutating func number(from next: inout Int) {
    id = next
    next += 1
    for index in children.indices { children[index].number(from: &next) }
  }
}

/// Some pools, some threads outside them, and what each of those threads does.
struct RandomProgram: Sendable {
  /// What it was made from, if it was.
  let seed: UInt64?
  let policy: ThreadPool.WaitPolicy
  /// The threads of each pool.
  let pools: [Int]
  let lockCount: Int
  /// Whether the callers wait for each other before they begin.
  let startsTogether: Bool
  let callers: [Step]
  let stepCount: Int

  init(
    seed: UInt64? = nil, policy: ThreadPool.WaitPolicy = .ownWork, pools: [Int], lockCount: Int = 0,
    startsTogether: Bool = true, callers: [Step]
  ) {
    self.seed = seed
    self.policy = policy
    self.pools = pools
    self.lockCount = lockCount
    self.startsTogether = startsTogether
    var next = 0
    self.callers = callers.map { step in
      var step = step
      step.number(from: &next)
      return step
    }
    stepCount = next
  }
}

extension RandomProgram: CustomStringConvertible {
  var description: String { description { _ in "" } }

  /// The program in lines, each with a remark of the caller's.
  func description(remark: (Step) -> String) -> String {
    var lines = [
      "seed \(seed.map { "\($0)" } ?? "none"), policy \(policy), threads of the pools \(pools), locks \(lockCount)"
        + (startsTogether ? ", callers start together" : "")
    ]
    func add(_ step: Step, _ depth: Int) {
      lines.append(
        String(repeating: "  ", count: depth)
          + "\(step.id): \(step.kind)"
          .replacing("Skein.ScopeOrder", with: "").replacing("Optional(", with: "(").replacing(
            "\(Int.max)", with: "max") + remark(step))
      for child in step.children { add(child, depth + 1) }
    }
    for (index, caller) in callers.enumerated() {
      lines.append("caller \(index)")
      add(caller, 1)
    }
    return lines.joined(separator: "\n")
  }
}
