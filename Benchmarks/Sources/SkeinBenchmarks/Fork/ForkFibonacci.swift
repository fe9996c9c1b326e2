import Skein

// What a fork costs: Fibonacci numbers with a fork at every call and no cutoff, next to the plain recursive function. The work of a
// call is one addition, so nearly all of the difference is the fork.
// Goal: at most 8 ns per fork above the plain call on one thread.

@inline(never)
private func fibonacci(_ n: Int) -> Int {
  n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2)
}

@inline(never)
func forkedFibonacci(_ n: Int) -> Int {
  if n < 2 { return n }
  let (a, b) = join {
    forkedFibonacci(n - 1)
  } and: {
    forkedFibonacci(n - 2)
  }
  return a + b
}

/// How many forks `forkedFibonacci` makes: one for each call that is not a leaf.
///
/// Counted in n steps, which do not show where instructions are counted.
func forkCount(ofFibonacci n: Int) -> Int {
  var (count, next) = (0, 0)
  for _ in 0..<n { (count, next) = (next, count + next + 1) }
  return count
}

extension Benchmark {
  static let forkFibonacci = Benchmark(
    name: "fork-fibonacci",
    summary: "A fork at every call of a recursive Fibonacci function, no cutoff, next to the plain function.",
    goal: "at most 8 ns per fork above the plain call, on one thread"
  ) { report in
    let n = opaque(report.options.divisor == 1 ? 34 : 27)
    let forks = forkCount(ofFibonacci: n)
    try report.withPools { report, pools in
      var variants = [Variant("plain function") { fibonacci(opaque(n)) }]
      for pool in pools {
        variants.append(Variant("join, \(pool.label)") { pool.run { forkedFibonacci(opaque(n)) } })
      }
      let result = try report.compare("fibonacci(\(n)), \(forks) forks", items: forks, per: "fork", variants)
      var table = Table("Above the plain call", ["variant", "ns per fork", "min–max"])
      for index in variants.indices.dropFirst() {
        let extra = Sample(zip(result.times[index], result.times[0]).map { ($0 - $1) / Double(forks) })
        table.rows.append([.text(variants[index].name), .number(extra.median), .range(extra.low, extra.high)])
      }
      report.add(table)
    }
  }
}
