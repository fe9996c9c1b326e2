import Foundation

/// A picture in one of the portable formats: shades of grey for a name ending in "pgm", else colours.
struct Picture {
  var rows: [[UInt8]]
  var isGrey: Bool

  init(_ rows: [[UInt8]], path: String) {
    self.rows = rows
    isGrey = path.lowercased().hasSuffix(".pgm")
  }

  var data: Data {
    var data = Data("\(isGrey ? "P5" : "P6")\n\(rows.first?.count ?? 0) \(rows.count)\n255\n".utf8)
    for row in rows {
      for steps in row {
        if isGrey {
          data.append(steps)
        } else {
          data.append(contentsOf: Self.colour(steps))
        }
      }
    }
    return data
  }

  func write(to path: String) throws {
    do {
      try data.write(to: URL(fileURLWithPath: path))
    } catch {
      throw CommandFailure("cannot write \(path): \(reason(of: error))")
    }
  }

  /// Black inside the set; outside from dark blue to white, the longer a point stays.
  private static func colour(_ steps: UInt8) -> [UInt8] {
    if steps == Mandelbrot.iterationLimit { return [0, 0, 0] }
    let scaled = min(Int(steps) * 6, 3 * 255)
    return [UInt8(max(scaled - 510, 0)), UInt8(min(max(scaled - 255, 0), 255)), UInt8(min(scaled / 2 + 64, 255))]
  }
}
