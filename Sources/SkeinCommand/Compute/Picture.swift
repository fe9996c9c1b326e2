import ArgumentParser
import Foundation

/// A picture in one of the portable formats.
struct Picture {
  /// What the name of a file says about its format.
  enum Format: String, CaseIterable {
    /// Shades of grey.
    case pgm
    /// Colours.
    case ppm

    init(path: String) throws {
      let name = URL(fileURLWithPath: path).pathExtension.lowercased()
      guard let format = Self(rawValue: name) else {
        let known = Self.allCases.map { ".\($0.rawValue)" }.joined(separator: " or ")
        throw ValidationError("the name of a picture must end in \(known), not as in '\(path)'")
      }
      self = format
    }
  }

  var rows: [[UInt8]]
  var format: Format

  var data: Data {
    var data = Data("\(format == .pgm ? "P5" : "P6")\n\(rows.first?.count ?? 0) \(rows.count)\n255\n".utf8)
    for row in rows {
      for steps in row {
        if format == .pgm {
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
