import Skein
import Testing

extension InTurn {
  /// Splittings and trees.
  @Suite struct ExpansionTests {
    private static func children(_ node: (id: Int, depth: Int)) -> [(id: Int, depth: Int)] {
      node.depth == 0 ? [] : (0..<node.id % 4).map { (node.id &* 5 &+ $0 &+ 1 & 0xffff, node.depth - 1) }
    }

    @Sendable private static func next(_ number: Int) -> [Int] { number < 10_000 ? [number + 1] : [] }

    private static func walk(_ node: (id: Int, depth: Int)) -> [Int] {
      [node.id] + children(node).flatMap { walk($0) }
    }

    @Test(arguments: fewThreadCounts)
    func treesInPreOrder(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      withTimeout(.seconds(120)) {
        for depth in 0..<11 {
          for id in [1, 2, 3, 4, 7] {
            let nodes = parallelTraversal(from: (id: id, depth: depth), in: pool) { Self.children($0) }
            #expect(Array(nodes.map { $0.id }) == Self.walk((id, depth)))
          }
        }
        let nodes = parallelTraversal(from: (id: 3, depth: 3)) { Self.children($0) }
        expectSplits(of: nodes, Self.walk((3, 3)), "a small tree") { $0.id }
        // A tree that is a list.
        let list = parallelTraversal(from: 0, in: pool) { Self.next($0) }
        #expect(list.sum() == 10_000 * 10_001 / 2)
      }
    }

    @Test(arguments: fewThreadCounts)
    func splittings(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let alone = try ThreadPool(threadCount: 1)
      withTimeout(.seconds(120)) {
        for count in [1, 2, 3, 7, 100, 5000, 20_000] {
          let pieces = Array(ParallelSplitting(0..<count, in: pool) { Self.thirds($0) })
          #expect(pieces.flatMap { Array($0) } == Array(0..<count) && pieces.allSatisfy { $0.count <= 3 })
          // The grouping, and so the bits, do not depend on the number of threads.
          let sums = [pool, alone].map { pool in
            ParallelSplitting(0..<count, in: pool) { Self.thirds($0) }.map { Double($0.lowerBound) * 0.1 }.sum()
          }
          #expect(sums[0] == sums[1])
        }
      }
    }

    @Test(arguments: fewThreadCounts)
    func theFirstErrorInOrder(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      withTimeout(.seconds(120)) {
        for count in [1, 100, 8000] {
          for bad in [0, 1, 50, 7000] where bad < count {
            let pieces = ParallelSplitting(0..<count, in: pool) { (range) throws(TestError) in
              if range.count <= 3 && range.upperBound > bad { throw TestError(range.lowerBound) }
              return Self.thirds(range)
            }
            let first = Array(ParallelSplitting(0..<count, in: pool) { Self.thirds($0) }).first { $0.upperBound > bad }!
            #expect(throws: TestError(first.lowerBound)) { try Array(pieces) }
          }
        }
        let nodes = parallelTraversal(from: (id: 3, depth: 9), in: pool) { (node) throws(TestError) in
          if node.depth == 2 { throw TestError(node.id) }
          return Self.children(node)
        }
        let first = Array(parallelTraversal(from: (id: 3, depth: 9)) { Self.children($0) }).first { $0.depth == 2 }
        if let first { #expect(throws: TestError(first.id)) { try nodes.forEach { _ in } } }
      }
    }

    @Sendable private static func thirds(_ range: Range<Int>) -> (Range<Int>, Range<Int>?) {
      let middle = range.lowerBound + range.count / 3
      return range.count <= 3 ? (range, nil) : (range.lowerBound..<middle, middle..<range.upperBound)
    }
  }
}
