/// The seconds that a piece of work takes on the monotonic clock.
struct Stopwatch {
  private let start = ContinuousClock.now

  var seconds: Double {
    (ContinuousClock.now - start) / .seconds(1)
  }
}

/// The result of a piece of work and how long it took, in seconds.
func timed<Result>(_ work: () throws -> Result) rethrows -> (result: Result, seconds: Double) {
  let watch = Stopwatch()
  let result = try work()
  return (result, watch.seconds)
}

/// The middle of the values; of two in the middle, the lower.
func median(_ values: [Double]) -> Double {
  values.sorted()[(values.count - 1) / 2]
}
