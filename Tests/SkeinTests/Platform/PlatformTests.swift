import Testing

@testable import Skein

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The quota that control groups grant, read from trees made up for the purpose.
@Suite struct QuotaTests {
  /// Writes files below a fresh folder and reads the quota from there.
  private func quota(_ files: [String: String]) -> Int? {
    var template = Array("/tmp/skein-quota-XXXXXX".utf8CString)
    let root = unsafe template.withUnsafeMutableBufferPointer { unsafe String(cString: mkdtemp($0.baseAddress!)!) }
    var made: [String] = [root]
    defer { for path in made.reversed() { unsafe remove(path) } }
    for (path, content) in files.sorted(by: { $0.key < $1.key }) {
      var folder = root
      for part in path.split(separator: "/").dropLast() {
        folder += "/" + part
        if unsafe mkdir(folder, 0o700) == 0 { made.append(folder) }
      }
      let file = unsafe fopen(root + path, "w")!
      unsafe fputs(content, file)
      unsafe fclose(file)
      made.append(root + path)
    }
    return ProcessorCount.quota(root: root)
  }

  @Test func noControlGroups() {
    #expect(quota([:]) == nil)
    #expect(quota(["/proc/self/cgroup": ""]) == nil)
    #expect(quota(["/proc/self/cgroup": "0::/\n"]) == nil)
  }

  @Test(
    arguments: [
      ("200000 100000\n", 2), ("150000 100000", 2), ("50000 100000\n", 1), ("1000 100000\n", 1), ("100000 100000\n", 1),
      ("100001 100000\n", 2), ("max 100000\n", nil), ("", nil), ("garbage\n", nil), ("-1 100000\n", nil),
      ("100000 0\n", nil), ("0 100000\n", nil), ("1 2 3\n", nil), ("nan 100000\n", nil), ("inf 100000\n", nil),
      ("100000 inf\n", nil), ("1e300 1\n", nil),
    ] as [(String, Int?)])
  func versionTwo(_ line: String, _ expected: Int?) {
    #expect(quota(["/proc/self/cgroup": "0::/job\n", "/sys/fs/cgroup/job/cpu.max": line]) == expected)
    // In a container the path may be the host's; then only the root of the tree is there.
    #expect(quota(["/proc/self/cgroup": "0::/far/away\n", "/sys/fs/cgroup/cpu.max": line]) == expected)
  }

  @Test func theSmallestOnTheWayBinds() {
    let membership = "0::/a/b/c\n"
    #expect(
      quota([
        "/proc/self/cgroup": membership, "/sys/fs/cgroup/a/cpu.max": "300000 100000\n",
        "/sys/fs/cgroup/a/b/cpu.max": "max 100000\n", "/sys/fs/cgroup/a/b/c/cpu.max": "800000 100000\n",
      ]) == 3)
    #expect(
      quota([
        "/proc/self/cgroup": membership, "/sys/fs/cgroup/a/cpu.max": "max 100000\n",
        "/sys/fs/cgroup/a/b/c/cpu.max": "500000 100000\n",
      ]) == 5)
    #expect(
      quota([
        "/proc/self/cgroup": membership, "/sys/fs/cgroup/a/cpu.max": "garbage\n",
        "/sys/fs/cgroup/a/b/cpu.max": "400000 100000\n",
      ]) == 4)
  }

  @Test func versionOne() {
    let membership = "12:memory:/m\n4:cpu,cpuacct:/job\n1:name=systemd:/x\n"
    let folder = "/sys/fs/cgroup/cpu,cpuacct/job"
    func grant(_ quotaText: String, _ period: String) -> Int? {
      quota([
        "/proc/self/cgroup": membership, folder + "/cpu.cfs_quota_us": quotaText, folder + "/cpu.cfs_period_us": period,
      ])
    }
    #expect(grant("250000\n", "100000\n") == 3)
    #expect(grant("-1\n", "100000\n") == nil)
    #expect(grant("100000\n", "0\n") == nil)
    #expect(grant("many\n", "100000\n") == nil)
    #expect(quota(["/proc/self/cgroup": membership, folder + "/cpu.cfs_quota_us": "100000\n"]) == nil)
    #expect(
      quota([
        "/proc/self/cgroup": "4:cpu:/\n", "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "600000\n",
        "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
      ]) == 6)
    // Only a memory controller: no quota.
    #expect(quota(["/proc/self/cgroup": "12:memory:/m\n", folder + "/cpu.cfs_quota_us": "100000\n"]) == nil)
  }

  @Test func bothVersions() {
    #expect(
      quota([
        "/proc/self/cgroup": "4:cpu:/job\n0::/job\n", "/sys/fs/cgroup/job/cpu.max": "700000 100000\n",
        "/sys/fs/cgroup/cpu/job/cpu.cfs_quota_us": "200000\n", "/sys/fs/cgroup/cpu/job/cpu.cfs_period_us": "100000\n",
      ]) == 2)
  }

  @Test(arguments: ["rubbish", "::::\n", "0:\n", "\n\n", "0::\n", "0::relative\n", "x:cpu:/job\n"])
  func malformedMembership(_ text: String) {
    _ = quota(["/proc/self/cgroup": text, "/sys/fs/cgroup/cpu.max": "100000 100000\n"])
  }

  @Test func thisMachine() { #expect(ProcessorCount.available() >= 1) }
}
