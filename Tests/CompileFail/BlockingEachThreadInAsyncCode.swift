// A call on each thread waits on its own thread for the others, which a task must not do: it belongs inside `await pool.run { }`.

import Skein

func indices(of pool: ThreadPool) async -> [Int] {
  #if CONTROL
    return await pool.run { pool.onEachThread { $0 } }
  #else
    // expected: instance method 'onEachThread' is unavailable from asynchronous contexts
    return pool.onEachThread { $0 }
  #endif
}
