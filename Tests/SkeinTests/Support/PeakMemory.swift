#if os(Linux)
  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #endif

  /// What the system knows of this process's memory, in bytes.
  func status(_ name: String) -> Int {
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

  /// Lets large memory be the system's own, to which it goes back when it is freed.
  private func separateLargeMemory() {
    // SAFETY: glibc's `int mallopt(int, int)`, which its module map leaves out; −3 is M_MMAP_THRESHOLD. Other libraries do so anyway.
    guard let symbol = unsafe dlsym(nil, "mallopt") else { return }
    _ = unsafe unsafeBitCast(symbol, to: (@convention(c) (CInt, CInt) -> CInt).self)(-3, 1 << 20)
  }

  /// By how much the process's resident memory is higher during `body`, at its peak, than before.
  ///
  /// For the process of an exit test: elsewhere, what other tests have freed may still be resident, and is used again unseen.
  func peakMemory(_ body: () -> Void) -> Int {
    separateLargeMemory()
    if let file = unsafe fopen("/proc/self/clear_refs", "w") {
      unsafe fputs("5", file)
      unsafe fclose(file)
    }
    let before = status("VmRSS")
    body()
    return status("VmHWM") - before
  }

  /// Says in the process of an exit test what failed, for `expectSilence`.
  func check(_ condition: Bool, _ message: @autoclosure () -> String) {
    guard !condition else { return }
    let text = Array("\(message())\n".utf8)
    unsafe write(STDERR_FILENO, text, text.count)
  }
#endif
