// Waiting for a pool from a task suspends the task: the form of `run` that blocks its thread cannot be called there.

import Skein

func total(_ numbers: [Int], in pool: ThreadPool) async -> Int {
  #if CONTROL
    return await pool.run { numbers.parallel.sum() }
  #else
    // expected: expression is 'async' but is not marked with 'await'
    return pool.run { numbers.parallel.sum() }
  #endif
}
