/// The decisions of a depth-first search through all schedules: which thread goes next at each point.
///
/// With *sleep sets* (Godefroid, "Partial-Order Methods for the Verification of Concurrent Systems", 1996) schedules that
/// differ only in the order of independent accesses are run once. With a bound on preemptions (Musuvathi and Qadeer, "Iterative
/// Context Bounding", 2007) long scripts are searched where mistakes are most likely.
struct Schedule {
  private struct Point {
    let accesses: [Access?]
    let enabled: UInt32
    /// Threads whose next access was explored elsewhere, and has met nothing since that depends on it.
    let asleep: UInt32
    let running: Int?
    let preemptions: Int
    var chosen: Int
    var done: UInt32 = 0
    /// Which of how many values the access read.
    var value = 0
    var valueCount = 1
  }

  let preemptionBound: Int?
  private var points: [Point] = []
  private var depth = 0

  init(preemptionBound: Int?) { self.preemptionBound = preemptionBound }

  mutating func restart() { depth = 0 }

  enum Decision {
    case thread(Int)
    case redundant, deadlock
  }

  /// The thread to go next; `redundant` if all that could follow was explored in another order.
  ///
  /// - Parameter running: The thread that would go on without an interruption, if there is one.
  mutating func decide(accesses: [Access?], enabled: UInt32, running: Int?) -> Decision {
    if depth < points.count {
      depth += 1
      return .thread(points[depth - 1].chosen)
    }
    if enabled == 0 { return .deadlock }
    var asleep: UInt32 = 0
    var preemptions = 0
    if let last = points.last {
      preemptions = last.preemptions + (isPreemption(last.chosen, at: last) ? 1 : 0)
      if preemptionBound == nil, let access = last.accesses[last.chosen] {
        for thread in accesses.indices where (last.asleep | last.done) & (1 << thread) != 0 {
          if let other = last.accesses[thread], other.isIndependent(of: access) { asleep |= 1 << thread }
        }
      }
    }
    var point = Point(
      accesses: accesses, enabled: enabled, asleep: asleep, running: running, preemptions: preemptions, chosen: 0)
    guard let chosen = candidate(at: point) else { return .redundant }
    point.chosen = chosen
    points.append(point)
    depth += 1
    return .thread(chosen)
  }

  /// Which of `count` values the thread that goes next reads, the first of them first.
  mutating func choose(_ count: Int) -> Int {
    points[depth - 1].valueCount = count
    return points[depth - 1].value
  }

  /// Goes on to the next schedule; `false` if there is none.
  mutating func advance() -> Bool {
    while var point = points.popLast() {
      if point.value + 1 < point.valueCount {
        point.value += 1
        points.append(point)
        return true
      }
      (point.value, point.valueCount) = (0, 1)
      point.done |= 1 << point.chosen
      if let next = candidate(at: point) {
        point.chosen = next
        points.append(point)
        return true
      }
    }
    return false
  }

  private func isPreemption(_ thread: Int, at point: Point) -> Bool {
    guard let running = point.running else { return false }
    return thread != running && point.enabled & (1 << running) != 0
  }

  private func candidate(at point: Point) -> Int? {
    let open = point.enabled & ~point.asleep & ~point.done
    if let running = point.running, open & (1 << running) != 0 { return running }
    for thread in point.accesses.indices where open & (1 << thread) != 0 {
      if let preemptionBound, point.preemptions >= preemptionBound, isPreemption(thread, at: point) { continue }
      return thread
    }
    return nil
  }

  /// The order in which threads went, for a report.
  var trace: String { points.prefix(depth).map { "\($0.chosen)" }.joined() }
}
