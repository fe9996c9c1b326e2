// A closure that was handed to a function may belong to the thread it came from: `run` takes it only if it says that it may move.

import Skein

#if CONTROL
  func measure(_ body: @Sendable () -> Int, in pool: ThreadPool) -> Int { pool.run(body) }
#else
  func measure(_ body: () -> Int, in pool: ThreadPool) -> Int {
    // expected: sending 'body' risks causing data races
    pool.run(body)
  }
#endif
