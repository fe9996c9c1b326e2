import CMarking
import Skein

/// Runs each chain with inputs of two sizes, and calls `counting_mark` before, between and after, where `Benchmarks/chains` has
/// callgrind note how many instructions there were. On one thread, so that no scheduler has a say in it. With both sizes a reduction has
/// blocks of the same size, so that what a block costs is counted for each element.
@main
enum Main {
  static let sizes = (few: 9_000, many: 16_000)

  static func main() throws {
    print(sizes.many - sizes.few)
    let pool = try ThreadPool(threadCount: 1)
    defer { pool.shutdown() }
    pool.run {
      let factor = 1_000_003 + CommandLine.arguments.count
      let few = Input(count: sizes.few, factor: factor)
      let many = Input(count: sizes.many, factor: factor)
      for chain in Chain.constant + Chain.capturing {
        for way in chain.ways {
          print("\(chain.name);\(way.column.rawValue)")
          // Once for what is done the first time only.
          use(way.run(few))
          counting_mark()
          use(way.run(few))
          counting_mark()
          use(way.run(many))
          counting_mark()
        }
      }
    }
  }
}
