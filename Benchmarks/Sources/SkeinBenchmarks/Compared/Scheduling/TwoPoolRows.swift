import Skein

// A loop whose iterations each fill 8 MiB and have them summed in another pool, of one thread. A worker that waits for that pool and
// begins the next iteration meanwhile makes the program take more memory the longer the loop is.

extension Row {
  static let twoPools = rows("two-pools", threads: [2, 8]) { run, outer in
    let inner = try ThreadPool(threadCount: 1)
    defer { inner.shutdown() }
    let iterations = run.size(200)
    let live = LiveCount()
    run.measure(items: iterations, in: outer) {
      let sum = (0..<iterations).parallel.map { index in
        live.enter()
        defer { live.leave() }
        let values = [Double](repeating: Double(index & 7) + 1, count: 1 << 20)
        return inner.run { values.parallel.sum() }
      }.sum()
      return Int(sum)
    }
    run.write("skein", "-live", figure: Double(live.most), unit: "vectors", answer: 0)
  }
}
