// A scope waits on its thread for what it has spawned, which a task must not do: it belongs inside `await pool.run { }`.

import Skein

func countSpawned(in pool: ThreadPool) async -> Int {
  #if CONTROL
    return await pool.run {
      let counts = WorkerLocal { 0 }
      withParallelScope { scope in scope.spawn { counts.withValue { $0 += 1 } } }
      return counts.values.reduce(0, +)
    }
  #else
    // expected: global function 'withParallelScope' is unavailable from asynchronous contexts
    withParallelScope { scope in scope.spawn {} }
    return 0
  #endif
}
