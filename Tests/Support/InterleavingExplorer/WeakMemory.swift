/// A memory whose threads see each other's writes late, as far as the orders of their accesses allow.
///
/// Each word has all values that it ever had. A thread's *view* says, word by word, before which of them it cannot go back. A
/// load gives any value from there on. A release attaches the thread's view to the value, an acquire takes it over; a
/// sequentially consistent load cannot go back before the last such write. These are the rules of C++20 for executions
/// in which no load sees a write that comes later; after Kang, Hur, Lahav, Vafeiadis and Dreyer, "A Promising Semantics for
/// Relaxed-Memory Concurrency" (POPL 2017), without the promises.
struct WeakMemory {
  typealias View = [UInt: Int]

  private struct Write {
    let value: Int
    /// What a thread that acquires this value sees.
    let view: View
  }

  private var writes: [UInt: [Write]] = [:]
  private var views: [View]
  private var sequential: View = [:]

  init(threadCount: Int) { views = Array(repeating: [:], count: threadCount) }

  /// - Parameters:
  ///   - latest: what the word has now: all that it had, if nobody wrote it yet.
  ///   - choose: gives a number below its argument; 0 stands for the latest.
  mutating func load(
    _ address: UInt, latest: Int, _ order: MemoryOrder, by thread: Int, choose: (Int) -> Int
  ) -> Int {
    let all = writes[address] ?? [Write(value: latest, view: [:])]
    var first = views[thread][address] ?? 0
    if order.contains(.sequential) { first = max(first, sequential[address] ?? 0) }
    let chosen = all.count - 1 - choose(all.count - first)
    views[thread][address] = chosen
    if order.contains(.acquires) { see(all[chosen].view, thread) }
    return all[chosen].value
  }

  mutating func store(_ address: UInt, before: Int, after: Int, _ order: MemoryOrder, by thread: Int) {
    append(after, to: address, before: before, order, by: thread, continuing: [:])
  }

  /// A read and a write in one, of the latest value; without a write if `after` is `nil`.
  mutating func update(_ address: UInt, before: Int, after: Int?, _ order: MemoryOrder, by thread: Int) {
    let all = writes[address] ?? [Write(value: before, view: [:])]
    views[thread][address] = all.count - 1
    let view = all[all.count - 1].view
    if order.contains(.acquires) || after == nil { see(view, thread) }
    // It continues the release that it read from.
    if let after { append(after, to: address, before: before, order, by: thread, continuing: view) }
  }

  /// A new thread sees what the one that starts it sees.
  mutating func addThread(startedBy thread: Int) { views.append(views[thread]) }

  /// A thread learns what another one did, which has ended.
  mutating func join(_ other: Int, by thread: Int) { see(views[other], thread) }

  /// A thread learns of all that any other did, as the last to give up a counted reference does.
  mutating func seeEverything(by thread: Int) {
    for view in views { see(view, thread) }
  }

  /// Every thread learns of all that any did.
  mutating func settle() {
    let everything = views.reduce(into: View()) { $0.merge($1, uniquingKeysWith: max) }
    for thread in views.indices { views[thread] = everything }
  }

  private mutating func append(
    _ value: Int, to address: UInt, before: Int, _ order: MemoryOrder, by thread: Int, continuing view: View
  ) {
    var all = writes[address] ?? [Write(value: before, view: [:])]
    let number = all.count
    views[thread][address] = number
    if order.contains(.sequential) { sequential[address] = number }
    var released = view
    released[address] = number
    if order.contains(.releases) { released.merge(views[thread], uniquingKeysWith: max) }
    all.append(Write(value: value, view: released))
    writes[address] = all
  }

  private mutating func see(_ view: View, _ thread: Int) {
    views[thread].merge(view, uniquingKeysWith: max)
  }
}
