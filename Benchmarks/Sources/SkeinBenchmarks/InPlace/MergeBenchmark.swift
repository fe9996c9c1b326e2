import Skein

// Merging two sorted arrays into a new one. The sequential counterparts are the loop with a branch, and sorting what was put together.
// Goal: on one thread ahead of the loop, on two 1.7 times our own speed on one, where the memory allows.

@inline(never)
private func loop(_ first: [UInt64], _ second: [UInt64]) -> [UInt64] {
  [UInt64](unsafeUninitializedCapacity: first.count + second.count) { result, count in
    var (a, b) = (0, 0)
    while a < first.count, b < second.count {
      if second[b] < first[a] {
        result[count] = second[b]
        b += 1
      } else {
        result[count] = first[a]
        a += 1
      }
      count += 1
    }
    while a < first.count {
      result[count] = first[a]
      a += 1
      count += 1
    }
    while b < second.count {
      result[count] = second[b]
      b += 1
      count += 1
    }
  }
}

extension Benchmark {
  static let merge = Benchmark(
    name: "merge", summary: "Array(merging:and:) of two sorted arrays of random UInt64.",
    goal: "ahead of the loop on one thread, 1.7 times as fast on two"
  ) { report in
    let values = scrambled(report.size(20_000_000))
    let first = values[..<(values.count / 2)].sorted()
    let second = values[(values.count / 2)...].sorted()
    try report.withPools { report, pools in
      func digest(_ values: [UInt64]) -> UInt64 { values[values.count / 3] ^ values[values.count - 1] }
      var variants = [Variant("for loop") { digest(loop(first, second)) }]
      for pool in pools {
        variants.append(
          Variant(pool.label) { digest(Array(merging: first.parallel(in: pool), and: second.parallel)) })
      }
      try report.compare("\(values.count) UInt64 in all", items: values.count, per: "element", variants)
    }
  }
}
