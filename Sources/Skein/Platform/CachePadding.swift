/// Keeps its neighbours in memory on different cache lines (two lines of 64 bytes: x86 fetches lines in pairs, and
/// lines are 128 bytes long on Apple's processors).
struct CachePadding {
  private var a: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0, 0)
  private var b: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0, 0)
}
