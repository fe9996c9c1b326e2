// One call of each algorithm on integers: code that the library's own optimised build may have specialised already,
// and that the compiler reads back from there.

import Foundation
import Skein

func check<Value: Equatable>(_ result: Value, _ expected: Value, _ what: String) {
  guard result != expected else { return }
  print("Algorithms: wrong: \(what): \(result) instead of \(expected)")
  exit(1)
}

let numbers = [3, 1, 2, 3, 1]
let sorted = [1, 2, 3]

check(numbers.parallel.randomSample(count: 5, seed: 1).sorted(), numbers.sorted(), "randomSample")
check(sorted.parallel.randomStableSample(count: 3, seed: 1), sorted, "randomStableSample")
check(numbers.parallel.firstRange(of: [2, 3]), 2..<4, "firstRange")
check(Array(numbers.parallel.uniqued()), [3, 1, 2], "uniqued")
check(Array(numbers.parallel.uniqued(on: { $0 & 1 })), [3, 2], "uniqued(on:)")
check(numbers.parallel.counts()[1], 2, "counts")
check(numbers.parallel.grouped(by: { $0 & 1 })[0], [2], "grouped")
check(sorted.parallel.keyed(by: { $0 + 1 })[3], 2, "keyed")
check(sorted.parallel.setUnion([0, 3].parallel), [0, 1, 2, 3], "setUnion")
check(sorted.parallel.setIntersection([0, 3].parallel), [3], "setIntersection")
check(numbers.parallel.sortedGroups(by: { $0 }).count, 3, "sortedGroups")
check(numbers.parallel.min(count: 2), [1, 1], "min(count:)")
check(sorted.parallel.lowerBounds(of: [2]), [1], "lowerBounds")
check(sorted.parallel.transposed(columnCount: 3), sorted, "transposed")
check(sorted.parallel.reductions(+), [1, 3, 6], "reductions")
check(Array(merging: sorted.parallel, and: [2].parallel), [1, 2, 2, 3], "merging two")
check(Array(merging: [sorted, [2]]), [1, 2, 2, 3], "merging many")
check(Set(numbers.parallel), [1, 2, 3], "Set")
check(Dictionary(uniqueKeysWithValues: sorted.parallel.map { ($0, $0) })[2], 2, "Dictionary")
check(numbers.parallel.histogram(ofCount: 4) { $0 }, [0, 2, 1, 2], "histogram")
check(numbers.parallel.partitioned { $0 > 1 }.0, [1, 1], "partitioned")
check(numbers.parallel.map { ($0, -$0) }.unzipped().1, [-3, -1, -2, -3, -1], "unzipped")
check(numbers.parallel.chunked { $0 < $1 }.map { $0.count }.max(), 3, "chunked")
check(Array(numbers.parallel.split { $0 == 2 }).count, 2, "split")
check(Array(numbers.parallel.chunks(ofCount: 2)).count, 3, "chunks")
check((0..<9).parallel.map { $0 }.filter { $0 > 6 }.compactMap { $0 as Int? }.sum(), 15, "a chain")

// Keys of sixteen bytes are moved otherwise than integers are.
let long = (0..<100_000).map { ($0 &* 7919) % 100_000 }
var ordered = long
ordered.parallel.sort(on: { KeyOfSort($0) })
check(ordered, Array(0..<100_000), "sort(on:)")
var keys = long.map { KeyOfSort($0) }
keys.parallel.sort()
check(keys == ordered.map { KeyOfSort($0) }, true, "sort")
keys = long.map { KeyOfSort($0) }
keys.parallel.unstableSort()
check(keys == ordered.map { KeyOfSort($0) }, true, "unstableSort")
ordered.parallel.shuffle(seed: 1)
ordered.parallel.select(at: 70)
check(ordered[70], 70, "select")
ordered.parallel.removeAll { $0 > 9 }
check(ordered.sorted(), Array(0..<10), "removeAll")

#if arch(x86_64)
  typealias KeyOfSort = Float80
#else
  typealias KeyOfSort = Int128
#endif
