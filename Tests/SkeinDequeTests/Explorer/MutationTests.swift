import InterleavingExplorer
import SkeinDeque
import Testing

/// Each rule of the algorithms, broken on purpose, is found out by a script.
@Suite(.serialized, .enabled(if: !isSanitized, "one thread runs at a time, so a sanitizer sees nothing here"))
struct MutationTests {
  /// The rules, and the script that finds each out.
  static let finders: [Rule: String] = [
    .cellBeforeBack: "lifo: push and pop against steal",
    .roomBeforePush: "lifo: growth against steal",
    .backBeforeFront: "lifo: pop against two thieves",
    .ownerClaimsLast: "lifo: pop against two thieves",
    .copyBeforeTag: "lifo: growth against steal",
    .frontBeforeBack: "lifo: pop against steal, two elements",
    .atomicClaim: "lifo: pop against steal, one element",
    .comparedClaim: "lifo: pop against steal, one element",
    .tagAgain: "lifo: growth against steal",
    .batchLooksAtBack: "lifo: batch against pop",
    .batchLooksAtArray: "lifo: growth and reuse of cells against a batch",
    .batchClaimsSingly: "lifo: batch against pop",
    .atomicPlace: "two pushers",
    .blockBeforeTail: "pushers at the end of a block",
    .blockBeforeHead: "thieves at the end of a block",
    .linkedOnce: "pusher and thief at the end of a block",
    .atomicGivingUp: "push against steal",
    .pushedAgain: "push against steal",
    .finishedOnce: "pusher and thief at the end of a block",
    .freedLast: "push against steal",
  ]

  @Test(arguments: Rule.allCases)
  func aBrokenRuleIsFound(rule: Rule) {
    guard let script = (Script.deque + Script.injection).first(where: { $0.name == Self.finders[rule] }) else {
      Issue.record("No script for \(rule)")
      return
    }
    let failure = script.explore(breaking: rule).failure
    expect(failure != nil, "\(rule) can be broken unnoticed")
    print("broken: \(rule): found by \"\(script.name)\": \(failure ?? "not")")
  }
}
