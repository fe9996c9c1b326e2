import SkeinDeque
import Testing

@Suite struct PlatformTests {
  /// Whole pages inside a block go back to the system, wherever the block starts; the rest of it stays as it is.
  @Test(arguments: [0, 128, 4095])
  func discardedPagesStayReadable(offset: Int) {
    let byteCount = 1 << 20
    let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount + 4096, alignment: 4096)
    defer { unsafe memory.deallocate() }
    let start = unsafe memory + offset
    unsafe start.initializeMemory(as: UInt8.self, repeating: 7, count: byteCount)
    expect(unsafe discardPages(of: start, byteCount: byteCount))
    #if os(Linux)
      expectEqual(unsafe start.load(fromByteOffset: byteCount / 2, as: UInt8.self), 0)
    #endif
    if offset % 4096 != 0 { expectEqual(unsafe start.load(as: UInt8.self), 7) }
  }

  @Test func smallBlocksAreLeftAlone() {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 8192, alignment: 128)
    defer { unsafe memory.deallocate() }
    expect(unsafe !discardPages(of: memory, byteCount: 8192))
  }
}
