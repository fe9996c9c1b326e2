#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What the system calls the processor, which stands beside figures that are to be quoted.
func processorName() -> String {
  #if canImport(Darwin)
    var size = 0
    sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0)
    var name = [UInt8](repeating: 0, count: size)
    guard size > 0, sysctlbyname("machdep.cpu.brand_string", &name, &size, nil, 0) == 0 else { return "processor" }
    return String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
  #else
    guard let file = fopen("/proc/cpuinfo", "r") else { return "processor" }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 512)
    while fgets(&line, Int32(line.count), file) != nil {
      let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      guard text.hasPrefix("model name"), let colon = text.firstIndex(of: ":") else { continue }
      return String(text[colon...].dropFirst(2).prefix { $0 != "\n" })
    }
    return "processor"
  #endif
}
