/// The state that the owner of a deque accesses at each push and pop, and no other thread ever: one cache line.
///
/// It is in the deque's own memory, not in the owner's handle, so that it shares its line with nothing, wherever the
/// handle is. A handle on the stack, beside a flag that thieves read, would lose the line to them each time they read
/// it.
@frozen
@usableFromInline
package struct OwnerState<Element: ~Copyable, Word: SharedWord & ~Copyable> {
  /// The array in use.
  @usableFromInline
  var cells: CellArray<Element, Word>
  /// The index of the next element: the value of `control.back`, except for a moment and after a pop that found
  /// nothing.
  ///
  /// The owner never reads its own writes back: a thief may have the line, and a push would wait for it.
  @usableFromInline
  var back: Int
  /// An earlier value of `front`, which may have moved on.
  @usableFromInline
  var knownFront: Int
  /// A pop that leaves fewer elements than this counts towards a smaller array.
  @usableFromInline
  var quietBelow = 0
  /// How long the array has been too large, in pops.
  @usableFromInline
  var quiet = 0
  /// The highest number of elements that the owner has seen.
  @usableFromInline
  var highWaterMark = 0
  /// The lower bound of the array's capacity.
  @usableFromInline
  let minimumCapacity: Int

  @inlinable
  init(cells: CellArray<Element, Word>, index: Int) {
    self.cells = cells
    back = index
    knownFront = index
    minimumCapacity = cells.capacity
  }
}
