import SkeinDeque
import Synchronization

/// Counts, for each identity, how often it was taken and how often it was destroyed.
final class Tally: Sendable {
  private let counts: Mutex<[Int]>
  init(_ count: Int) { counts = Mutex([Int](repeating: 0, count: count)) }
  func count(_ identity: Int) { counts.withLock { $0[identity] += 1 } }
  var everyOnce: Bool { counts.withLock { $0.allSatisfy { $0 == 1 } } }
  var total: Int { counts.withLock { $0.reduce(0, +) } }
  var values: [Int] { counts.withLock { $0 } }
}

/// A non-copyable element that says when it is destroyed.
struct Unique: ~Copyable, Sendable {
  let identity: Int
  let tally: Tally
  init(_ identity: Int, _ tally: Tally) {
    self.identity = identity
    self.tally = tally
  }
  deinit { tally.count(identity) }
}

/// A reference-counted element that says when it is destroyed.
final class Counted: Sendable {
  let identity: Int
  let tally: Tally
  init(_ identity: Int, _ tally: Tally) {
    self.identity = identity
    self.tally = tally
  }
  deinit { tally.count(identity) }
}

/// An element of some size, made from a number and recognisable by as much of it as fits.
protocol Sample: Equatable, Sendable {
  init(sample: Int)
}

struct Empty: Sample { init(sample: Int) {} }
extension UInt8: Sample { init(sample: Int) { self = UInt8(truncatingIfNeeded: sample) } }
extension Int: Sample { init(sample: Int) { self = sample } }
extension String: Sample { init(sample: Int) { self = "element number \(sample), too long to be stored in place" } }
struct Twelve: Sample {
  var first: Int64
  var second: Int32
  init(sample: Int) {
    first = Int64(sample)
    second = -Int32(truncatingIfNeeded: sample)
  }
}
struct Sixteen: Sample {
  var first: Int
  var second: Int
  init(sample: Int) {
    first = sample
    second = ~sample
  }
}
struct Aligned: Sample {
  var vector: SIMD8<Float>
  var tail: UInt8
  init(sample: Int) {
    vector = SIMD8(repeating: Float(sample))
    tail = UInt8(truncatingIfNeeded: sample)
  }
}
struct Forty: Sample {
  var words: (Int, Int, Int, Int)
  var name: Int
  init(sample: Int) {
    words = (sample, sample &* 3, sample &* 5, sample &* 7)
    name = -sample
  }
  static func == (one: Forty, other: Forty) -> Bool { one.words == other.words && one.name == other.name }
}
/// 32 768 bytes.
struct Huge: Sample {
  struct Part: Equatable, Sendable {
    var values: (Row, Row, Row, Row, Row, Row, Row, Row)
    init(_ row: Row) { values = (row, row, row, row, row, row, row, row) }
    static func == (one: Part, other: Part) -> Bool {
      one.values.0 == other.values.0 && one.values.3 == other.values.3 && one.values.7 == other.values.7
    }
  }
  typealias Row = SIMD64<Int64>
  var parts: (Part, Part, Part, Part, Part, Part, Part, Part)
  init(sample: Int) {
    let part = Part(Row(repeating: Int64(sample)))
    parts = (part, part, part, part, part, part, part, part)
  }
  static func == (one: Huge, other: Huge) -> Bool {
    one.parts.0 == other.parts.0 && one.parts.4 == other.parts.4 && one.parts.7 == other.parts.7
  }
}

extension WorkStealingDeque where Element: Sendable {
  /// Everything that is left, in the order in which the owner pops it.
  mutating func popAll() -> [Element] {
    var elements: [Element] = []
    while let element = pop() { elements.append(element) }
    return elements
  }

  mutating func push(contentsOf elements: some Sequence<Element>) {
    for element in elements { push(element) }
  }
}

extension Stealer where Element: Sendable {
  /// Steals until nothing is left.
  func stealAll() -> [Element] {
    var elements: [Element] = []
    while true {
      switch steal() {
      case .success(let element): elements.append(element)
      case .retry: continue
      case .empty: return elements
      }
    }
  }
}

extension InjectionQueue where Element: Sendable {
  func push(contentsOf elements: some Sequence<Element>) {
    for element in elements { push(element) }
  }

  func stealAll() -> [Element] {
    var elements: [Element] = []
    while true {
      switch steal() {
      case .success(let element): elements.append(element)
      case .retry: continue
      case .empty: return elements
      }
    }
  }
}
