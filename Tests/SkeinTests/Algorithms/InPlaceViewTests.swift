import Skein
import Testing

/// What `parallel(in:)` lends does what `parallel` does, and a collection that lends no memory is changed all the same.
@Suite struct InPlaceViewTests {
  /// Keeps its elements where nobody can get at them.
  struct Sealed: RandomAccessCollection, MutableCollection, Sendable {
    private var elements: [Int]

    init(_ elements: [Int]) { self.elements = elements }
    var startIndex: Int { 10 }
    var endIndex: Int { 10 + elements.count }
    subscript(index: Int) -> Int {
      get { elements[index - 10] }
      set { elements[index - 10] = newValue }
    }
  }

  struct Refused: Error {}

  @Test func changesAnArrayInAPool() throws {
    let pool = try ThreadPool(threadCount: 2)
    let start = (0..<5000).map { $0 * 7919 % 5003 }
    var array = start
    array.parallel(in: pool).sort()
    #expect(array == start.sorted())
    array.parallel(in: pool).reverse()
    #expect(array == start.sorted(by: >))
    array.parallel(minimumBatch: 100).modifyEach { $0 += 1 }
    #expect(array == start.sorted(by: >).map { $0 + 1 })
    array.parallel(maximumBatch: 100).unstableSort()
    #expect(array == start.sorted().map { $0 + 1 })
    #expect(array.parallel(in: pool).rotate(toStartAt: 10) == 4990)
    #expect(array.parallel(in: pool).partition { $0 > 100 } == start.count { $0 < 100 })
    array.parallel(in: pool).removeAll { $0 > 100 }
    #expect(array.count == start.count { $0 < 100 })
    array.parallel(in: pool).fill(with: 0)
    #expect(array.allSatisfy { $0 == 0 })
    pool.shutdown()
  }

  @Test func changesACollectionThatLendsNoMemory() throws {
    let pool = try ThreadPool(threadCount: 2)
    var sealed = Sealed([3, 1, 2, 5, 4])
    var view = sealed.parallel(in: pool) as ParallelElements<Sealed>
    view.sort()
    sealed.parallel(in: pool).sort()
    #expect(Array(sealed) == [1, 2, 3, 4, 5])
    #expect(sealed.parallel(in: pool).partition { $0 < 3 } == 13)
    #expect(throws: Refused.self) {
      try sealed.parallel(in: pool).modifyEach { element throws(Refused) in
        if element < 10 { throw Refused() }
      }
    }
    #expect(Array(sealed).sorted() == [1, 2, 3, 4, 5])
    pool.shutdown()
  }
}
