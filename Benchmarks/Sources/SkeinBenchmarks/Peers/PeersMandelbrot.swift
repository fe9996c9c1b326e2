import Dispatch
import Skein

// Rows of very different cost: the Mandelbrot set, row by row. Shows how well uneven work is spread.
// Goal: no slower than Dispatch; twice as fast as the sequential loop on two threads.

private func mandelbrotRow(_ row: Int, _ size: Int) -> Int {
  var total = 0
  let y = Double(row) * 2.5 / Double(size) - 1.25
  for column in 0..<size {
    let x = Double(column) * 3.0 / Double(size) - 2.25
    var (a, b) = (0.0, 0.0)
    var steps = 0
    while steps < 256, a * a + b * b < 4 {
      (a, b) = (a * a - b * b + x, 2 * a * b + y)
      steps += 1
    }
    total += steps
  }
  return total
}

extension Benchmark {
  static let peersMandelbrot = Benchmark(
    name: "peers-mandelbrot",
    summary: "The Mandelbrot set by rows, whose cost differs a hundredfold.",
    goal: "no slower than Dispatch; 1.9 times as fast as the sequential loop on two threads"
  ) { report in
    let size = report.options.divisor == 1 ? 1000 : 300
    try report.withPools { report, pools in
      var variants = [
        Variant("for loop") {
          var total = 0
          for row in 0..<opaque(size) { total += mandelbrotRow(row, size) }
          return total
        },
        Variant("Dispatch, a row each") { performAll(size) { mandelbrotRow($0, size) }.reduce(0, +) },
        Variant("task group, a row each") { inTaskGroup(size) { mandelbrotRow($0, size) }.reduce(0, +) },
      ]
      for pool in pools {
        variants.append(
          Variant("Skein, \(pool.label)") { (0..<size).parallel(in: pool).map { mandelbrotRow($0, size) }.sum() })
      }
      try report.compare("\(size) × \(size) points", items: size * size, per: "point", variants)
    }
  }
}
