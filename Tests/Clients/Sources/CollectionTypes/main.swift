// The types of swift-collections: as sources, random access or plain, and changed in place.

import DequeModule
import Foundation
import HashTreeCollections
import HeapModule
import OrderedCollections
import Skein

func check<Value: Equatable>(_ result: Value, _ expected: Value, _ what: String) {
  guard result != expected else { return }
  print("CollectionTypes: wrong: \(what): \(result) instead of \(expected)")
  exit(1)
}

let pool = try ThreadPool(threadCount: 4)
let numbers = (0..<10_000).map { $0 &* 7919 % 10_007 }

// A deque whose elements lie in two parts.
var deque = Deque(numbers.dropFirst(100))
for number in numbers.prefix(100).reversed() { deque.prepend(number) }
check(Array(deque.parallel(in: pool).map { $0 + 1 }), numbers.map { $0 + 1 }, "map of a deque")
check(zip(deque.parallel, numbers.parallel).allSatisfy { $0 == $1 }, true, "zip of a deque")
deque.parallel(in: pool).modifyEach { $0 *= 2 }
check(Array(deque), numbers.map { 2 * $0 }, "modifyEach of a deque")
deque.parallel.sort()
check(Array(deque), numbers.map { 2 * $0 }.sorted(), "sort of a deque")
check(deque.parallel.firstIndex(where: { $0 > 100 }), deque.firstIndex { $0 > 100 }, "firstIndex in a deque")
deque.append(contentsOf: Array(numbers.parallel.filter { $0 < 10 }))
check(deque.count, numbers.count + 10, "append to a deque")

let orderedSet = OrderedSet(numbers)
check(Array(orderedSet.parallel(in: pool).filter { $0 % 3 == 0 }), numbers.filter { $0 % 3 == 0 }, "ordered set")
check(Array(orderedSet.parallel.chunks(ofCount: 100)).count, 100, "chunks of an ordered set")

let orderedDictionary = OrderedDictionary(uniqueKeysWithValues: numbers.map { ($0, -$0) })
check(orderedDictionary.elements.parallel(in: pool).map { $0.key + $0.value }.sum(), 0, "ordered dictionary")
check(Array(orderedDictionary.values.elements.parallel), numbers.map { -$0 }, "values of an ordered dictionary")
check(Array(orderedDictionary.keys.parallel.reversed()), numbers.reversed(), "keys of an ordered dictionary")

let heap = Heap(numbers)
check(heap.unordered.parallel(in: pool).max(), numbers.max(), "heap")

// Collections without random access are plain sequences.
let treeSet = TreeSet(numbers)
check(Set(treeSet.parallel(in: pool)), Set(numbers), "tree set")
check(Array(treeSet.parallel.map { $0 }), Array(treeSet), "order of a tree set")
let treeDictionary = TreeDictionary(uniqueKeysWithValues: numbers.map { ($0, -$0) })
check(treeDictionary.parallel(in: pool).map { $0.key + $0.value }.sum(), 0, "tree dictionary")

print("CollectionTypes: right")
