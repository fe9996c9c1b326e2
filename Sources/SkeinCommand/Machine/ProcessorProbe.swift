import Foundation
import Skein
import Synchronization

/// Tries how much of the processors this process can have at the moment.
enum ProcessorProbe {
  /// As many as the process may use; no more than the library has threads by default, which knows control groups.
  static var processors: Int {
    let count = max(ProcessInfo.processInfo.activeProcessorCount, 1)
    return min((try? ThreadPool.defaultThreadCount()) ?? count, count)
  }

  /// Keeps every processor busy for a tenth of a second; the answer is the processor time that this got, over the time it took.
  ///
  /// The load average would be easier, but it speaks of the minute before, and of the processors that others may use.
  static func available(on processors: Int, seconds: Double = 0.1) -> Double {
    let total = Mutex(0.0)
    let group = DispatchGroup()
    for _ in 0..<processors {
      group.enter()
      Thread.detachNewThread {
        let wall = Stopwatch()
        let start = threadSeconds()
        while wall.seconds < seconds {}
        let share = (threadSeconds() - start) / wall.seconds
        total.withLock { $0 += share }
        group.leave()
      }
    }
    group.wait()
    return min(total.withLock { $0 } / Double(processors), 1)
  }

  /// The processor time of the calling thread.
  private static func threadSeconds() -> Double {
    var time = timespec()
    // SAFETY: the call fills the structure it is given, which lives until it returns.
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// How many threads wanted a processor of late, on average over a minute.
  static var loadAverage: Double? {
    var load = 0.0
    // SAFETY: the call writes one number.
    return unsafe getloadavg(&load, 1) == 1 ? load : nil
  }
}
