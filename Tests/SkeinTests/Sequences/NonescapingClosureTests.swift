import Skein
import Testing

/// Closures that a function has as parameters, without marking them as escaping, are taken by the terminals that run at once.
@Suite struct NonescapingClosureTests {
  private let numbers = Array(0..<10_000)

  private struct Found: Error, Equatable { let number: Int }

  private func check(
    visit: @Sendable (Int) -> Void, combine: @Sendable (Int, Int) -> Int, isWanted: @Sendable (Int) -> Bool,
    change: @Sendable (inout Int) -> Void, fold: @Sendable (inout [Int], Int) -> Void,
    join: @Sendable (inout [Int], [Int]) -> Void, in pool: ThreadPool
  ) {
    numbers.parallel(in: pool).forEach(visit)
    // (Not in the macro, whose expansion lets its arguments escape.)
    let sums = (numbers.parallel(in: pool).reduce(combine), numbers.parallel(in: pool).reduce(5, combine))
    #expect(sums == (numbers.reduce(0, +), numbers.reduce(5, +)))
    let (isThere, isEverywhere) = (
      numbers.parallel(in: pool).contains(where: isWanted), numbers.parallel(in: pool).allSatisfy(isWanted)
    )
    #expect(isThere && !isEverywhere)
    var changed = numbers
    changed.parallel(in: pool).modifyEach(change)
    #expect(changed == numbers.map { $0 + 1 })
    changed.parallel.modifyEach(change)
    #expect(changed == numbers.map { $0 + 2 })
    let rests = numbers.parallel(in: pool).map { $0 % 7 }.reduce(into: [], fold, combine: join)
    #expect(rests == numbers.map { $0 % 7 })
  }

  @Test(arguments: [1, 2, 8])
  func theyAreCalled(_ threadCount: Int) throws {
    let pool = try ThreadPool(threadCount: threadCount)
    let marks = Marks(numbers.count)
    check(
      visit: { marks.mark($0) }, combine: { $0 + $1 }, isWanted: { $0 == 7777 }, change: { $0 += 1 },
      fold: { $0.append($1) }, join: { $0 += $1 }, in: pool)
    #expect(marks.everyOnce)
  }

  private func checkInPlace(
    change: @Sendable (inout Int) -> Void, changeNumbered: @Sendable (Int, inout Int) -> Void,
    changeChunk: @Sendable (Int, inout MutableSpan<Int>) -> Void, order: @Sendable (Int, Int) -> Bool,
    isWanted: @Sendable (Int) -> Bool, in pool: ThreadPool
  ) {
    let found = (
      numbers.parallel(in: pool).first(where: isWanted), numbers.parallel(in: pool).count(where: isWanted)
    )
    #expect(found == (7777, 1))
    var changed = numbers
    changed.parallel(in: pool).enumerated().modifyEach(changeNumbered)
    #expect(changed == numbers.map { 2 * $0 })
    changed.parallel.enumerated().modifyEach(changeNumbered)
    changed.parallel(in: pool).modifyEach(chunksOf: 7, changeChunk)
    changed.parallel.modifyEach(chunksOf: 7, changeChunk)
    #expect(changed == numbers.map { 3 * $0 + 2 * ($0 / 7) })
    unsafe changed.withUnsafeMutableBufferPointer { elements in
      unsafe elements.parallel(in: pool).modifyEach(change)
      unsafe elements.parallel(in: pool).modifyEach(chunksOf: 7, changeChunk)
    }
    #expect(changed == numbers.map { 3 * $0 + 3 * ($0 / 7) + 1 })
    changed = numbers.reversed()
    changed.parallel(in: pool).sort(by: order)
    #expect(changed == numbers)
    changed.reverse()
    changed.parallel.sort(by: order)
    #expect(changed == numbers)
    if #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) {
      var inline: InlineArray<9, Int> = .init { $0 }
      inline.parallel.modifyEach(change)
      inline.parallel.modifyEach(chunksOf: 7, changeChunk)
      #expect(inline.indices.map { inline[$0] } == [1, 2, 3, 4, 5, 6, 7, 9, 10])
    }
  }

  @Test(arguments: [1, 2, 8])
  func theyChangeElementsInPlace(_ threadCount: Int) throws {
    checkInPlace(
      change: { $0 += 1 }, changeNumbered: { $1 += $0 },
      changeChunk: { index, chunk in for place in chunk.indices { chunk[place] += index } },
      order: { $0 < $1 }, isWanted: { $0 == 7777 }, in: try ThreadPool(threadCount: threadCount))
  }

  private func thrown<E: Error>(_ body: () throws(E) -> Void) -> E? {
    do throws(E) {
      try body()
      return nil
    } catch {
      return error
    }
  }

  private func errors<E: Error>(
    visit: @Sendable (Int) throws(E) -> Void, combine: @Sendable (Int, Int) throws(E) -> Int,
    isWanted: @Sendable (Int) throws(E) -> Bool, isOther: @Sendable (Int) throws(E) -> Bool,
    change: @Sendable (inout Int) throws(E) -> Void
  ) -> [E?] {
    var changed = numbers
    return [
      thrown { () throws(E) in try numbers.parallel.forEach(visit) },
      thrown { () throws(E) in _ = try numbers.parallel.reduce(combine) },
      thrown { () throws(E) in _ = try numbers.parallel.contains(where: isWanted) },
      thrown { () throws(E) in _ = try numbers.parallel.allSatisfy(isOther) },
      thrown { () throws(E) in try changed.parallel.modifyEach(change) },
    ]
  }

  @Test func theirErrorsReachTheCaller() {
    @Sendable func find(_ number: Int) throws(Found) -> Bool {
      if number >= 5000 { throw Found(number: 5000) }
      return false
    }
    let found = errors(
      visit: { (number) throws(Found) in _ = try find(number) },
      combine: { (first, second) throws(Found) in try find(max(first, second)) ? 0 : max(first, second) },
      isWanted: find, isOther: { (number) throws(Found) in try !find(number) },
      change: { (number) throws(Found) in _ = try find(number) })
    #expect(found == Array(repeating: Found(number: 5000), count: 5))
  }
}
