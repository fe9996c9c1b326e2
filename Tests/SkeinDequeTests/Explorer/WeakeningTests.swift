import SkeinDeque
import Testing

/// Each memory order that matters to what is read, taken away, is found out by a script in weak memory.
///
/// Not among them, as no search of this kind can find it out: orders that keep memory from being written again while it is
/// still read, which are the release of a claim, the acquire of `front` by the owner, and those of a block's count. A load here
/// never sees a write that comes later. Neither are those that another access of the same thread gives already, such as
/// the ones of the blocks' addresses beside the indices', nor those under which a new block is known to be zero, which is so
/// from the beginning here. The pushers' index was not tried: a queue broken there leaves blocks that cannot be destroyed. They rest on the argument in "Memory order".
@Suite(.serialized) struct WeakeningTests {
  static let finders: [(missing: Weakening, script: String)] = [
    (Weakening(.back, .loadSequential, without: .acquires), "lifo: push and pop against steal"),
    (Weakening(.back, .loadSequential, without: .sequential), "lifo: pop against two thieves"),
    (Weakening(.back, .storeReleasing, without: .releases), "lifo: push and pop against steal"),
    (Weakening(.back, .storeSequential, without: .releases), "lifo: two pushes and a pop against steal"),
    (Weakening(.back, .storeSequential, without: .sequential), "lifo: pop against two thieves"),
    (Weakening(.front, .loadSequential, without: .sequential), "lifo: pop against two thieves"),
    (Weakening(.front, .compareExchange, without: .sequential), "lifo: pop against two thieves"),
    (Weakening(.cell, .loadAcquiring, without: .acquires), "lifo: growth against steal"),
    (Weakening(.tag, .loadAcquiring, without: .acquires), "lifo: growth against steal"),
    (Weakening(.tag, .storeReleasing, without: .releases), "lifo: growth against steal"),
    (Weakening(.head, .loadSequential, without: .acquires), "thieves at the end of a block"),
    (Weakening(.head, .storeReleasing, without: .releases), "thieves at the end of a block"),
    (Weakening(.state, .exchange, without: .releases), "push against steal"),
    (Weakening(.state, .loadAcquiring, without: .acquires), "push against steal"),
  ]

  @Test(arguments: finders)
  func aMissingOrderIsFound(missing: Weakening, script name: String) {
    guard let script = (Script.deque + Script.injection).first(where: { $0.name == name }) else {
      Issue.record("No script \(name)")
      return
    }
    let failure = script.exploreWeakly(missing: missing).failure
    expect(failure != nil, "\(missing) goes unnoticed")
    print("weakened: \(missing): found by \"\(name)\": \(failure ?? "not")")
  }
}
