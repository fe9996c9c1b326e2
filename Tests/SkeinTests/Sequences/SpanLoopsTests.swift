import Skein
import Testing

extension InTurn {
  /// Loops over spans see each element once, at its place.
  @Suite struct SpanLoopsTests {
    private let counts = [0, 1, 2, 7, 97, 1009, 20_011]

    @Test(arguments: threadCounts)
    func everyElementIsInOneSpan(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for count in counts {
        for maximumBatch in [1, 100, Int.max] where maximumBatch > 1 || count < 2000 {
          let array = (0..<count).map { $0 &* 7 % 1013 }
          let source = array.parallel(in: pool, maximumBatch: maximumBatch)
          let visits = (0..<count).map { _ in Counter() }
          source.forEachSpan { span, offset in
            for index in span.indices where span[index] == array[offset + index] { visits[offset + index].add() }
          }
          #expect(visits.allSatisfy { $0.value == 1 })
          let mapped = source.mapSpans { (span, output: inout OutputSpan<String>) in
            for index in span.indices { output.append("\(span[index])") }
          }
          #expect(mapped == array.map { "\($0)" })
          let folded = source.reduceSpans(into: [Int]()) { values, span, offset in
            for index in span.indices { values.append(span[index] ^ (offset + index)) }
          } combine: {
            $0 += $1
          }
          #expect(folded == array.enumerated().map { $0.element ^ $0.offset })
          var changed = array
          changed.parallel(in: pool, maximumBatch: maximumBatch).modifyEachSpan { span, offset in
            for index in span.indices { span[index] = span[index] &* 3 ^ (offset + index) }
          }
          #expect(changed == array.enumerated().map { $0.element &* 3 ^ $0.offset })
        }
      }
    }

    /// Spans of a part, of a copied part, and of a text are the elements at their places.
    @Test(arguments: fewThreadCounts)
    func spansOfPartsAndOfText(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      func check<Source: ParallelSpanned>(_ source: Source, _ expected: [Source.Element]) where Source.Element == Int {
        #expect(source.mapSpans { (span, output: inout OutputSpan<Int>) in append(span, to: &output) } == expected)
        let pairs = source.reduceSpans(into: [Int]()) { pairs, span, offset in
          for index in span.indices { pairs.append(span[index] ^ (offset + index)) }
        } combine: {
          $0 += $1
        }
        #expect(pairs == expected.enumerated().map { $0.element ^ $0.offset })
      }
      for count in [0, 1, 5, 1009, 20_011] {
        let array = (0..<count).map { $0 &* 7 % 1013 }
        let source = array.parallel(in: pool, maximumBatch: 100)
        check(source.prefix(count / 2), Array(array.prefix(count / 2)))
        check(source.dropFirst(3).dropLast(2), Array(array.dropFirst(3).dropLast(2)))
        check(source.suffix(7).batched(maximum: 2), array.suffix(7))
        check((0..<count).parallel(in: pool).dropFirst(count / 3), Array((0..<count).dropFirst(count / 3)))
        let text = String(repeating: "añ", count: count)
        let total = text.utf8.parallel(in: pool).reduceSpans(into: 0) { sum, span, _ in
          for index in span.indices { sum += Int(span[index]) }
        } combine: {
          $0 += $1
        }
        #expect(total == text.utf8.reduce(0) { $0 + Int($1) })
      }
      @Sendable func append(_ span: Span<Int>, to output: inout OutputSpan<Int>) {
        for index in span.indices { output.append(span[index]) }
      }
    }

    /// Sources that are no collections have slices like those of an array.
    @Test func slicesOfBuffersSpansAndInlineArrays() throws {
      let array = [1, 2, 2, 5, 0, 7, 7, 7]
      func check(_ source: some ParallelSliceable<Int>) {
        #expect(Array(source.windows(ofCount: 3).map { Array($0) }) == (0...5).map { Array(array[$0..<$0 + 3]) })
        #expect(Array(source.chunks(ofCount: 3).map { $0.count }) == [3, 3, 2])
        #expect(Array(source.chunked { $0 == $1 }.map { Array($0) }) == [[1], [2, 2], [5], [0], [7, 7, 7]])
        #expect(Array(source.split { $0 == 0 }.map { $0.count }) == [4, 3])
        #expect(Array(source.split(separator: 2, omittingEmptySubsequences: false).map { $0.count }) == [1, 0, 5])
      }
      unsafe array.withUnsafeBufferPointer { check(unsafe $0.parallel) }
      var changed = array
      unsafe changed.withUnsafeMutableBufferPointer { check(unsafe $0.parallel(minimumBatch: 2)) }
      array.span.withParallel { check($0) }
      let inline: InlineArray<8, Int> = [1, 2, 2, 5, 0, 7, 7, 7]
      check(inline.parallel)
    }

    @Test func lentSpansAndInlineArrays() throws {
      let pool = try ThreadPool(threadCount: 3)
      let array = (0..<5000).map { $0 * 7 }
      let sum: Int = array.span.withParallel(in: pool) { elements in
        elements.reduceSpans(into: 0 as Int) { sum, span, _ in
          for index in span.indices { sum += span[index] }
        } combine: {
          $0 += $1
        }
      }
      #expect(sum == array.reduce(0, +))
      let inline: InlineArray<4, Int> = [1, 2, 3, 4]
      let squares = inline.parallel(in: pool).mapSpans { (span, output: inout OutputSpan<Int>) in
        for index in span.indices { output.append(span[index] * span[index]) }
      }
      #expect(squares == [1, 4, 9, 16])
    }

    /// Slices, buffers, and collections whose elements lie nowhere.
    @Test func everySource() throws {
      let pool = try ThreadPool(threadCount: 3)
      @Sendable func add(_ sum: inout Int, _ span: Span<Int>, _ offset: Int) {
        for index in span.indices { sum += span[index] &* (offset + index) }
      }
      for count in [0, 1, 5, 1024, 1025, 5000] {
        let array = Array(0..<count)
        let expected = array.reduce(0) { $0 + $1 &* $1 }
        #expect(array.parallel(in: pool).reduceSpans(into: 0, add) { $0 += $1 } == expected)
        #expect(([7] + array)[1...].parallel(in: pool).reduceSpans(into: 0, add) { $0 += $1 } == expected)
        #expect(ContiguousArray(array).parallel(in: pool).reduceSpans(into: 0, add) { $0 += $1 } == expected)
        #expect((0..<count).parallel(in: pool).reduceSpans(into: 0, add) { $0 += $1 } == expected)
        let doubled = (0..<count).parallel(in: pool).mapSpans { (span, output: inout OutputSpan<Int>) in
          for index in span.indices { output.append(span[index] * 2) }
        }
        #expect(doubled == array.map { $0 * 2 })
        var copy = array
        unsafe copy.withUnsafeMutableBufferPointer { buffer in
          #expect(unsafe buffer.parallel(in: pool).reduceSpans(into: 0, add) { $0 += $1 } == expected)
          unsafe buffer.parallel(in: pool).modifyEachSpan { span, _ in
            for index in span.indices { span[index] += 1 }
          }
        }
        #expect(copy == array.map { $0 + 1 })
        copy.parallel.modifyEachSpan { span, _ in
          for index in span.indices { span[index] -= 1 }
        }
        #expect(copy == array)
      }
    }

    /// L2: the blocks depend on the length alone.
    @Test func reductionsHaveTheSameBits() throws {
      let values = (0..<100_003).map { 1 / Double($0 + 1) }
      var bits: Set<UInt64> = []
      for threads in fewThreadCounts {
        let pool = try ThreadPool(threadCount: threads)
        for _ in 0..<4 {
          let sum = values.parallel(in: pool).reduceSpans(into: 0.0) { sum, span, _ in
            for index in span.indices { sum += span[index] }
          } combine: {
            $0 += $1
          }
          bits.insert(sum.bitPattern)
        }
      }
      #expect(bits.count == 1)
    }

    /// L3: the first error in order, and nothing that was made is lost.
    @Test(arguments: threadCounts)
    func theFirstErrorIsThrown(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for (count, bad) in [(1, 0), (7, 0), (7, 6), (97, 48), (1009, 1), (5003, 5002)] {
        let source = (0..<count).parallel(in: pool, maximumBatch: 64)
        let expected = TestError(bad)
        @Sendable func look(at span: Span<Int>) throws(TestError) {
          for index in span.indices where span[index] >= bad { throw TestError(span[index]) }
        }
        #expect(throws: expected) { try source.forEachSpan { (span, _) throws(TestError) in try look(at: span) } }
        #expect(throws: expected) {
          _ = try source.reduceSpans(into: 0) { (_, span, _) throws(TestError) in
            try look(at: span)
          } combine: { (_, _) throws(TestError) in
          }
        }
        let lives = Lives()
        #expect(throws: expected) {
          _ = try source.mapSpans { (span, output: inout OutputSpan<LifeTracked>) throws(TestError) in
            for index in span.indices {
              if span[index] >= bad { throw TestError(span[index]) }
              output.append(LifeTracked(span[index], lives))
            }
          }
        }
        #expect(lives.alive == 0)
        var array = Array(0..<count)
        #expect(throws: expected) {
          try array.parallel(in: pool).modifyEachSpan { (span, offset) throws(TestError) in
            for index in span.indices {
              if offset + index >= bad { throw TestError(offset + index) }
              span[index] = -1
            }
          }
        }
        #expect(array[..<bad].allSatisfy { $0 == -1 })
      }
    }

    @Test func tooFewElementsTrap() async {
      let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = [1, 2, 3].parallel.mapSpans { (_, _: inout OutputSpan<Int>) in }
      }
      #expect(message(result).contains("mapSpans wants as many elements"))
    }
  }
}
