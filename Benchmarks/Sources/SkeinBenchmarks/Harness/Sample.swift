#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What several rounds of one variant took, in nanoseconds for the whole variant.
struct Sample {
  private let sorted: [Double]

  init(_ values: [Double]) { sorted = values.sorted() }

  var median: Double { quantile(0.5) }
  var low: Double { sorted.first ?? .nan }
  var high: Double { sorted.last ?? .nan }

  /// The nearest rank; the mean of the middle two for an even median.
  func quantile(_ share: Double) -> Double {
    guard !sorted.isEmpty else { return .nan }
    if share == 0.5, sorted.count % 2 == 0 {
      return (sorted[sorted.count / 2 - 1] + sorted[sorted.count / 2]) / 2
    }
    return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
  }

  /// Round by round, how this one compares with another that took turns with it.
  static func ratio(_ values: [Double], to base: [Double]) -> Sample {
    Sample(zip(values, base).map { $0 / $1 })
  }
}

/// How long something takes, in nanoseconds.
func nanoseconds<Result>(_ body: () throws -> Result) rethrows -> (Double, Result) {
  let clock = ContinuousClock()
  let start = clock.now
  let result = try body()
  let elapsed = (clock.now - start).components
  return (Double(elapsed.seconds) * 1e9 + Double(elapsed.attoseconds) / 1e9, result)
}

/// How much processor time something takes on all threads of the process, in nanoseconds.
func processorNanoseconds<Result>(_ body: () throws -> Result) rethrows -> (Double, Result) {
  func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
  }
  let start = now()
  let result = try body()
  return (now() - start, result)
}

/// Hides a value from the optimiser.
@inline(never)
@_optimize(none)
func opaque<Value>(_ value: Value) -> Value { value }
