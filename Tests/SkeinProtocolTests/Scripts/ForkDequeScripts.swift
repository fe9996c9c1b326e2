import InterleavingExplorer

/// A worker's deque as a script sees it: the owner's end, the thieves' end, and what each thread got. Jobs are numbers, all different.
final class ExploredForks {
  let deque: UnsafeMutablePointer<ForkDeque>
  private(set) var taken: [Int] = []
  private var pushed: [Int] = []
  /// The jobs that the owner has pushed and neither taken back nor missed.
  private var stack: [Int] = []
  private var problem: String?

  init(capacity: Int = 4, forks: [Int] = [], shown: Int = .max, largeRings: LargeRings? = nil) {
    deque = .allocate(capacity: 1)
    deque.initialize(to: ForkDeque(capacity: capacity, largeRings: largeRings))
    for job in forks { push(job) }
    deque.pointee.expose(shown)
  }

  deinit {
    deque.pointee.free()
    deque.deinitialize(count: 1)
    deque.deallocate()
  }

  // MARK: The owner

  private func cell(_ job: Int) -> ForkCell { ForkCell(bits: UInt(job) << 4 | UInt(job % 7)) }

  func push(_ job: Int) {
    pushed.append(job)
    stack.append(job)
    deque.pointee.push(cell(job))
  }

  func expose(_ count: Int = .max) { deque.pointee.expose(count) }

  /// What a worker does when nothing is open on its stack. (The script may have more of the deque's jobs then.)
  func leaveLargeRings() { deque.pointee.leaveLargeRings() }

  /// Takes the newest fork back, or says that it is over; as the end of a fork does.
  func pop() {
    guard let job = stack.popLast() else { return }
    if deque.pointee.popPrivate() || deque.pointee.popPublic() {
      taken.append(job)
    } else {
      deque.pointee.settle(above: UnsafeMutablePointer(bitPattern: cell(job).bits & ~7)!)
    }
  }

  // MARK: Tasks

  private func words(_ job: Int) -> PackedTask {
    PackedTask(function: UInt(job), context: ~UInt(job), scope: UInt(job) &* 3, ordinal: UInt(job))
  }

  private func take(_ task: PackedTask) {
    let job = Int(task.function)
    if task == words(job) { taken.append(job) } else { problem = "a task of parts: \(task)" }
  }

  func pushTask(_ job: Int, isShown: Bool = true) {
    if !deque.pointee.mayPushTask { return }
    pushed.append(job)
    deque.pointee.push(words(job), isShown: isShown)
  }

  func popTask(above floor: Int = 0) {
    if let task = deque.pointee.popTask(above: floor) { take(task) }
  }

  // MARK: Thieves

  func steal(accept: (Int) -> Bool = { _ in true }) {
    var accepted: (index: Int, cell: ForkCell)?
    let result = deque.pointee.steal { index, cell in
      accepted = (index, cell)
      return accept(cell.isTask ? 0 : Int(cell.bits >> 4))
    }
    guard case .stolen(let stolen) = result else { return }
    switch stolen {
    case .fork(let cell):
      taken.append(Int(cell.bits >> 4))
      if cell != accepted?.cell { problem = "not what was accepted" }
    case .task(let task):
      take(task)
    }
  }

  /// Takes what is left, and says whether every job was there once.
  func check() -> String? {
    if let problem { return problem }
    while !stack.isEmpty { pop() }
    for _ in 0..<20 { popTask() }
    return taken.sorted() == pushed.sorted() ? nil : "pushed \(pushed), taken \(taken)"
  }
}

extension Script {
  private static func forks(
    _ name: String, _ deque: @escaping @Sendable () -> ExploredForks,
    _ threads: @escaping @Sendable (ExploredForks) -> [() -> Void]
  ) -> Script {
    Script(name: "deque: \(name)") {
      let deque = deque()
      return Execution(threads: threads(deque), check: { deque.check() })
    }
  }

  /// Two deques that leave large rings to each other: the first needs one for its jobs, the second for one more than it has.
  private static func twoDeques(
    _ name: String, _ threads: @escaping @Sendable (_ first: ExploredForks, _ second: ExploredForks) -> [() -> Void]
  ) -> Script {
    Script(name: "deque: \(name)") {
      let rings = LargeRings(leastCapacity: 4)
      let first = ExploredForks(capacity: 2, forks: [1, 2, 3], largeRings: rings)
      let second = ExploredForks(capacity: 2, forks: [11, 12], largeRings: rings)
      return Execution(threads: threads(first, second), check: { first.check() ?? second.check() })
    }
  }

  static let forkDeque: [Script] = [
    forks("the last job, pop against steal", { ExploredForks(forks: [1]) }) { deque in
      [{ deque.pop() }, { deque.steal() }]
    },
    forks("the last job, pop against two thieves", { ExploredForks(forks: [1]) }) { deque in
      [{ deque.pop() }, { deque.steal() }, { deque.steal() }]
    },
    forks("two jobs, pop against two thieves", { ExploredForks(forks: [1, 2]) }) { deque in
      [{ deque.pop() }, { deque.steal() }, { deque.steal() }]
    },
    forks("two pops against a thief that steals twice", { ExploredForks(forks: [1, 2, 3]) }) { deque in
      [
        {
          deque.pop()
          deque.pop()
        },
        {
          deque.steal()
          deque.steal()
        },
      ]
    },
    // Half of what is on show is taken back at once.
    forks("the border goes down by half", { ExploredForks(capacity: 8, forks: [1, 2, 3, 4, 5]) }) { deque in
      [
        {
          deque.pop()
          deque.pop()
          deque.pop()
        },
        {
          deque.steal()
          deque.steal()
          deque.steal()
        },
      ]
    },
    forks("the border goes up", { ExploredForks() }) { deque in
      [
        {
          deque.push(1)
          deque.push(2)
          deque.expose(1)
          deque.expose(1)
          deque.pop()
        },
        {
          deque.steal()
          deque.steal()
        },
      ]
    },
    forks("up, down and up again", { ExploredForks(forks: [1]) }) { deque in
      [
        {
          deque.pop()
          deque.push(2)
          deque.expose()
          deque.pop()
        },
        {
          deque.steal()
          deque.steal()
        },
      ]
    },
    forks("a cell is used again", { ExploredForks(capacity: 2, forks: [1, 2]) }) { deque in
      [
        {
          deque.pop()
          deque.push(3)
          deque.expose()
          deque.pop()
          deque.push(4)
        }, { deque.steal() }, { deque.steal() },
      ]
    },
    forks("the ring doubles", { ExploredForks(capacity: 2, forks: [1, 2]) }) { deque in
      [
        {
          deque.push(3)
          deque.expose()
          deque.push(4)
          deque.pop()
        },
        {
          deque.steal()
          deque.steal()
          deque.steal()
        },
      ]
    },
    forks("thieves make room in the ring", { ExploredForks(capacity: 4, forks: [1, 2, 3, 4]) }) { deque in
      [
        {
          deque.push(5)
          deque.push(6)
          deque.expose()
        },
        {
          deque.steal()
          deque.steal()
          deque.steal()
        },
      ]
    },
    forks("a thief refuses", { ExploredForks(forks: [1, 2]) }) { deque in
      [
        {
          deque.pop()
          deque.push(3)
          deque.expose()
        },
        {
          deque.steal { $0 != 1 }
          deque.steal { $0 != 2 }
        }, { deque.steal { $0 == 1 } },
      ]
    },
    forks("a task, pop against steal", { ExploredForks() }) { deque in
      [
        {
          deque.pushTask(1)
          deque.popTask()
        }, { deque.steal() },
      ]
    },
    forks("tasks, pops against thieves", { ExploredForks() }) { deque in
      [
        {
          deque.pushTask(1)
          deque.pushTask(2)
          deque.popTask()
          deque.popTask()
        }, { deque.steal() }, { deque.steal() },
      ]
    },
    forks("a task in the place of another", { ExploredForks(capacity: 2) }) { deque in
      [
        {
          deque.pushTask(1)
          deque.pushTask(2)
          deque.popTask()
          deque.pushTask(3)
          deque.popTask()
        },
        {
          deque.steal()
          deque.steal()
        },
      ]
    },
    forks("the ring doubles under tasks", { ExploredForks(capacity: 2) }) { deque in
      [
        {
          deque.pushTask(1)
          deque.pushTask(2)
          deque.pushTask(3)
          deque.popTask()
        },
        {
          deque.steal()
          deque.steal()
        },
      ]
    },
    // The second deque stores its jobs in the ring that the first has left.
    twoDeques("a large ring changes hands") { first, second in
      [
        {
          for _ in 1...3 { first.pop() }
          first.leaveLargeRings()
          first.push(4)
          first.expose()
          second.push(13)
          second.expose()
          second.pop()
        }, { first.steal() }, { second.steal() },
      ]
    },
    twoDeques("a large ring changes owners") { first, second in
      [
        {
          for _ in 1...3 { first.pop() }
          first.leaveLargeRings()
          first.push(4)
          first.expose()
        },
        {
          second.push(13)
          second.pop()
        },
        {
          first.steal()
          second.steal()
        },
      ]
    },
    twoDeques("a large ring stays with its job") { first, _ in
      [
        {
          first.pop()
          first.leaveLargeRings()
        }, { first.steal() },
      ]
    },
    // A fork that is over, stolen or not, is in the way of no task; and a task is never taken for a fork.
    forks("tasks above a fork that is over", { ExploredForks(forks: [1]) }) { deque in
      [
        {
          deque.pop()
          deque.pushTask(2)
          deque.push(3)
          deque.pushTask(4)
          deque.expose()
          deque.pop()
          deque.popTask()
        },
        {
          deque.steal()
          deque.steal()
        },
      ]
    },
  ]
}
