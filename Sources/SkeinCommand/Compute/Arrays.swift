import Skein

/// The sum of many doubles, all of them whole numbers: every order of adding gives the same bits.
struct BigSum: Sendable {
  let values: [Double]

  init(count: Int) {
    values = (0..<count).map { Double($0 % 1000) }
  }
}

extension BigSum: Computation {
  var name: String { "sum" }
  var detail: String { "\(grouped(values.count)) doubles" }

  func sequential() -> Double {
    values.reduce(0, +)
  }

  func skein(_ pool: ThreadPool) -> Double {
    values.parallel(in: pool).sum()
  }

  func concurrentPerform() -> Double {
    concurrentResults(Pieces.count) { values[Pieces.piece($0, of: values.count)].reduce(0, +) }.reduce(0, +)
  }

  func taskGroup() async -> Double {
    await taskGroupResults(Pieces.count) { values[Pieces.piece($0, of: values.count)].reduce(0, +) }.reduce(0, +)
  }
}

/// The positive ones of many numbers, about half of them, in their order.
struct FilterCollect: Sendable {
  let values: [Int32]

  init(count: Int) {
    values = (0..<count).map { Int32(truncatingIfNeeded: scrambled(UInt64($0))) }
  }
}

extension FilterCollect: Computation {
  var name: String { "filter" }
  var detail: String { "\(grouped(values.count)) integers, half of them kept, collected in order" }

  func sequential() -> [Int32] {
    values.filter { $0 > 0 }
  }

  func skein(_ pool: ThreadPool) -> [Int32] {
    Array(values.parallel(in: pool).filter { $0 > 0 })
  }

  func concurrentPerform() -> [Int32] {
    joined(concurrentResults(Pieces.count) { values[Pieces.piece($0, of: values.count)].filter { $0 > 0 } })
  }

  func taskGroup() async -> [Int32] {
    joined(await taskGroupResults(Pieces.count) { values[Pieces.piece($0, of: values.count)].filter { $0 > 0 } })
  }

  private func joined(_ pieces: [[Int32]]) -> [Int32] {
    var result: [Int32] = []
    result.reserveCapacity(pieces.reduce(0) { $0 + $1.count })
    for piece in pieces {
      result += piece
    }
    return result
  }
}

/// Equal parts of an array, for the schedulers that do not divide one by themselves.
enum Pieces {
  static let count = 64

  static func piece(_ index: Int, of total: Int) -> Range<Int> {
    total * index / count..<total * (index + 1) / count
  }
}
