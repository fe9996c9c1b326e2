/// The orders in which tests give their numbers.
enum SortInput: CaseIterable {
  case random, sorted, reversed, organPipe, fewDistinct, allEqual, sawTooth, nearlySorted, runsAndNoise, pushedBack

  func numbers(_ count: Int, seed: UInt64) -> [Int] {
    var generator = SeededGenerator(seed: seed)
    func random(_ limit: Int) -> Int { Int(generator.next() % UInt64(max(1, limit))) }
    switch self {
    case .random: return (0..<count).map { _ in Int(truncatingIfNeeded: generator.next()) }
    case .sorted: return Array(0..<count)
    case .reversed: return (0..<count).reversed()
    case .organPipe: return (0..<count).map { min($0, count - $0) }
    case .fewDistinct: return (0..<count).map { _ in random(4) }
    case .allEqual: return [Int](repeating: 7, count: count)
    case .sawTooth: return (0..<count).map { $0 % 37 }
    case .nearlySorted:
      var numbers = Array(0..<count)
      for _ in 0..<(count + 19) / 20 where count > 1 { numbers.swapAt(random(count), random(count)) }
      return numbers
    case .runsAndNoise:
      var numbers: [Int] = []
      while numbers.count < count {
        let length = 1 + random(300)
        let start = random(1000)
        switch random(3) {
        case 0: numbers += (0..<length).map { start + $0 / 2 }
        case 1: numbers += (0..<length).map { start - $0 }
        default: numbers += (0..<length / 4).map { _ in random(1000) }
        }
      }
      return Array(numbers.prefix(count))
    case .pushedBack: return Array(1..<max(1, count)) + (count > 0 ? [0] : [])
    }
  }
}

/// An element that tells its equals apart, and that is so large that few of them are many bytes: what is done in parallel is done
/// for some hundreds of them.
struct Wide: Sendable, Equatable {
  let key: Int
  let serial: Int
  private var filling: InlineArray<126, Int>

  init(_ key: Int, _ serial: Int) {
    self.key = key
    self.serial = serial
    filling = .init(repeating: key ^ serial)
  }

  static func == (left: Wide, right: Wide) -> Bool {
    left.key == right.key && left.serial == right.serial
      && left.filling.indices.allSatisfy { left.filling[$0] == right.filling[$0] }
  }

  static func make(_ keys: [Int]) -> [Wide] { keys.enumerated().map { Wide($1, $0) } }
}

/// A small element that tells its equals apart.
struct Tagged: Sendable, Equatable {
  let key: Int
  let serial: Int

  static func make(_ keys: [Int]) -> [Tagged] { keys.enumerated().map { Tagged(key: $1, serial: $0) } }
}

/// The thread counts for which sorting is tested.
let sortThreadCounts = fewThreadCounts
