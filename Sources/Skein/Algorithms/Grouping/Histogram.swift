extension ParallelSequence {
  /// Counts the elements in each of `count` bins, which are numbered from zero.
  ///
  ///     let histogram = bytes.parallel.histogram(ofCount: 256) { Int($0) }
  ///
  /// - Parameters:
  ///   - count: How many bins there are.
  ///   - bin: The number of an element's bin.
  /// - Precondition: `count` is not negative; `bin` returns numbers from zero up to, but not including, `count`.
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*) calls, and O(`count`) for each time that a thread steals work from another one; span
  ///   O(log *n*) additions of `count` numbers, and the longest of the calls.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func histogram(ofCount count: Int, by bin: @escaping @Sendable (Element) -> Int) throws(Failure) -> [Int] {
    try map(bin).countBins(count)
  }

  /// Like `histogram(ofCount:by:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func histogram<E>(
    ofCount count: Int, by bin: @escaping @Sendable (Element) throws(E) -> Int
  ) throws(E) -> [Int] where Failure == Never {
    try map(bin).countBins(count)
  }
}

extension ParallelSequence where Element == Int {
  @_alwaysEmitIntoClient
  @inline(__always)
  func countBins(_ count: Int) throws(Failure) -> [Int] {
    require(count >= 0 && count < 1 << 48, "there are at least 0 bins, and fewer than 2^48, not \(count)")
    let bins = try reducePieces(
      start: { _ in Bins(count: count) },
      fold: { (bin, bins) throws(Failure) in
        bins.add(bin)
        return true
      },
      combine: { (left, right) throws(Failure) in left.add(right) })
    return bins.first?.counts ?? [Int](repeating: 0, count: count)
  }
}

/// The counts of a piece. (An array would test for each element whether its storage is shared.)
///
/// SAFETY: The memory is the storage's, initialised from its beginning to its end, and bin numbers are checked before
/// they are counted. What is stored in it twice is so near at hand that a loop keeps it in registers.
@safe
@usableFromInline
struct Bins {
  @usableFromInline let memory: UnsafeMutablePointer<Int>
  @usableFromInline let count: Int
  private let storage: Storage

  @usableFromInline
  init(count: Int) {
    storage = Storage(count: count)
    unsafe memory = storage.memory
    self.count = count
  }

  @inlinable
  @inline(__always)
  func add(_ bin: Int) {
    if _slowPath(UInt(bitPattern: bin) >= UInt(bitPattern: count)) { refuse(bin) }
    unsafe memory[bin] &+= 1
  }

  // Not `require`: its message would be prepared for each element.
  @usableFromInline
  @inline(never)
  func refuse(_ bin: Int) -> Never { fatal("there is no bin \(bin), but \(count) bins") }

  @usableFromInline
  func add(_ other: Bins) {
    for bin in 0..<count { unsafe memory[bin] &+= other.memory[bin] }
  }

  @usableFromInline var counts: [Int] { unsafe Array(UnsafeBufferPointer(start: memory, count: count)) }

  /// SAFETY: See `Bins`.
  @safe
  private final class Storage {
    let memory: UnsafeMutablePointer<Int>

    init(count: Int) {
      unsafe memory = .allocate(capacity: count)
      unsafe memory.initialize(repeating: 0, count: count)
    }

    deinit { unsafe memory.deallocate() }
  }
}
