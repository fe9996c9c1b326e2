import InterleavingExplorer
import SkeinDeque
import Testing

/// Each memory order that matters to what is read, taken away, is found out by a script in weak memory.
///
/// Not among them, as no search of this kind can find it out: orders that keep memory from being written again while it is
/// still read, which are the release of a claim, the acquire of `front` by the owner, and those of a block's count. A load here
/// never sees a write that comes later. Neither are those that another access of the same thread gives already, such as
/// the ones of the blocks' addresses beside the indices', nor those under which a new block is known to be zero, which is so
/// from the beginning here. The pushers' index was not tried: a queue broken there leaves blocks that cannot be destroyed. They rest on the argument in "Memory order".
@Suite(.serialized, .enabled(if: !isSanitized, "one thread runs at a time, so a sanitizer sees nothing here"))
struct WeakeningTests {
  static let finders: [(missing: Mutation, script: String)] = [
    (order(.acquires, missingOf: "back", .loadSequential), "lifo: push and pop against steal"),
    (order(.sequential, missingOf: "back", .loadSequential), "lifo: pop against two thieves"),
    (order(.releases, missingOf: "back", .storeReleasing), "lifo: push and pop against steal"),
    (order(.releases, missingOf: "back", .storeSequential), "lifo: two pushes and a pop against steal"),
    (order(.sequential, missingOf: "back", .storeSequential), "lifo: pop against two thieves"),
    (order(.sequential, missingOf: "front", .loadSequential), "lifo: pop against two thieves"),
    (order(.sequential, missingOf: "front", .compareExchange), "lifo: pop against two thieves"),
    (order(.acquires, missingOf: "cell", .loadAcquiring), "lifo: growth against steal"),
    (order(.acquires, missingOf: "tag", .loadAcquiring), "lifo: growth against steal"),
    (order(.releases, missingOf: "tag", .storeReleasing), "lifo: growth against steal"),
    (order(.acquires, missingOf: "head", .loadSequential), "thieves at the end of a block"),
    (order(.releases, missingOf: "head", .storeReleasing), "thieves at the end of a block"),
    (order(.releases, missingOf: "state", .exchange), "push against steal"),
    (order(.acquires, missingOf: "state", .loadAcquiring), "push against steal"),
  ]

  private static func order(_ order: MemoryOrder, missingOf word: String, _ method: AccessSite.Method) -> Mutation {
    Mutation(AccessSite(word, method), .misses(order))
  }

  @Test(arguments: finders)
  func aMissingOrderIsFound(missing: Mutation, script name: String) {
    guard let script = (Script.deque + Script.injection).first(where: { $0.name == name }) else {
      Issue.record("No script \(name)")
      return
    }
    let failure = script.exploreWeakly(with: missing).failure
    expect(failure != nil, "\(missing) goes unnoticed")
    print("weakened: \(missing): found by \"\(name)\": \(failure ?? "not")")
  }
}
