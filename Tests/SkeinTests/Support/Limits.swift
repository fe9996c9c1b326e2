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
  /// Lets the system refuse this process more address space than this many bytes.
  func limitAddressSpace(to bytes: UInt) {
    var limit = rlimit(rlim_cur: bytes, rlim_max: bytes)
    #if canImport(Glibc)
      let resource = __rlimit_resource_t(RLIMIT_AS.rawValue)
    #else
      let resource = RLIMIT_AS
    #endif
    precondition(unsafe setrlimit(resource, &limit) == 0)
  }
#endif
