import Skein
import Testing

extension InTurn {
  /// Sources × chains of adaptors × terminals, against the standard library.
  @Suite struct ChainTests {
    @Test(arguments: threadCounts)
    func everyTerminalGivesTheSequentialAnswer(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      withTimeout(.seconds(300)) {
        // From outside, each loop enters the pool, which takes most of its time.
        pool.run {
          for count in isSanitized ? [0, 2] : [0, 1, 2] { TerminalTable().visitSources(count, depth: 1, pool) }
        }
        if !isSanitized { TerminalTable().visitSources(17, depth: 1, pool) }
        let elements = mixedNumbers(isLong ? 100 : 11)
        TerminalTable().visitChains(
          of: elements.parallel(in: pool, maximumBatch: 2), elements, "array",
          depth: isLong || threads == 2 && !isSanitized ? 2 : 1)
      }
    }

    @Test(arguments: fewThreadCounts)
    func whatIsFoundOrGatheredIsTheSequentialAnswer(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      withTimeout(.seconds(300)) {
        pool.run {
          for count in isSanitized ? [2] : [0, 1, 2, 17] { GatheringTable().visitSources(count, depth: 1, pool) }
          if isLong {
            let elements = mixedNumbers(100)
            GatheringTable().visitChains(of: elements.parallel(in: pool, maximumBatch: 2), elements, "array", depth: 2)
          }
        }
      }
    }

    @Test(arguments: isSanitized ? [3] : [2, 8])
    func limitsOfBatchesChangeNothing(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let limits = [
        BatchLimits(maximum: 1), BatchLimits(minimum: 5), BatchLimits(minimum: 2, maximum: 3),
        // A maximum below the minimum.
        BatchLimits(minimum: 4, maximum: 2),
      ]
      withTimeout(.seconds(300)) {
        pool.run {
          for limits in limits {
            TerminalTable().visitSources(isSanitized ? 4 : 13, depth: isSanitized ? 0 : 1, pool, limits)
            GatheringTable().visitSources(isSanitized ? 4 : 13, depth: isLong ? 1 : 0, pool, limits)
          }
        }
      }
    }

    @Test @available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *)
    func inlineArrays() throws {
      let pool = try ThreadPool(threadCount: 3)
      withTimeout(.seconds(300)) {
        TerminalTable().visitInlineArray(depth: 1, pool)
        GatheringTable().visitInlineArray(depth: isSanitized ? 0 : 1, pool)
        SplitTable().visitInlineArray(depth: 1, pool)
      }
    }

    /// The blocks of a reduction grow, so that the last one has room for more than there is.
    @Test(arguments: fewThreadCounts)
    func chainsWithPlainSequencesAreReducedInWholeBlocks(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      withTimeout(.seconds(300)) {
        for (first, second) in [(0, 20), (1, 20), (20, 0), (31, 1), (700, 1000), (1000, 700), (20_000, 3)] {
          let arrays = (Array(0..<first), Array(first..<first + second))
          let plain = Pulled(first).parallel(in: pool)
          func check<Chain: ParallelSequence>(_ chain: Chain) where Chain.Element == Int, Chain.Failure == Never {
            let all = arrays.0 + arrays.1
            #expect(chain.map { [$0] }.reduce([], +) == all)
            #expect(
              chain.reduce(into: []) {
                $0.append($1)
              } combine: {
                $0 += $1
              } == all)
            #expect(chain.map { Double($0) }.sum() == Double(all.reduce(0, +)))
            #expect(chain.inEachBatch { $0.sum() } == all.reduce(0, +))
          }
          check(chain(plain, arrays.1.parallel))
          check(chain(arrays.0.parallel(in: pool), Pulled(second).parallel.map { $0 + first }))
          check(chain(chain(plain, arrays.1.prefix(1).parallel), arrays.1.dropFirst().parallel))
        }
      }
    }

    @Test func blocksOfAnUnknownNumberTrap() async {
      let blocks = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = chain((0..<9).parallel.inBlocks(ofCount: 2), Pulled(3).parallel)
      }
      #expect(message(blocks).contains("a loop in blocks needs to know how many elements there are"))
    }

    @Test func everyLeafCanBeDividedAnywhere() throws {
      let pool = try ThreadPool(threadCount: 1)
      withTimeout(.seconds(300)) {
        for count in [0, 1, 2, 9] { SplitTable().visitSources(count, depth: 1, pool) }
        let elements = mixedNumbers(5)
        SplitTable().visitChains(of: elements.parallel(in: pool), elements, "array", depth: 2)
      }
    }
  }
}
