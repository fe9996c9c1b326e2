/// A queue in a growing ring buffer, with access to any element by its distance from the front.
struct StreamQueue<Element: Sendable>: Sendable {
  private var places: ContiguousArray<Element?> = []
  private var head = 0
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }

  private func place(_ offset: Int) -> Int { (head + offset) & (places.count - 1) }

  subscript(offset: Int) -> Element {
    get { places[place(offset)]! }
    set { places[place(offset)] = newValue }
  }

  mutating func append(_ element: consuming Element) {
    if count == places.count { grow() }
    places[place(count)] = element
    count += 1
  }

  mutating func popFirst() -> Element? {
    if count == 0 { return nil }
    defer {
      head = (head + 1) & (places.count - 1)
      count -= 1
    }
    return places[head].take()
  }

  private mutating func grow() {
    var grown = ContiguousArray<Element?>()
    grown.reserveCapacity(max(8, places.count * 2))
    for offset in 0..<count { grown.append(places[place(offset)].take()) }
    while grown.count < max(8, places.count * 2) { grown.append(nil) }
    places = grown
    head = 0
  }
}
