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

    /// It cannot throw, so a task that is cancelled while the condition is asked about does not end it.
    @Test func removesAllInACancelledTask() async throws {
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
      #expect(remaining.value == 0)
    }

    /// Elements of 96 bytes: several waves, and several blocks in each, also where a wave is large. A condition that may throw takes
    /// another way to the same result.
    @Test(arguments: inPlaceThreadCounts)
    func removesInWaves(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let array = (0..<threads * 25_000).map { Broad(number: CountedHash.mix($0)) }
      for share in isSanitized ? [500] : [0, 10, 500, 990, 1000] {
        let expected = array.filter { $0.number % 1000 >= share }.map(\.number)
        var ours = array
        pool.run { ours.parallel.removeAll { $0.number % 1000 < share } }
        #expect(ours.map(\.number) == expected, "\(share) of 1000")
        var asked = array
        try pool.run {
          try asked.parallel.removeAll { broad in
            if broad.number < 0 { throw TestError(broad.number) }
            return broad.number % 1000 < share
          }
        }
        #expect(asked.map(\.number) == expected, "\(share) of 1000, the condition may throw")
      }
      var untouched = array
      let last = array.last!.number
      #expect(throws: TestError(last)) {
        try pool.run {
          try untouched.parallel.removeAll { broad in
            if broad.number == last { throw TestError(last) }
            return true
          }
        }
      }
      #expect(untouched.map(\.number) == array.map(\.number))
    }

    /// It cannot throw, so it does not end early.
    @Test(arguments: inPlaceThreadCounts)
    func goesToItsEndWhenCancelled(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      let count = threads * 40_000
      let (reached, released) = (Flag(), Flag())
      let task = Task {
        await pool.run { () -> [Int] in
          var array = (0..<count).map { Broad(number: $0) }
          array.parallel.removeAll { broad in
            if broad.number == count / 2 {
              reached.set()
              while !released.isSet { sleep(for: .milliseconds(1)) }
            }
            return broad.number % 2 == 0
          }
          return array.map(\.number)
        }
      }
      while !reached.isSet { try await Task.sleep(for: .milliseconds(1)) }
      task.cancel()
      released.set()
      let left = await task.value
      #expect(left == Array(stride(from: 1, to: count, by: 2)))
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

/// Plain bytes, too many for each to be copied without asking.
private struct Broad {
  let number: Int
  let rest: (Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int)

  init(number: Int) {
    self.number = number
    rest = (number, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
  }
}

/// Numbers that look random, made from places.
enum CountedHash {
  static func mix(_ place: Int) -> Int {
    var generator = SeededGenerator(seed: UInt64(place))
    return Int(truncatingIfNeeded: generator.next() >> 1)
  }
}
