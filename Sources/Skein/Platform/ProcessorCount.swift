internal import CSkein

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The number of threads that can run at once, according to the system: the processors that this process may use, or
/// fewer if a control group grants it less time than they have.
enum ProcessorCount {
  /// The number of processors of this machine that are in use, whoever may use them.
  static var online: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

  static func available() -> Int {
    let allowed = Int(skein_affinity_count())
    let processors = allowed > 0 ? allowed : online
    #if os(Linux)
      return quota(root: "").map { min(processors, $0) } ?? processors
    #else
      return processors
    #endif
  }

  /// Returns how many whole processors' time the control group of this process and the groups above it grant, rounded
  /// up.
  /// - Parameter root: A prefix of `/proc` and `/sys`, for tests.
  static func quota(root: String) -> Int? {
    guard let membership = TextFile.read(root + "/proc/self/cgroup") else { return nil }
    var smallest: Double?
    for line in membership.split(separator: "\n") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      let controllers = fields[1].split(separator: ",")
      let isUnified = fields[0] == "0" && fields[1].isEmpty
      guard isUnified || controllers.contains("cpu") else { continue }
      let mounts = isUnified ? ["/sys/fs/cgroup"] : ["/sys/fs/cgroup/\(fields[1])", "/sys/fs/cgroup/cpu"]
      for mount in mounts {
        for folder in ancestors(of: fields[2]) {
          let grant = isUnified ? unified(root + mount + folder) : legacy(root + mount + folder)
          if let grant { smallest = min(smallest ?? grant, grant) }
        }
      }
    }
    return smallest.map { Int(min(max($0, 1), 1e6).rounded(.up)) }
  }

  /// Returns `/a/b`, `/a` and the root for `/a/b`: a quota anywhere on the path applies. Inside a container the path
  /// may be the host's, so that only the root is readable.
  private static func ancestors(of path: Substring) -> [String] {
    let parts = path.split(separator: "/")
    return (0...parts.count).reversed().map { count in parts.prefix(count).map { "/" + $0 }.joined() }
  }

  /// Version 2: `cpu.max` contains `quota period`, or `max period`.
  private static func unified(_ folder: String) -> Double? {
    guard let fields = TextFile.read(folder + "/cpu.max")?.split(whereSeparator: \.isWhitespace), fields.count == 2,
      let quota = Int(fields[0]), let period = Int(fields[1]), quota > 0, period > 0
    else { return nil }
    return Double(quota) / Double(period)
  }

  /// Version 1: a file for each, and a quota of -1 for none.
  private static func legacy(_ folder: String) -> Double? {
    func number(_ name: String) -> Int? {
      TextFile.read(folder + "/" + name).flatMap { Int($0.filter { !$0.isWhitespace }) }
    }
    guard let quota = number("cpu.cfs_quota_us"), let period = number("cpu.cfs_period_us"), quota > 0, period > 0 else {
      return nil
    }
    return Double(quota) / Double(period)
  }
}

/// Reads small files of the system.
enum TextFile {
  static func read(_ path: String) -> String? {
    guard let file = unsafe fopen(path, "r") else { return nil }
    defer { unsafe fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = unsafe fread(&chunk, 1, chunk.count, file)
      if count == 0 { break }
      bytes.append(contentsOf: chunk[..<count])
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// Returns the value of an environment variable.
func environmentVariable(_ name: String) -> String? {
  unsafe getenv(name).map { unsafe String(cString: $0) }
}
