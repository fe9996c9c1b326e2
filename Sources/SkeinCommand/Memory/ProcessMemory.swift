import Foundation

/// What the operating system says about memory.
enum ProcessMemory {
  /// The most memory this process has had resident since it began, in bytes.
  static var peakResidentBytes: Int? {
    #if os(Linux)
      // Not `getrusage`: its figure is inherited from the process that started this one.
      kibibytes("VmHWM:", in: "/proc/self/status")
    #else
      var usage = rusage()
      // SAFETY: the call fills the structure it is given, which lives until it returns.
      guard unsafe getrusage(RUSAGE_SELF, &usage) == 0 else { return nil }
      return Int(usage.ru_maxrss)
    #endif
  }

  /// Memory that can be had without pushing others out, in bytes; on systems that do not say, half of what there is.
  static var availableBytes: Int {
    let half = Int(clamping: ProcessInfo.processInfo.physicalMemory / 2)
    #if os(Linux)
      let free = kibibytes("MemAvailable:", in: "/proc/meminfo") ?? half
      return min(free, controlGroupBytes ?? free)
    #else
      return half
    #endif
  }

  #if os(Linux)
    /// What the control group of a container leaves, if it has a limit.
    private static var controlGroupBytes: Int? {
      func number(_ name: String) -> Int? {
        let text = try? String(contentsOfFile: "/sys/fs/cgroup/\(name)", encoding: .utf8)
        return text.flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
      }
      guard let limit = number("memory.max"), let used = number("memory.current") else { return nil }
      return max(limit - used, 0)
    }

    private static func kibibytes(_ key: String, in path: String) -> Int? {
      guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
      let line = text.split(separator: "\n").first { $0.hasPrefix(key) }
      return line.flatMap { Int($0.filter { $0.isNumber }) }.map { $0 << 10 }
    }
  #endif
}
