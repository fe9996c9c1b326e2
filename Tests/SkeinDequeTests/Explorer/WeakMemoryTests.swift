import SkeinDeque
import Testing

/// The scripts again, in a memory in which writes are seen late; and without one memory order after the other.
@Suite(.serialized) struct WeakMemoryTests {
  /// The first few hundred schedules of each, or all of them with `SKEIN_LONG_TESTS`.
  @Test(arguments: Script.deque + Script.injection)
  func everySchedule(script: Script) {
    let report = script.exploreWeakly(limit: isLong ? 200_000 : 200)
    print("explored weakly: \(script.name): \(report.executions) executions, \(report.redundant) cut short")
    expect(report.failure == nil, "\(report.failure ?? "")")
    expect(report.isComplete || !isLong, "there are more than \(report.executions) executions")
  }

  @Test(.enabled(if: isLong)) func survey() {
    var sites: Set<AccessSite> = []
    for script in Script.deque + Script.injection { sites.formUnion(script.exploreWeakly(limit: 20000).sites) }
    for site in sites.sorted(by: { $0.description < $1.description }) {
      for missing in [MemoryOrder.acquires, .releases, .sequential] where site.method.order.contains(missing) {
        let weakening = Weakening(site.role, site.method, without: missing)
        let finder = (Script.deque + Script.injection).first {
          $0.exploreWeakly(missing: weakening, limit: 20000).failure != nil
        }
        print("weakened: \(weakening): \(finder?.name ?? "not found out")")
      }
    }
  }
}
