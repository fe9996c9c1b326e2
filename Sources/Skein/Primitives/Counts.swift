/// A number for each part of a sort, and later their exclusive scan.
///
/// SAFETY: The memory is valid inside `withCounts`; each part writes its own number.
@safe
@usableFromInline
struct Counts {
  @usableFromInline let numbers: UnsafeMutablePointer<Int>
  @usableFromInline let count: Int

  @inlinable
  init(_ numbers: UnsafeMutablePointer<Int>, _ count: Int) {
    unsafe self.numbers = unsafe numbers
    self.count = count
  }

  @inlinable
  subscript(_ part: Int) -> Int {
    get { unsafe numbers[part] }
    nonmutating set { unsafe numbers[part] = newValue }
  }

  /// Replaces the numbers by their exclusive scan, with the total at the end.
  @inlinable
  func makeOffsets() -> Int {
    var sum = 0
    for part in 0..<count {
      let number = unsafe numbers[part]
      unsafe numbers[part] = sum
      sum &+= number
    }
    unsafe numbers[count] = sum
    return sum
  }
}

/// Calls `body` with room for one number for each part, and one more.
@inlinable
func withCounts<Result, Failure: Error>(
  _ count: Int, _ body: (Counts) throws(Failure) -> Result
) throws(Failure) -> Result {
  let numbers = UnsafeMutablePointer<Int>.allocate(capacity: count + 1)
  unsafe numbers.initialize(repeating: 0, count: count + 1)
  defer { unsafe numbers.deallocate() }
  return unsafe try body(Counts(numbers, count))
}
