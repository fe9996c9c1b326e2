internal import Synchronization

/// Large rings that no fork deque of a pool needs at the moment.
///
/// A worker that spawns a great number of tasks into a scope needs a ring for all of them until the scope ends. The next
/// such scope may be another worker's. So a pool has large rings for as many workers as have needed one at the same
/// time, not for each, and a worker does not wait for the system to provide pages that another has already.
final class LargeRings: Sendable {
  /// The number of cells of the smallest ring that is left to other workers.
  let leastCapacity: Int
  private let unused = Mutex<[ForkRing]>([])

  init(leastCapacity: Int = 4096) { self.leastCapacity = leastCapacity }

  deinit {
    for ring in unused.withLock(\.self) { ring.free() }
  }

  /// Takes the smallest one that has as many cells, which are like those of a new ring: whoever leaves it clears them all.
  func take(ofAtLeast capacity: Int) -> ForkRing? {
    if capacity < leastCapacity { return nil }
    return unused.withLock { rings in
      let fitting = rings.indices.filter { rings[$0].capacity >= capacity }
      return fitting.min { rings[$0].capacity < rings[$1].capacity }.map { rings.remove(at: $0) }
    }
  }

  /// Leaves rings that their deque needs no more.
  func leave(_ rings: ArraySlice<ForkRing>) {
    for ring in rings { ring.clear() }
    unused.withLock { $0 += rings }
  }
}
