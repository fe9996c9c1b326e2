import SkeinDeque

/// Something to steal from, whichever it is.
enum Source<Element: Sendable>: Sendable {
  case deque(Stealer<Element>)
  case queue(InjectionQueue<Element>)

  func steal() -> StealResult<Element> {
    switch self {
    case .deque(let stealer): stealer.steal()
    case .queue(let queue): queue.steal()
    }
  }

  func steal(upTo limit: Int, into deque: inout WorkStealingDeque<Element>) -> StealResult<Int> {
    switch self {
    case .deque(let stealer): stealer.steal(upTo: limit, into: &deque)
    case .queue(let queue): queue.steal(upTo: limit, into: &deque)
    }
  }

  func stealAndPop(upTo limit: Int, into deque: inout WorkStealingDeque<Element>) -> StealResult<Element> {
    switch self {
    case .deque(let stealer): stealer.stealAndPop(upTo: limit, into: &deque)
    case .queue(let queue): queue.stealAndPop(upTo: limit, into: &deque)
    }
  }

  var approximateCount: Int {
    switch self {
    case .deque(let stealer): stealer.approximateCount
    case .queue(let queue): queue.approximateCount
    }
  }
}

/// What a thief does next, in turn: one element, a batch, a batch and one of it.
struct MixedThief<Element: Sendable>: ~Copyable {
  let source: Source<Element>
  var own: WorkStealingDeque<Element>
  var turn = 0
  var retries = 0
  var empties = 0

  init(_ source: Source<Element>, order: DequeOrder) {
    self.source = source
    own = WorkStealingDeque(order: order, minimumCapacity: 4)
  }

  /// Whatever the next attempt brought.
  mutating func next(_ use: (Element) -> Void) {
    turn += 1
    switch turn % 3 {
    case 0: note(source.steal(), use)
    case 1:
      switch source.steal(upTo: turn % 7 + 1, into: &own) {
      case .success: break
      case .empty: empties += 1
      case .retry: retries += 1
      }
    default: note(source.stealAndPop(upTo: turn % 11 + 1, into: &own), use)
    }
    while let element = own.pop() { use(element) }
  }

  private mutating func note(_ result: StealResult<Element>, _ use: (Element) -> Void) {
    switch result {
    case .success(let element): use(element)
    case .empty: empties += 1
    case .retry: retries += 1
    }
  }
}
