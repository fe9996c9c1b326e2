import Skein

// A sum over a range, mapped by a cheap function: what the machinery of a loop costs when the body is next to nothing.
// Goal: within 5 % of the sequential loop on one thread, 1.9 times as fast on two.

@inline(__always)
func cheap(_ i: Int) -> Int { (i ^ (i >> 3)) & 0xffff }

@inline(never)
private func checkedLoop(_ n: Int) -> Int {
  var total = 0
  for i in 0..<n { total += cheap(i) }
  return total
}

@inline(never)
private func wrappingLoop(_ n: Int) -> Int {
  var total = 0
  for i in 0..<n { total &+= cheap(i) }
  return total
}

@inline(never)
private func lazyReduce(_ n: Int) -> Int { (0..<n).lazy.map { cheap($0) }.reduce(0, +) }

@inline(never)
private func parallelSum(_ n: Int) -> Int { (0..<n).parallel.map { cheap($0) }.sum() }

@inline(never)
private func parallelReduce(_ n: Int) -> Int { (0..<n).parallel.map { cheap($0) }.reduce(0) { $0 &+ $1 } }

extension Benchmark {
  static let loopSum = Benchmark(
    name: "loop-sum",
    summary: "(0..<n).parallel.map { … }.sum() next to the loop that one would write by hand.",
    goal: "within 5 % of the sequential loop (+=) on one thread; 1.9 times as fast on two"
  ) { report in
    let n = opaque(report.size(100_000_000))
    try report.withPools { report, pools in
      var variants = [
        Variant("for loop, +=") { checkedLoop(opaque(n)) },
        Variant("for loop, &+=") { wrappingLoop(opaque(n)) },
        Variant("lazy.map.reduce") { lazyReduce(opaque(n)) },
      ]
      for pool in pools {
        variants.append(Variant("map.sum, \(pool.label)") { pool.run { parallelSum(opaque(n)) } })
        variants.append(Variant("map.reduce (&+), \(pool.label)") { pool.run { parallelReduce(opaque(n)) } })
      }
      try report.compare("\(n) integers", items: n, per: "element", variants)
    }
  }
}
