import Anchored
import Skein
import SkeinDeque
import Testing

/// A C++ value in one of Swift's.
private struct CxxElement: AnchoredElement {
  let anchored: Anchored

  init(_ key: Int, _ serial: Int) { anchored = Anchored(key, serial) }

  var key: Int { anchored.key }
  var serial: Int { anchored.serial }
  var isSound: Bool { anchored.isSound() }
}

/// Elements of a C++ type that notices when it is moved by its bits.
@Suite(.serialized) struct CxxElementTests {
  private func keys(_ count: Int) -> [Int] { (0..<count).map { $0 &* 0x9E37_79B9 % 1009 } }

  private func expectNoneLeft() {
    #expect(Anchored.aliveCount() == 0)
    #expect(Anchored.misplacedCount() == 0)
  }

  @Test(arguments: [1, 2, 3, 8])
  func comeWellThroughEveryAlgorithm(_ threads: Int) throws {
    #expect(!_isBitwiseTakable(CxxElement.self))
    let pool = try ThreadPool(threadCount: threads)
    for count in [0, 1, 2, 3, 8, 31, 33, 64, 200, 1025, 17_000] {
      pool.run { expectSoundMoves(keys(count), "\(count) elements, \(threads) threads", CxxElement.init) }
      expectNoneLeft()
    }
  }

  @Test(arguments: [1, 2, 3, 8])
  func areAllThereAfterAnError(_ threads: Int) throws {
    let pool = try ThreadPool(threadCount: threads)
    for count in [2, 5, 33, 200, 6000] {
      pool.run { expectEveryElementAfterErrors(keys(count), CxxElement.init) }
      expectNoneLeft()
    }
  }

  /// As a concrete type, which in a release is not the same code.
  @Test func sortedAsAConcreteType() {
    do {
      var elements = keys(10_000).enumerated().map { Anchored($1, $0) }
      elements.parallel.sort { $0.key < $1.key }
      #expect(elements.isSorted && elements.allSatisfy { $0.isSound() })
      elements.parallel.shuffle(seed: 1)
      elements.parallel.unstableSort { $0.key < $1.key }
      #expect(elements.isSorted && elements.allSatisfy { $0.isSound() })
    }
    expectNoneLeft()
  }

  @Test func throughADequeAndAQueue() {
    do {
      var deque = WorkStealingDeque<Anchored>(order: .lifo, minimumCapacity: 2)
      var into = WorkStealingDeque<Anchored>(order: .fifo, minimumCapacity: 2)
      let queue = InjectionQueue<Anchored>()
      for number in 0..<100 {
        deque.push(Anchored(0, number))
        queue.push(Anchored(1, number))
      }
      _ = deque.stealer.steal(upTo: 8, into: &into)
      _ = queue.steal(upTo: 8, into: &into)
      for number in (0..<8).reversed() + Array(0..<8) {
        let element = into.pop()
        #expect(element?.isSound() == true && element?.serial == number)
      }
      for number in (20..<100).reversed() {
        let element = deque.pop()
        #expect(element?.isSound() == true && element?.serial == number)
      }
    }
    expectNoneLeft()
  }
}

extension [Anchored] {
  fileprivate var isSorted: Bool { zip(self, dropFirst()).allSatisfy { $0.key <= $1.key } }
}
