import Skein

// What it costs to begin and end a loop: many short loops, one after the other, inside a pool.
// Goal: a loop costs at most 30 ns more than the sequential one on one thread, whatever its length, and at most 80 ns beside a second
// thread that has nothing to do and would like a part of it; and a thousand cheap elements are no
// slower on two threads than on one.

@inline(never)
private func sequential(_ n: Int) -> Int {
  var total = 0
  for i in 0..<n { total += cheap(i) }
  return total
}

@inline(never)
private func parallel(_ n: Int) -> Int { (0..<n).parallel.map { cheap($0) }.sum() }

private func repeated(_ times: Int, _ body: () -> Int) -> Int {
  var total = 0
  for _ in 0..<times { total &+= body() }
  return total
}

extension Benchmark {
  static let loopTiny = Benchmark(
    name: "loop-tiny",
    summary: "Short loops of cheap elements, many in a row, inside a pool.",
    goal: "at most 30 ns above the sequential loop on one thread, 80 beside a hungry one"
  ) { report in
    var table = Table(
      "Short loops", ["elements", "variant", "ns per loop", "min–max", "ns above the sequential loop"])
    try report.withPools { report, pools in
      for n in [1, 10, 100, 1000] {
        let times = report.size(2_000_000 / (n + 20))
        var variants = [Variant("for loop") { repeated(times) { sequential(opaque(n)) } }]
        for pool in pools {
          variants.append(Variant("map.sum, \(pool.label)") { pool.run { repeated(times) { parallel(opaque(n)) } } })
        }
        let result = try report.rounds("\(n) elements", variants)
        for index in variants.indices {
          let sample = result.sample(index)
          let extra = Sample(zip(result.times[index], result.times[0]).map { ($0 - $1) / Double(times) })
          table.rows.append([
            .text("\(n)"), .text(variants[index].name), .number(sample.median / Double(times)),
            .range(sample.low / Double(times), sample.high / Double(times)), index == 0 ? .none : .number(extra.median),
          ])
        }
      }
    }
    report.add(table)
  }
}
