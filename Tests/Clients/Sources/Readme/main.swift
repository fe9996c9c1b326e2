// The README's snippets, at the top level of `main.swift`. Without an `await` there, that is synchronous code of the main actor.

import Foundation
import Skein
import SkeinDeque
import Synchronization

func check(_ condition: Bool, _ what: String) {
  guard !condition else { return }
  print("Readme: wrong: \(what)")
  exit(1)
}

struct Page: Sendable { var words: [String] }
struct Record: Sendable, Equatable {
  var isValid = true
  var isArchived = false
}
struct Person: Sendable {
  var name: String
  var age: Int
}
struct ParseError: Error {}
func parse(_ line: String) throws(ParseError) -> Int {
  guard let number = Int(line) else { throw ParseError() }
  return number
}
func isOnMainThread() -> Bool { Thread.isMainThread }

// MARK: - At the top

let numbers = Array(0..<1000)
let total = (0..<1_000_000).parallel.map { $0 &* 3 }.sum()
check(total == 1_499_998_500_000, "sum")
let squares = Array(numbers.parallel.map { $0 * $0 })
check(squares == numbers.map { $0 * $0 }, "squares")
let (low, high) = join {
  numbers[..<500].reduce(0, +)
} and: {
  numbers[500...].reduce(0, +)
}
check(low + high == 499_500, "join")
let (lower, upper) = join {
  numbers[..<500].map { $0 + 1 }
} and: {
  numbers[500...].map { $0 + 1 }
}
check(lower.count == 500 && upper.count == 500, "join with closures inside")

// MARK: - Loops

let pages = (0..<100).map { Page(words: Array(repeating: "word", count: $0)) }
check(pages.parallel.map(\.words.count).sum() == 4950, "key path")
check(numbers.parallel.max { $0 % 997 < $1 % 997 } == 996, "max(by:)")
var records = (0..<100).map { Record(isValid: $0 < 60, isArchived: $0 % 3 == 0) }
check(records.parallel.first { !$0.isValid } == records[60], "first(where:)")
var pixels = numbers
pixels.parallel.modifyEach { $0 = $0 / 2 }
check(pixels == numbers.map { $0 / 2 }, "modifyEach")
let boundary = records.parallel.partition { $0.isArchived }
check(boundary == 66 && !records[65].isArchived && records[66].isArchived, "partition")
var samples = numbers.reversed() + []
check(samples.parallel.select(at: samples.count / 2) == 500, "select")
var deck = Array(0..<52)
deck.parallel.shuffle(seed: 42)
check(deck != Array(0..<52) && deck.sorted() == Array(0..<52), "shuffle")
let lines = numbers.map(String.init)
let parsed = try Array(lines.parallel.map { line throws(ParseError) in try parse(line) })
check(parsed == numbers, "typed errors")
var people = numbers.map { Person(name: "\($0)", age: 1000 - $0) }
people.parallel.sort { $0.age < $1.age }
check(people.first?.name == "999", "sort(by:)")
let words = numbers.map { "word \($0 % 7)" }
let counts = words.parallel.counts()
check(counts["word 0"] == 143, "counts")
let revenue = people.parallel.grouped(by: { $0.age % 3 }, reducing: { $0.age }, combine: +)
check(revenue[0] == 166_833, "grouped(by:reducing:combine:)")
let both = numbers.parallel.setIntersection([3, 5, 5000].parallel)
check(both == [3, 5], "setIntersection")
check(
  numbers.parallel.reduce(0, &+) == 499_500 && numbers.parallel.reduce(.zero, +) == 499_500, "reduce with an operator")
check(numbers.parallel.reduce(+) == 499_500 && numbers.parallel.reduce(&+) == 499_500, "reduce without a value")

// MARK: - Control

let pool = try ThreadPool(threadCount: 2)
check(numbers.parallel(minimumBatch: 100).sum() == 499_500, "minimumBatch")
check(numbers.parallel.inBlocks(ofCount: 100).sum() == 499_500, "inBlocks")
check(numbers.parallel.inGrowingBlocks().sum() == 499_500, "inGrowingBlocks")
check(numbers.parallel(in: pool).sum() == 499_500, "parallel(in:)")
check(numbers.parallel(maximumInFlight: 3).sum() == 499_500, "maximumInFlight")
samples.parallel(in: pool).sort()
check(samples == numbers, "parallel(in:).sort()")
samples.parallel(minimumBatch: 10, maximumBatch: 100).sort { $0 > $1 }
check(samples == numbers.reversed(), "parallel(minimumBatch:).sort(by:)")
samples[0..<500].parallel.reverse()
check(samples[0] == 500 && samples[500] == 499, "a slice")
var data = Data([3, 1, 2])
data.parallel.sort()
check(Array(data) == [1, 2, 3], "Data")
data.parallel(in: pool).modifyEach { $0 *= 2 }
check(Array(data) == [2, 4, 6], "Data in a pool")
data.parallel.removeAll { $0 == 4 }
check(Array(data) == [2, 6], "Data, fewer")

// MARK: - Forks and scopes

func quicksort(_ values: ArraySlice<Int>) -> [Int] {
  guard let pivot = values.first else { return [] }
  let rest = values.dropFirst()
  let (low, high) = join {
    quicksort(rest.filter { $0 < pivot }[...])
  } and: {
    quicksort(rest.filter { $0 >= pivot }[...])
  }
  return low + [pivot] + high
}
check(quicksort(deck[...]) == Array(0..<52), "quicksort")

// What runs on the calling thread may use what belongs to the main actor.
let rendered = Mutex(0)
var opened = 0
withParallelScope { scope in
  opened += 1
  check(isOnMainThread(), "the body of a scope stays")
  for page in pages { scope.spawn { rendered.withLock { $0 += page.words.count } } }
}
check(opened == 1 && rendered.withLock { $0 } == 4950, "scope")
let (stayed, _) = join {
  opened += 1
  return isOnMainThread()
} and: {
  0
}
check(stayed && opened == 2, "the first closure of a join stays")
let (first, second) = joinContext {
  opened += 1
  return $0.migrated
} and: {
  $0.migrated
}
check(!first && second && opened == 3, "joinContext")
struct SpawnError: Error {}
do {
  try withParallelScope { scope in scope.spawn { throw SpawnError() } }
  check(false, "a scope's error")
} catch { check(error is SpawnError, "a scope's error") }

// MARK: - Pools

let values = numbers
check(pool.run { values.parallel.sum() } == 499_500, "run")
let done = Mutex(0)
pool.spawn { done.withLock { $0 += 1 } }
check(pool.onEachThread { $0 } == [0, 1], "onEachThread")
let scratch = WorkerLocal { [Int](repeating: 0, count: 8) }
numbers.parallel.forEach { number in scratch.withValue { $0[number % 8] += 1 } }
check(scratch.removeAll().joined().reduce(0, +) == 1000, "WorkerLocal")
_ = pool.statistics().total
pool.shutdown()
check(done.withLock { $0 } == 1, "spawn")

// MARK: - A scheduler

typealias Work = Int
func findTask(_ local: inout WorkStealingDeque<Work>, _ global: InjectionQueue<Work>, _ stealers: [Stealer<Work>])
  -> Work?
{
  if let work = local.pop() { return work }
  while true {
    let result = global.stealAndPop(into: &local)
      .orElse { StealResult.firstSuccess(of: stealers.lazy.map { $0.steal() }) }
    if !result.isRetry { return result.element }
  }
}
var local = WorkStealingDeque<Work>(order: .lifo)
let global = InjectionQueue<Work>()
global.push(7)
check(findTask(&local, global, []) == 7, "a scheduler")

print("Readme: right")
