/// Keeps what stands before it and what stands after it on different cache lines (two lines of 64 bytes: neighbours are fetched in
/// pairs on x86, and lines are 128 bytes long on Apple's processors).
struct CachePadding {
  private var a: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0, 0)
  private var b: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0, 0)
}
