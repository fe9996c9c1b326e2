#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Lets another thread have the processor.
func yieldThread() { sched_yield() }

#if os(Linux)
  /// Lets the system refuse this process more address space than it has and this many bytes.
  func limitAddressSpace(toMore bytes: Int) {
    let most = rlim_t(status("VmSize") + bytes)
    var limit = rlimit(rlim_cur: most, rlim_max: most)
    #if canImport(Glibc)
      let resource = __rlimit_resource_t(RLIMIT_AS.rawValue)
    #else
      let resource = RLIMIT_AS
    #endif
    precondition(unsafe setrlimit(resource, &limit) == 0)
  }
#endif
