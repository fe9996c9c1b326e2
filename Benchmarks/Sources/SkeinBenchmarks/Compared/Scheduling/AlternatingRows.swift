import Skein

// A program that alternates, on a thread outside the pool of two threads: a sequential phase of some 20 µs, then one of as much work that
// is done in parallel. Between its parallel phases the pool has nothing to do, for too short a time to be worth a sleep and too long to be
// spent looking for work: so the processor time of the process is measured beside the time that passes.

extension Row {
  static let alternating = [
    Row("alternate-join") { run in
      try run.alternate { start in
        let (a, b) = join {
          chain(from: start, steps: 5000)
        } and: {
          chain(from: start &+ 1, steps: 5000)
        }
        return a &+ b
      }
    },
    Row("alternate-loop") { run in
      try run.alternate { start in
        (0..<100).parallel.map { chain(from: start &+ UInt64($0), steps: 100) }.reduce(0, &+)
      }
    },
  ]
}

/// Multiplications each of which needs the last one's result: 10 000 of them take some 20 µs.
@inline(never)
func chain(from start: UInt64, steps: Int) -> UInt64 {
  var state = start
  for _ in 0..<steps { state = (state ^ (state >> 29)) &* SplitMix.step }
  return state
}

extension RowRun {
  fileprivate func alternate(_ parallelPhase: (UInt64) -> UInt64) throws {
    try ThreadPool.configureShared(.init(threadCount: 2))
    let count = size(20_000)
    var processorTime = 0.0
    measure(
      items: count, prepare: {},
      {
        let (time, state) = processorNanoseconds {
          var state: UInt64 = 1
          for _ in 0..<count { state = parallelPhase(chain(from: state, steps: 10_000)) }
          return state
        }
        processorTime = time
        return state
      },
      check: { $0 })
    write("skein", "-processor", items: count, figure: processorTime, answer: 0)
  }
}
