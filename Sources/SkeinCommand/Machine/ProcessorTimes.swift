import Foundation

/// What all processors have done since the system started, and what this process and its children have had of it, in seconds.
struct ProcessorTimes {
  var idle: Double
  /// Work of all processes, of the system, and what a hypervisor has taken away.
  var busy: Double
  var own: Double

  /// How much of the processors others have had since an earlier moment; `nil` if that was too short to tell.
  func othersShare(since earlier: Self) -> Double? {
    let busy = busy - earlier.busy
    let total = busy + idle - earlier.idle
    // The system counts hundredths of a second.
    guard total >= 1 else { return nil }
    return min(max((busy - (own - earlier.own)) / total, 0), 1)
  }

  /// `nil` where the system does not say, or where this process may not use all of the processors: then it says too much.
  static var now: Self? {
    #if os(Linux)
      guard let text = try? String(contentsOfFile: "/proc/stat", encoding: .utf8) else { return nil }
      return Self(statistics: text, processors: ProcessorProbe.processors, own: ownSeconds)
    #else
      return nil
    #endif
  }

  /// - Parameter statistics: what Linux has in `/proc/stat`.
  init?(statistics: String, processors: Int, own: Double) {
    let lines = statistics.split(separator: "\n").map { $0.split(separator: " ") }
    guard lines.count(where: { $0.first?.hasPrefix("cpu") == true }) == processors + 1, let all = lines.first,
      all.first == "cpu"
    else { return nil }
    // user, nice, system, idle, waiting for a disk, interrupts in two forms, stolen; guests are in user and nice already.
    let ticks = all.dropFirst().prefix(8).compactMap { Double($0) }
    guard ticks.count == 8 else { return nil }
    let ticksPerSecond = Double(sysconf(Int32(_SC_CLK_TCK)))
    idle = (ticks[3] + ticks[4]) / ticksPerSecond
    busy = ticks.reduce(0, +) / ticksPerSecond - idle
    self.own = own
  }

  #if os(Linux)
    private static var ownSeconds: Double {
      [RUSAGE_SELF, RUSAGE_CHILDREN].reduce(0.0) { sum, whose in
        var usage = rusage()
        // SAFETY: the call fills the structure it is given, which lives until it returns.
        unsafe getrusage(__rusage_who_t(whose.rawValue), &usage)
        return [usage.ru_utime, usage.ru_stime].reduce(sum) { $0 + Double($1.tv_sec) + Double($1.tv_usec) * 1e-6 }
      }
    }
  #endif
}
