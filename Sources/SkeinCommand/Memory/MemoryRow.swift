import ArgumentParser
import Skein

/// What a waiting worker may take up, as spelled on the command line.
enum Policy: String, Codable, CaseIterable, ExpressibleByArgument {
  case ownWork, innerWork, anyWork, block

  var waitPolicy: ThreadPool.WaitPolicy {
    switch self {
    case .ownWork: .ownWork
    case .innerWork: .innerWork
    case .anyWork: .anyWork
    case .block: .block
    }
  }
}

/// How the outer loop of the reference program is divided.
enum Splitting: String, Codable {
  case onDemand, minimumBatch, inBlocks

  static let batch = 100

  /// Short enough for a column.
  var title: String { self == .onDemand ? description : rawValue }

  var description: String {
    switch self {
    case .onDemand: "on demand"
    case .minimumBatch: "minimumBatch: \(Self.batch)"
    case .inBlocks: "inBlocks(ofCount: \(Self.batch))"
    }
  }
}

/// One run of the reference program: everything that decides what it does.
struct MemoryRow: Codable, Equatable {
  var policy: Policy
  var splitting: Splitting
  var threads: Int
  var iterations: Int
  var vectorBytes: Int
  /// The vectors alive at once may not take more than this; an iteration that would break it is not run.
  var liveByteLimit: Int

  var vectorCount: Int { vectorBytes / MemoryLayout<Double>.size }
  /// Every element is 1, so the exact total is the number of elements.
  var expectedTotal: Double { Double(iterations) * Double(vectorCount) }
}

/// What one run of the reference program showed.
struct MemoryResult: Codable {
  var row: MemoryRow
  var total: Double
  var peakAlive: Int
  var deepestNesting: Int
  var refusedIterations: Int
  /// Of the process, before the loop and at its most.
  var initialResidentBytes: Int?
  var peakResidentBytes: Int?
  var seconds: Double

  /// The time that rows of different sizes can be compared by.
  var secondsPerGibibyte: Double { seconds / (Double(row.iterations) * Double(row.vectorBytes) / Double(1 << 30)) }

  var failure: String? {
    let name = "memory, .\(row.policy.rawValue), \(row.splitting.description)"
    if refusedIterations > 0 {
      return "\(name): stopped after \(peakAlive) vectors of \(size(row.vectorBytes)) were alive at once"
    }
    if total != row.expectedTotal {
      return "\(name): the total is \(total), not \(row.expectedTotal)"
    }
    // What the other policies promise, whatever the body of the loop waits for.
    if row.policy != .anyWork, peakAlive > row.threads || deepestNesting > 1 {
      return
        "\(name): \(counted(peakAlive, "iteration")) alive on \(counted(row.threads, "thread")), \(deepestNesting) on one of them"
    }
    return nil
  }
}
