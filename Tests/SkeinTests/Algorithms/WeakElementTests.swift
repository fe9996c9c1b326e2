import Skein
import Testing

/// An element with a weak reference, and a strong one by which lives are counted.
private struct Watcher: AnchoredElement {
  let key: Int
  let serial: Int
  weak let watched: LifeTracked?
  let life: LifeTracked

  var isSound: Bool { watched?.value == serial && life.value == serial }
}

/// What is watched.
private final class Watched {
  let lives = Lives()
  var all: [LifeTracked]

  init(count: Int) { all = (0..<count).map { [lives] in LifeTracked($0, lives) } }

  func watcher(_ key: Int, _ serial: Int) -> Watcher {
    Watcher(key: key, serial: serial, watched: all[serial], life: LifeTracked(serial, lives))
  }
}

/// Calls `body` in a pool with something to watch, and looks whether all lives have ended afterwards.
private func withWatched(_ threads: Int, count: Int, _ body: @Sendable (Watched) -> Void) throws {
  let pool = try ThreadPool(threadCount: threads)
  let lives = withTimeout(.seconds(300)) {
    pool.run {
      let watched = Watched(count: count)
      body(watched)
      return watched.lives
    }
  }
  pool.shutdown()
  #expect(lives.alive == 0)
}

extension InTurn {
  /// Elements that may not be moved by their bits, for they have weak references.
  @Suite struct WeakElementTests {
    @Test(arguments: inPlaceThreadCounts)
    func comeWellThroughEveryAlgorithm(_ threads: Int) throws {
      #expect(!_isBitwiseTakable(Watcher.self))
      var generator = SeededGenerator(seed: newSeed())
      // The last is sorted in parallel.
      for (number, count) in [0, 1, 2, 3, 8, 31, 33, 64, 200, 1025, 5000].enumerated() {
        let input = number < 8 ? Input.allCases[number] : .random
        let keys = input.values(count, &generator)
        try withWatched(threads, count: count) {
          expectSoundMoves(keys, "\(input) of \(count), \(threads) threads", $0.watcher)
        }
      }
    }

    @Test(arguments: inPlaceThreadCounts)
    func areAllThereAfterAnError(_ threads: Int) throws {
      var generator = SeededGenerator(seed: newSeed())
      for count in [2, 5, 33, 200, 5000] {
        let keys = Input.random.values(count, &generator)
        try withWatched(threads, count: count) { expectEveryElementAfterErrors(keys, $0.watcher) }
      }
    }

    @Test(arguments: inPlaceThreadCounts)
    func noticeWhenWhatTheyWatchIsGone(_ threads: Int) throws {
      // More than are shuffled without buckets, or brought to their places in one part.
      let count = 20_000
      try withWatched(threads, count: count) { watched in
        var watchers = (0..<count).map { watched.watcher($0 * 7919 % count, $0) }
        watchers.parallel.sort()
        watched.all.removeSubrange((count / 2)...)
        #expect(watchers.allSatisfy { $0.watched?.value == ($0.serial < count / 2 ? $0.serial : nil) })
        watchers.parallel.unstableSort { $0.serial > $1.serial }
        watchers.parallel.shuffle(seed: 3)
        watchers.parallel.stablePartition { $0.watched == nil }
        #expect(watchers[..<(count / 2)].allSatisfy { $0.isSound })
        #expect(watchers[(count / 2)...].allSatisfy { $0.watched == nil })
        watched.all = []
        watchers.parallel.reverse()
        #expect(watchers.allSatisfy { $0.watched == nil })
        #expect(watched.lives.alive == count)
      }
    }
  }
}
