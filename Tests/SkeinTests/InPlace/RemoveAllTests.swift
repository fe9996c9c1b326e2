import Skein
import Testing

extension InTurn {
  @Suite struct RemoveAllTests {
    @Test func leavesWhatTheStandardLibraryLeaves() throws {
      try withInputs { pool, values, label in
        for modulus in [1, 3, 50] {
          var ours = Placed.array(values)
          var theirs = ours
          pool.run { ours.parallel.removeAll { $0.key % modulus == 0 } }
          theirs.removeAll { $0.key % modulus == 0 }
          #expect(ours == theirs, "\(label)")
        }
        let before = values.map { "\($0)" }
        var strings = before
        pool.run { strings.parallel.removeAll { $0.utf8.count % 2 == 0 } }
        #expect(strings == before.filter { $0.utf8.count % 2 != 0 }, "\(label)")
      }
    }

    @Test(arguments: inPlaceThreadCounts)
    func removesManyAndFewOfALargeArray(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let count = elements(1_000_000)
      let values = (0..<count).map { CountedHash.mix($0) }
      // Out of 1000: none, few, half, nearly all, all.
      for share in [0, 1, 100, 500, 1000] {
        var array = values
        pool.run { array.parallel.removeAll { $0 % 1000 < share } }
        #expect(array == values.filter { $0 % 1000 >= share }, "\(share) of 1000")
      }
      // All that is removed lies at one end, or in the middle.
      for range in [0..<count / 3, count / 3..<count / 2, count / 2..<count] {
        var array = Array(0..<count)
        pool.run { array.parallel.removeAll { range.contains($0) } }
        #expect(array == Array(0..<range.lowerBound) + Array(range.upperBound..<count))
      }
    }

    /// A task that is cancelled while the condition is asked about leaves the array alone.
    @Test func removesNothingWhenCancelled() async throws {
      let pool = try ThreadPool(threadCount: 2)
      let (started, released, remaining) = (Flag(), Flag(), Counter())
      let task = Task {
        await pool.run { () -> Void in
          var array = Array(0..<100_000)
          array.parallel.removeAll { _ in
            started.set()
            while !released.isSet { sleep(for: .milliseconds(1)) }
            return true
          }
          remaining.add(array.count)
        }
      }
      while !started.isSet { try await Task.sleep(for: .milliseconds(1)) }
      task.cancel()
      released.set()
      await task.value
      #expect(remaining.value == 100_000)
    }

    @Test(arguments: inPlaceThreadCounts)
    func worksOnSlicesAndKeepsTheCapacity(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      var slice = Array(0..<100)[30..<90]
      pool.run { slice.parallel.removeAll { $0 % 2 == 0 } }
      #expect(Array(slice) == (30..<90).filter { $0 % 2 == 1 })
      #expect(slice.startIndex == 30)
      var array = Array(0..<5000)
      let (address, capacity) = unsafe (array.withUnsafeBufferPointer { $0.baseAddress }, array.capacity)
      pool.run { array.parallel.removeAll { $0 % 2 == 0 } }
      #expect(array.capacity == capacity)
      let sameAddress = unsafe array.withUnsafeBufferPointer { unsafe $0.baseAddress == address }
      #expect(sameAddress)
      // The view knows its new length.
      var view = array.parallel
      view.removeAll { $0 < 1001 }
      #expect(view.count == 2000)
      #expect(view.sum() == (1001..<5000).filter { $0 % 2 == 1 }.reduce(0, +))
    }

    @Test func throwsTheFirstErrorAndRemovesNothing() throws {
      for threads in inPlaceThreadCounts {
        let pool = try ThreadPool(threadCount: threads)
        for count in [1, 2, 40, 3000] {
          for position in stride(from: 0, to: count, by: max(1, count / 40)) {
            withLives(Array(0..<count)) { array in
              let before = array.map { ObjectIdentifier($0) }
              #expect(throws: TestError(position)) {
                try pool.run { () throws(TestError) in
                  try array.parallel.removeAll { element throws(TestError) in
                    if element.value >= position { throw TestError(element.value) }
                    return element.value % 2 == 0
                  }
                }
              }
              #expect(array.map { ObjectIdentifier($0) } == before)
            }
          }
        }
      }
    }

    @Test func destroysWhatIsRemovedAndNothingElse() throws {
      try withInputs(upTo: 70, and: [3000]) { pool, values, label in
        withLives(values) { array in
          pool.run { array.parallel.removeAll { $0.value % 3 == 1 } }
          #expect(array.map(\.value) == values.filter { $0 % 3 != 1 }, "\(label)")
        }
      }
    }
  }
}

/// Numbers that look random, made from places.
enum CountedHash {
  static func mix(_ place: Int) -> Int {
    var generator = SeededGenerator(seed: UInt64(place))
    return Int(truncatingIfNeeded: generator.next() >> 1)
  }
}
