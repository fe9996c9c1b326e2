import Dispatch
import Skein

// Fibonacci numbers with a cutoff, as one must write it where a fork is dear: the call is sequential below 20.
// Goal: no slower than the others, which need the cutoff.

private let cutoff = 20

@inline(never)
private func plain(_ n: Int) -> Int { n < 2 ? n : plain(n - 1) + plain(n - 2) }

private func joined(_ n: Int) -> Int {
  if n < cutoff { return plain(n) }
  let (a, b) = join {
    joined(n - 1)
  } and: {
    joined(n - 2)
  }
  return a + b
}

private func performed(_ n: Int) -> Int {
  if n < cutoff { return plain(n) }
  return performAll(2) { performed(n - 1 - $0) }.reduce(0, +)
}

private func asTasks(_ n: Int) async -> Int {
  if n < cutoff { return plain(n) }
  async let a = asTasks(n - 1)
  let b = await asTasks(n - 2)
  return await a + b
}

extension Benchmark {
  static let peersFibonacci = Benchmark(
    name: "peers-fibonacci",
    summary: "Fibonacci numbers with a cutoff at 20, on Skein, Dispatch and Swift's async let.",
    goal: "no slower than the others"
  ) { report in
    let n = report.options.divisor == 1 ? 38 : 30
    try report.withPools { report, pools in
      var variants = [
        Variant("plain function") { plain(opaque(n)) },
        Variant("Dispatch") { performed(n) },
        Variant("async let") { waitForTask { await asTasks(n) } },
      ]
      for pool in pools { variants.append(Variant("join, \(pool.label)") { pool.run { joined(n) } }) }
      try report.compare("fibonacci(\(n))", items: 2 * forkCount(ofFibonacci: n) + 1, per: "call", variants)
    }
  }
}
