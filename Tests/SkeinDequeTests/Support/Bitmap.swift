import Synchronization

/// A bit for each of a great many numbers, set by many threads.
///
/// SAFETY (of `@unchecked Sendable`): the address never changes, and what it leads to is atomic words, freed with this.
@safe
final class Bitmap: @unchecked Sendable {
  private let count: Int
  private let words: UnsafeMutablePointer<Atomic<UInt>>
  private let twice = Atomic(0)
  private let marked = Atomic(0)

  init(_ count: Int) {
    self.count = count
    unsafe words = .allocate(capacity: (count + 63) / 64)
    for index in 0..<(count + 63) / 64 { unsafe (words + index).initialize(to: Atomic(0)) }
  }

  deinit { unsafe words.deallocate() }

  func mark(_ number: Int) {
    precondition(number >= 0 && number < count)
    let bit: UInt = 1 << UInt(number % 64)
    if unsafe words[number / 64].bitwiseOr(bit, ordering: .relaxed).oldValue & bit != 0 {
      twice.add(1, ordering: .relaxed)
    }
  }

  /// Adds to the number of marks that were made.
  func note(_ marks: Int) { marked.add(marks, ordering: .relaxed) }

  var everyOnce: Bool { twice.load(ordering: .relaxed) == 0 && marked.load(ordering: .relaxed) == count }
}
