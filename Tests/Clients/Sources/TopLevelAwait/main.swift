// The top level of `main.swift` once something there is awaited, which makes it asynchronous code of the main actor.

import Foundation
import Skein

func check(_ condition: Bool, _ what: String) {
  guard !condition else { return }
  print("TopLevelAwait: wrong: \(what)")
  exit(1)
}
struct Failure: Error {}
func analyse(_ input: [Int]) throws -> Int {
  if input.isEmpty { throw Failure() }
  return input.parallel.sum()
}

let pool = try ThreadPool(threadCount: 2)
let input = Array(0..<1000)
check(await ThreadPool.shared.run { 41 + 1 } == 42, "await run")
let report = try await pool.run { () throws in try analyse(input) }
check(report == 499_500, "await run of what throws")
check(await pool.run { input.parallel.map { $0 * 2 }.sum() } == 999_000, "await run of a loop")
var numbers = Array(input.reversed())
numbers.parallel(in: pool).sort()
check(numbers == input, "parallel(in:).sort()")

// In a function the same call suspends.
func suspending() async throws -> Int {
  let lower = await pool.run { input[..<500].reduce(0, +) }
  return lower + (try await pool.run { () throws in try analyse(Array(input[500...])) })
}
check(try await suspending() == 499_500, "in a function")

// What else blocks its thread stays in functions, or in the closure of a `run`.
nonisolated func halves() -> (Int, Int) {
  join {
    input[..<500].count
  } and: {
    input[500...].count
  }
}
check(halves() == (500, 500), "join in a function")
check(
  await pool.run {
    join {
      1
    } and: {
      2
    }.1
  } == 2, "join in a run")

print("TopLevelAwait: right")
