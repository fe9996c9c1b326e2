/// A collection that is kept in a ring, the beginning of which may lie after the end, and whose indices are not numbers.
struct Ring<Element>: RandomAccessCollection {
  /// How often one has gone round, and where one is.
  struct Index: Comparable {
    let round: Int
    let slot: Int

    static func < (left: Index, right: Index) -> Bool { (left.round, left.slot) < (right.round, right.slot) }
  }

  private let slots: [Element]
  private let head: Int

  /// - Parameter head: The slot in which the first element is to lie, or how many elements lie at the end if there are fewer slots.
  init(_ elements: [Element], head: Int) {
    self.head = elements.isEmpty ? 0 : head % elements.count
    let split = elements.isEmpty ? 0 : elements.count - self.head
    slots = Array(elements[split...] + elements[..<split])
  }

  var count: Int { slots.count }
  var startIndex: Index { Index(round: 0, slot: head) }
  var endIndex: Index { slots.isEmpty ? startIndex : Index(round: 1, slot: head) }

  subscript(index: Index) -> Element { slots[index.slot] }

  func index(after index: Index) -> Index { self.index(index, offsetBy: 1) }
  func index(before index: Index) -> Index { self.index(index, offsetBy: -1) }

  func index(_ index: Index, offsetBy distance: Int) -> Index {
    if slots.isEmpty { return index }
    let place = number(index) + distance
    return Index(round: place / slots.count, slot: place % slots.count)
  }

  func distance(from start: Index, to end: Index) -> Int { number(end) - number(start) }

  private func number(_ index: Index) -> Int { index.round * slots.count + index.slot }
}

extension Ring: Sendable where Element: Sendable {}
