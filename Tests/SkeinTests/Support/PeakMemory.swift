#if os(Linux)
  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #endif

  /// What the system knows of this process's memory, in bytes.
  private func status(_ name: String) -> Int {
    guard let file = unsafe fopen("/proc/self/status", "r") else { return 0 }
    defer { unsafe fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while unsafe fgets(&line, 256, file) != nil {
      let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
      guard text.hasPrefix("\(name):") else { continue }
      return (Int(text.filter(\.isNumber)) ?? 0) << 10
    }
    return 0
  }

  /// Gives what was freed back to the system. What earlier tests have left resident would be used again unseen.
  private func trimAllocator() {
    // SAFETY: glibc's `int malloc_trim(size_t)`, which its module map leaves out; other libraries have none.
    guard let symbol = unsafe dlsym(nil, "malloc_trim") else { return }
    _ = unsafe unsafeBitCast(symbol, to: (@convention(c) (Int) -> CInt).self)(0)
  }

  /// By how much the process's resident memory is higher during `body`, at its peak, than before.
  func peakMemory(_ body: () -> Void) -> Int {
    trimAllocator()
    if let file = unsafe fopen("/proc/self/clear_refs", "w") {
      unsafe fputs("5", file)
      unsafe fclose(file)
    }
    let before = status("VmRSS")
    body()
    return status("VmHWM") - before
  }
#endif
