// A join waits on its thread, which a task must not do: it belongs inside `await pool.run { }`.

import Skein

func halves(_ numbers: [Int], in pool: ThreadPool) async -> (Int, Int) {
  let middle = numbers.count / 2
  #if CONTROL
    return await pool.run {
      let (lower, upper) = join {
        numbers[..<middle].reduce(0, +)
      } and: {
        numbers[middle...].reduce(0, +)
      }
      return (lower, upper)
    }
  #else
    // expected: global function 'join' is unavailable from asynchronous contexts
    return join {
      numbers[..<middle].reduce(0, +)
    } and: {
      numbers[middle...].reduce(0, +)
    }
  #endif
}
