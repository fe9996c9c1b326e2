import InterleavingExplorer
import SkeinDeque
import Synchronization

// What the sources of `Skein` call of the system's, and what is explored elsewhere or has no place here.

/// A pause is in a loop that looks for something of its own, or stands before a sleep.
func pause() {}

func yieldProcessor() { Explorer.waitForOthers() }

/// A thread that is scheduled like those that a script begins with.
struct SystemThread: Sendable {
  struct Refusal: Error { var reason: String { "refused" } }

  private let number: Int?

  static var minimumStackSize: Int { 1 }

  /// Outside an exploration the thread has ended when this returns.
  init(name: String, stackSize: Int, body: @escaping @Sendable () -> Void) throws(Refusal) {
    number = Explorer.start(body)
    if number == nil { Threads.run(1) { _ in body() } }
  }

  func join() { if let number { Explorer.join(number) } }
  func detach() {}
}

func pinCurrentThread(to processor: Int) {}

/// So much time passes between any two looks at the clock that no patience outlasts it.
// swift-format-ignore: AlwaysUseLowerCamelCase
@usableFromInline
func skein_ticks() -> UInt64 { clock.now() }

private let clock = Clock()

/// A clock that no schedule depends on.
private struct Clock: ~Copyable, Sendable {
  private let ticks = Synchronization.Atomic<UInt64>(0)

  func now() -> UInt64 { ticks.add(1_000_000, ordering: .relaxed).newValue }
}

func fatalError(_ message: String) -> Never { Explorer.trap(message) }

/// Nobody looks twice before it sleeps: what it would find is found by another schedule.
struct Patience {
  enum Pause: Equatable {
    case yield

    @discardableResult
    func wait(orUntil hasCome: () -> Bool = { false }) -> Bool {
      yieldProcessor()
      return false
    }
  }

  mutating func next() -> Pause? { nil }
  mutating func reset() {}
  mutating func lose() {}

  static var ofCaller: Patience { Patience() }
  static var none: Patience { Patience() }
  static var idleLooksOfWatcher: Int { 1 }
}

/// There are no processors here to move a thread between.
struct Placement: ~Copyable {
  static var processors: Int { 1 }
  static func yieldToWoken() {}
  func prepare(isBetterElsewhere: Bool) {}
  func arrive() {}
}

struct Woken {
  init() {}
  init(_ worker: WorkerReference, since: UInt64) {}

  func lookAfter() {}
}

/// A queue that does all at once what it does. (The real one is explored by the tests of `SkeinDeque`.)
///
/// SAFETY: `elements` changes in the same step as `count`.
final class InjectionQueue<Element: Sendable>: @unchecked Sendable {
  private let count = Atomic<Int>(0)
  private var elements: [Element] = []

  var approximateCount: Int { count.load(ordering: .sequentiallyConsistent) }
  var isEmpty: Bool { approximateCount == 0 }

  func push(_ element: consuming sending Element) {
    count.add(1, ordering: .sequentiallyConsistent)
    elements.append(element)
  }

  func steal() -> StealResult<Element> {
    if !count.takeOne() { return .empty }
    return .success(elements.removeFirst())
  }
}
