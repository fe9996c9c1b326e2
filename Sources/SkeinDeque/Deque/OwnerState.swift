/// What the owner of a deque reads and writes at each push and pop, and nobody else ever: one cache line.
///
/// It lies in the deque's own memory, not in the owner's handle, so that it shares its line with nothing, wherever the handle lies. A
/// handle on the stack, beside a flag that thieves read, would lose the line to them at each of their looks.
@frozen
@usableFromInline
package struct OwnerState<Element: ~Copyable, Word: SharedWord & ~Copyable> {
  /// The array in use.
  @usableFromInline
  var cells: CellArray<Element, Word>
  /// Where the next element goes: what `control.back` says, but for a moment and after a pop that found nothing.
  ///
  /// The owner never reads its own writes back: a thief may have the line, and a push would wait for it.
  @usableFromInline
  var back: Int
  /// A value that `front` had; it may have moved on.
  @usableFromInline
  var knownFront: Int
  /// A pop that leaves fewer elements than this counts towards a smaller array.
  @usableFromInline
  var quietBelow = 0
  /// How long the array has been too large, in pops.
  @usableFromInline
  var quiet = 0
  /// The most elements the owner has seen.
  @usableFromInline
  var highWaterMark = 0
  /// The capacity that the array is never smaller than.
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
