import ArgumentParser

/// Which rows are run, and how large each may be on this machine.
struct MemoryPlan {
  static let iterationBounds = 1...10_000_000
  static let megabyteBounds = 1...4096

  var policies: [Policy]
  var threads: Int
  var iterations: Int
  /// Iterations of the rows other than the first, which always runs in full.
  var otherIterations: Int
  var megabytes: Int
  var availableBytes: Int

  /// The rows in the order of the table.
  ///
  /// Under `.anyWork` every vector of the loop may be alive at the same time. So that row runs at most a thousand iterations, on
  /// vectors small enough that all of them together take a quarter of the available memory, and at most one gibibyte.
  func rows() throws -> [MemoryRow] {
    let vectorBytes = megabytes << 20
    guard vectorBytes <= availableBytes / 2 / threads else {
      throw CommandFailure(
        "\(counted(threads, "vector")) of \(size(vectorBytes)) would take too much of the \(size(availableBytes)) available"
      )
    }
    func row(_ policy: Policy, _ splitting: Splitting, _ iterations: Int) -> MemoryRow {
      MemoryRow(
        policy: policy, splitting: splitting, threads: threads, iterations: iterations, vectorBytes: vectorBytes,
        liveByteLimit: availableBytes / 2)
    }
    var rows = policies.map { policy in
      var row = row(policy, .onDemand, policy == .ownWork ? iterations : otherIterations)
      if policy == .anyWork {
        limit(&row)
      }
      return row
    }
    if policies.contains(.ownWork) {
      rows.append(row(.ownWork, .minimumBatch, otherIterations))
      rows.append(row(.ownWork, .inBlocks, otherIterations))
    }
    return rows
  }

  private func limit(_ row: inout MemoryRow) {
    let budget = min(1 << 30, availableBytes / 4)
    row.iterations = min(row.iterations, 1000)
    let share = budget / row.iterations
    if row.vectorBytes > share {
      // A round number, so that the table can name the size.
      let unit = share < 64 << 10 ? 1 << 10 : 64 << 10
      row.vectorBytes = max(share / unit, 1) * unit
    }
    row.liveByteLimit = budget
  }
}
