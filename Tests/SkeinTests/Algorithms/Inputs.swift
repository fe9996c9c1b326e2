import Skein
import Testing

/// The thread counts for which the in-place algorithms give the same result.
let inPlaceThreadCounts = fewThreadCounts

/// A sequence of numbers with a shape that algorithms are apt to trip over.
enum Input: CaseIterable {
  case random, ascending, descending, organPipe, fewDistinct, allEqual, sawTooth, nearlySorted

  func values(_ count: Int, _ generator: inout SeededGenerator) -> [Int] {
    switch self {
    case .random: return (0..<count).map { _ in Int.random(in: -1000...1000, using: &generator) }
    case .ascending: return Array(0..<count)
    case .descending: return (0..<count).reversed()
    case .organPipe: return (0..<count).map { min($0, count - $0) }
    case .fewDistinct: return (0..<count).map { _ in Int.random(in: 0..<4, using: &generator) }
    case .allEqual: return [Int](repeating: 7, count: count)
    case .sawTooth: return (0..<count).map { $0 % 17 }
    case .nearlySorted:
      var values = Array(0..<count)
      for _ in 0..<count / 16 { values.swapAt(.random(in: 0..<count, using: &generator), count / 2) }
      return values
    }
  }
}

/// A number that is ordered by its key alone and remembers where it stood.
struct Placed: Equatable, Sendable {
  let key: Int
  let place: Int

  static func array(_ keys: [Int]) -> [Placed] { keys.enumerated().map { Placed(key: $1, place: $0) } }
}

/// Runs `body` in pools of several threads, with inputs of every shape of all small sizes and of some larger ones.
func withInputs(
  upTo small: Int = 200, and large: [Int] = [1025, 5000, 20_000], _ function: String = #function,
  _ body: (ThreadPool, [Int], _ label: String) throws -> Void
) throws {
  let seed = newSeed(function)
  for threads in inPlaceThreadCounts {
    let pool = try ThreadPool(threadCount: threads)
    var generator = SeededGenerator(seed: seed)
    for count in sizes(upTo: small) + large.map({ elements($0) }) {
      // Every size with several shapes, every shape with many sizes.
      for (number, input) in Input.allCases.enumerated()
      where isLong || input == .random || (count + number) % 8 == 0 || count > small {
        let values = input.values(count, &generator)
        try withTimeout { try body(pool, values, "\(input) of \(count), \(threads) threads, seed \(seed)") }
      }
    }
    pool.shutdown()
  }
}

/// Calls `body` with an array of life-tracked elements, and checks that every one of them is there exactly once afterwards, and
/// none once the array is gone.
func withLives(_ values: [Int], _ body: (inout [LifeTracked]) throws -> Void) rethrows {
  let lives = Lives()
  do {
    var array = values.map { LifeTracked($0, lives) }
    try body(&array)
    #expect(lives.alive == Set(array.map { ObjectIdentifier($0) }).count)
    #expect(lives.alive == array.count)
  }
  #expect(lives.alive == 0)
}
