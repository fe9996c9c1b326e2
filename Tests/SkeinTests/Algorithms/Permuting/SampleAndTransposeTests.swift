import Skein
import Testing

extension InTurn {
  @Suite struct SampleAndTransposeTests {
    @Test(arguments: fewThreadCounts) func samples(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for total in [0, 1, 2, 3, 17, 64, 65, 1000, 5000] {
        let elements = (0..<total).map { $0 * 3 }
        for count in [0, 1, 2, total / 2, total, total + 5] {
          let sample = elements.parallel(in: pool).randomSample(count: count, seed: 7)
          #expect(sample.count == min(count, total))
          #expect(Set(sample).count == sample.count && Set(sample).isSubset(of: elements))
          #expect(sample == elements.parallel.randomSample(count: count, seed: 7))
          #expect(elements.parallel(in: pool).randomStableSample(count: count, seed: 7) == sample.sorted())
        }
      }
      #expect((0..<Int.max).parallel(in: pool).randomSample(count: 10, seed: 1).count == 10)
    }

    /// Each element is in the sample as often as any other, and each place of it holds each of them as often.
    @Test func samplesAreEven() {
      var counts = [[Int]](repeating: [Int](repeating: 0, count: 10), count: 3)
      let draws = 20_000
      for seed in 0..<draws {
        let sample = (0..<10).parallel.randomSample(count: 3, seed: UInt64(seed))
        for place in 0..<3 { counts[place][sample[place]] += 1 }
      }
      // Binomial: the deviation is 42; six of them are hardly ever exceeded by a fair sample.
      for count in counts.joined() { #expect(abs(count - draws / 10) < 255) }
    }

    @Test(arguments: fewThreadCounts) func transposes(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for (height, width) in [(0, 1), (1, 1), (1, 100), (100, 1), (3, 5), (64, 64), (65, 63), (130, 200)] {
        let matrix = Array(0..<height * width)
        let transposed = matrix.parallel(in: pool).transposed(columnCount: width)
        #expect(transposed == (0..<width).flatMap { column in (0..<height).map { $0 * width + column } })
        if height > 0 { #expect(transposed.parallel(in: pool).transposed(columnCount: height) == matrix) }
      }
      withLives(Array(0..<600)) { array in
        let transposed = array.parallel(in: pool).transposed(columnCount: 20)
        #expect(transposed[1].value == 20)
      }
    }

    @Test func rowsThatDoNotFitTrap() async {
      await #expect(processExitsWith: .failure) { _ = [1, 2, 3].parallel.transposed(columnCount: 2) }
      await #expect(processExitsWith: .failure) { _ = [1, 2, 3].parallel.randomSample(count: -1, seed: 0) }
    }
  }
}
