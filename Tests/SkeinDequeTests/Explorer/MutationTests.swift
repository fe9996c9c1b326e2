import SkeinDeque
import Testing

/// Each rule of the algorithms, broken on purpose, is found out by some script.
@Suite(.serialized) struct MutationTests {
  @Test(arguments: Rule.allCases)
  func aBrokenRuleIsFound(rule: Rule) {
    for script in Script.deque + Script.injection {
      let report = script.explore(breaking: rule)
      if let failure = report.failure {
        print("broken: \(rule): found by \"\(script.name)\": \(failure)")
        return
      }
    }
    Issue.record("\(rule) can be broken unnoticed")
  }
}
