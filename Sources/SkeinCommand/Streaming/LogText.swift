/// The lines of a made-up log: the same ones for the same number, each block on its own.
enum LogText {
  private static let levels = ["DEBUG", "DEBUG", "DEBUG", "INFO ", "INFO ", "INFO ", "WARN ", "ERROR"].map {
    Array($0.utf8)
  }
  private static let services = ["checkout", "search", "images", "accounts", "mail"].map { Array($0.utf8) }
  private static let paths = ["/", "/basket", "/orders/latest", "/static/logo.svg", "/api/v2/items"].map {
    Array($0.utf8)
  }
  private static let parts = ["T", ":", ":", ".", "Z ", " host-", " service=", " request=", " took=", "us path="].map {
    Array($0.utf8)
  }
  /// Where in a line its level begins.
  static let levelColumn = 25

  /// About this many bytes of whole lines.
  static func block(_ number: Int, bytes: Int) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(bytes + 160)
    var state = UInt64(truncatingIfNeeded: number) &* 0x9E37_79B9_7F4A_7C15
    func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
      return mixed ^ mixed >> 31
    }
    func append(_ value: UInt64, digits: Int) {
      var divisor = (1..<digits).reduce(1 as UInt64) { product, _ in product * 10 }
      while divisor > 0 {
        text.append(48 + UInt8(value / divisor % 10))
        divisor /= 10
      }
    }
    var milliseconds = UInt64(number) &* 4000
    while text.count < bytes {
      let random = next()
      milliseconds &+= random & 7
      text += [50, 48, 50, 54, 45, 49, 49, 45]  // 2026-11-
      append(1 + milliseconds / 86_400_000 % 30, digits: 2)
      text += parts[0]
      append(milliseconds / 3_600_000 % 24, digits: 2)
      text += parts[1]
      append(milliseconds / 60_000 % 60, digits: 2)
      text += parts[2]
      append(milliseconds / 1000 % 60, digits: 2)
      text += parts[3]
      append(milliseconds % 1000, digits: 3)
      text += parts[4]
      text += levels[Int(random >> 8 & 7)]
      text += parts[5]
      append(random >> 16 & 63, digits: 2)
      text += parts[6]
      text += services[Int((random >> 24) % UInt64(services.count))]
      text += parts[7]
      append(next() % 1_000_000_000_000, digits: 12)
      text += parts[8]
      append(random >> 32 & 65535, digits: 5)
      text += parts[9]
      text += paths[Int((random >> 48) % UInt64(paths.count))]
      text.append(10)
    }
    return text
  }
}

/// A file in blocks of whole lines, read one after the other.
struct LineBlocks: Sequence, IteratorProtocol {
  static let size = 256 << 10

  private let file: ScratchFile
  private var offset = 0
  private let failure: Failure

  /// What went wrong while it was read; an iterator cannot say it.
  final class Failure { var error: (any Error)? }

  init(_ file: ScratchFile, _ failure: Failure) {
    self.file = file
    self.failure = failure
  }

  mutating func next() -> [UInt8]? {
    do {
      var block = try file.read(Self.size, at: offset)
      guard !block.isEmpty else { return nil }
      // The line that is cut off belongs to the next block; one that fills a block stays cut.
      if offset + block.count < file.byteCount, let end = block.lastIndex(of: 10) {
        block.removeLast(block.count - end - 1)
      }
      offset += block.count
      return block
    } catch {
      failure.error = error
      return nil
    }
  }
}

/// What has become of a block: the lines that matter, compressed.
struct PackedBlock: Sendable {
  var bytes: [UInt8]
  let readBytes: Int
  var lines = 0
  var keptLines = 0

  /// Drops the lines that are there for debugging, and compresses the others.
  init(_ block: [UInt8], _ zlib: Zlib) throws {
    var kept: [UInt8] = []
    kept.reserveCapacity(block.count)
    var start = 0
    while start < block.count {
      let end = (block[start...].firstIndex(of: 10) ?? block.count - 1) + 1
      lines += 1
      if end - start <= LogText.levelColumn || block[start + LogText.levelColumn] != UInt8(ascii: "D") {
        keptLines += 1
        kept += block[start..<end]
      }
      start = end
    }
    bytes = try zlib.compressed(kept)
    readBytes = block.count
  }
}
