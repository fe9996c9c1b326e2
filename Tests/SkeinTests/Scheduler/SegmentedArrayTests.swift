import Testing

@testable import Skein

/// The array under the workers' activations, the spare threads and the states of scopes.
@Suite struct SegmentedArrayTests {
  private static var layout: SegmentLayout { SegmentLayout(firstBits: 2, count: 5) }

  @Test func everyIndexHasAPlaceOfItsOwn() {
    var places = Set<[Int]>()
    var next = 0
    for segment in 0..<Self.layout.count {
      for offset in 0..<Self.layout.size(of: segment) {
        #expect(Self.layout.place(next) == (segment, offset))
        places.insert([segment, offset])
        next += 1
      }
    }
    #expect(next == Self.layout.capacity)
    #expect(places.count == next)
  }

  @Test func elementsStayWhereTheyAre() {
    let array = SegmentedArray<Int>(Self.layout)
    defer { array.free() }
    var addresses: [UnsafeMutablePointer<Int>] = unsafe []
    for index in 0..<Self.layout.capacity {
      let isFirst = Self.layout.place(index).offset == 0
      #expect(unsafe (array.find(index) == nil) == isFirst, "a segment is made when it is needed")
      let place = unsafe array.make(index) { first, count in unsafe first.initialize(repeating: -1, count: count) }
      #expect(unsafe place.pointee == -1, "prepared, and by nobody else")
      unsafe place.pointee = index
      unsafe addresses.append(place)
    }
    for index in 0..<Self.layout.capacity {
      #expect(unsafe array.find(index) == addresses[index])
      #expect(unsafe array.make(index) == addresses[index])
      #expect(unsafe addresses[index].pointee == index)
    }
  }

  @Test(arguments: [0, 1, 4, 5, 11, 12, 13])
  func whatHasBeenInitialisedEnds(_ count: Int) {
    let lives = Lives()
    let array = SegmentedArray<LifeTracked>(Self.layout)
    for index in 0..<count { unsafe array.make(index).initialize(to: LifeTracked(index, lives)) }
    #expect(lives.alive == count)
    array.free(count: count)
    #expect(lives.alive == 0)
  }
}
