import Skein

// Shuffling a large array: one long shuffle misses the caches for every element, one by buckets does not.
// Goal: on one thread at or ahead of the standard library's with a fast generator, on two 1.7 times our own speed on one.

extension Benchmark {
  static let shuffle = Benchmark(
    name: "shuffle", summary: "shuffle(seed:) of 20 million UInt64, and of ten thousand.",
    goal: "at or ahead of Array.shuffle(using:) on one thread, 1.7 times as fast on two (the large one)"
  ) { report in
    for (count, repeats) in [(report.size(20_000_000), 1), (10_000, 200)] {
      try report.compareInPlace(
        "\(count) UInt64", Array(0..<UInt64(count)), repeats: repeats,
        sequential: [
          (
            "Array.shuffle(using:), SplitMix64",
            {
              var generator = SplitMix(state: 1)
              $0.shuffle(using: &generator)
              return $0.count
            }
          ),
          (
            "Array.shuffle()",
            {
              $0.shuffle()
              return $0.count
            }
          ),
        ]
      ) {
        $0.parallel.shuffle(seed: 1)
        return $0.count
      }
    }
  }
}
