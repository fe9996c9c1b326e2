import Skein

/// The words of some files counted in both ways, and the median time that each took.
struct CountedRun {
  let tally: Tally
  /// Whether every sequential and every parallel count gave the same.
  let resultsAgree: Bool
  let rounds: Int
  let sequentialSeconds: Double
  let parallelSeconds: Double

  /// Counts once unmeasured, so that every measured run finds the files in the system's cache, then once, or five times if that is
  /// a matter of moments.
  init(_ files: [String], in pool: ThreadPool, progress: ProgressBar) {
    let first = timed { countWords(files, in: pool, progress: progress) }
    rounds = first.seconds < 0.5 ? 5 : 1
    var tallies = [first.result]
    var sequentialTimes: [Double] = []
    var parallelTimes: [Double] = []
    for _ in 0..<rounds {
      let sequential = timed { countWords(files) }
      let parallel = timed { countWords(files, in: pool) }
      tallies += [sequential.result, parallel.result]
      sequentialTimes.append(sequential.seconds)
      parallelTimes.append(parallel.seconds)
    }
    tally = tallies[1]
    resultsAgree = tallies.allSatisfy { [tally] in $0 == tally }
    sequentialSeconds = median(sequentialTimes)
    parallelSeconds = median(parallelTimes)
  }
}
