import Skein
import Testing

extension InTurn {
  /// Sorting by keys that are computed once.
  @Suite struct SortOnTests {
    @Test func eachKeyIsComputedOnce() throws {
      let seed = newSeed()
      for threads in sortThreadCounts {
        let pool = try ThreadPool(threadCount: threads)
        for count in isSanitized ? [0, 2, 33, 1000] : [0, 1, 2, 33, 1000, 5000] {
          let wide = Wide.make(SortInput.fewDistinct.numbers(count, seed: seed))
          let expected = wide.sorted { $0.key < $1.key }
          let calls = Counter()
          pool.run {
            var array = wide
            array.parallel.sort(on: { (element: Wide) -> Int in
              calls.add()
              return element.key
            })
            #expect(array == expected)
            array = wide
            array.parallel.sort(on: { "\($0.key)" })
            #expect(array == wide.sorted { "\($0.key)" < "\($1.key)" })
            array = wide
            array.parallel.sort(on: \.key)
            #expect(array == expected)
            array.parallel.sort(on: { -Double($0.key) })
            #expect(array == expected.sorted { $0.key > $1.key })
          }
          // A single element is in order whatever its key.
          #expect(calls.value == (count > 1 ? count : 0))
        }
      }
    }

    @Test func theErrorIsTheFirstInOrder() throws {
      let wide = Wide.make(SortInput.random.numbers(3000, seed: newSeed()))
      for threads in sortThreadCounts {
        let pool = try ThreadPool(threadCount: threads)
        for first in [0, 1, 1499, 2999] {
          var array = wide
          pool.run { () -> Void in
            #expect(throws: TestError(first)) {
              try array.parallel.sort(on: { (element: Wide) throws(TestError) -> Int in
                if element.serial >= first { throw TestError(element.serial) }
                return element.key
              })
            }
          }
          #expect(array == wide)
        }
      }
    }

    @Test func elementsThatCountTheirLives() throws {
      let pool = try ThreadPool(threadCount: 3)
      let lives = Lives()
      do {
        var array = SortInput.random.numbers(5000, seed: newSeed()).map { LifeTracked($0, lives) }
        let expected = array.map(\.value).sorted()
        pool.run { array.parallel.sort(on: { $0.value }) }
        #expect(array.map(\.value) == expected)
        pool.run { array.parallel.sort { $0.value > $1.value } }
        pool.run { array.parallel.unstableSort { $0.value < $1.value } }
        #expect(array.map(\.value) == expected)
        #expect(lives.alive == 5000 && lives.bornCount == 5000)
      }
      #expect(lives.alive == 0)
    }

    @Test func sortedFormsOfAnySequence() throws {
      let pool = try ThreadPool(threadCount: 3)
      let numbers = SortInput.random.numbers(3000, seed: newSeed()).map { $0 % 1000 }
      let view = numbers.parallel(in: pool)
      #expect(view.sorted() == numbers.sorted())
      #expect(view.sorted(by: >) == numbers.sorted(by: >))
      #expect(view.filter { $0 > 0 }.map { -$0 }.sorted() == numbers.filter { $0 > 0 }.map { -$0 }.sorted())
      #expect(
        view.map { Tagged(key: $0 / 10, serial: $0) }.sorted(on: \.key)
          == numbers.map { Tagged(key: $0 / 10, serial: $0) }.sorted { $0.key < $1.key })
      #expect((0..<100).parallel.sorted(on: { -$0 }) == (0..<100).reversed())
      #expect(throws: TestError(5)) {
        try view.sorted { (_, _) throws(TestError) in throw TestError(5) }
      }
      #expect(throws: TestError(7)) {
        try (0..<100).parallel.map { number throws(TestError) in
          if number >= 7 { throw TestError(number) }
          return number
        }.sorted()
      }
    }
  }
}
