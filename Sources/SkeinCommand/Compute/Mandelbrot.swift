import Skein

/// The Mandelbrot set on a square grid, row by row: rows through the middle of the set cost far more than those beside it.
struct Mandelbrot: Sendable {
  static let iterationLimit = 255

  var side: Int

  /// How many steps each point of one row takes to leave the circle of radius 2, at most `iterationLimit`.
  func row(_ y: Int) -> [UInt8] {
    let ci = -1.25 + 2.5 * Double(y) / Double(side)
    return (0..<side).map { x in
      let cr = -2.0 + 2.5 * Double(x) / Double(side)
      var zr = 0.0
      var zi = 0.0
      var steps = 0
      while steps < Self.iterationLimit, zr * zr + zi * zi <= 4 {
        (zr, zi) = (zr * zr - zi * zi + cr, 2 * zr * zi + ci)
        steps += 1
      }
      return UInt8(steps)
    }
  }
}

extension Mandelbrot: Computation {
  var name: String { "mandelbrot" }
  var detail: String { "\(side) rows of very different cost" }

  func sequential() -> [[UInt8]] {
    (0..<side).map(row)
  }

  func skein(_ pool: ThreadPool) -> [[UInt8]] {
    Array((0..<side).parallel(in: pool).map { row($0) })
  }

  func concurrentPerform() -> [[UInt8]] {
    concurrentResults(side) { row($0) }
  }

  func taskGroup() async -> [[UInt8]] {
    await taskGroupResults(side) { row($0) }
  }
}
