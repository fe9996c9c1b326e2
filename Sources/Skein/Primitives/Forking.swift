internal import Synchronization

/// Runs two parts of a sort, the second of which can be stolen.
///
/// - Parameter otherwise: Runs in place of the second part if that is not begun.
/// - Throws: The error of the first part, or else of the second, so the error does not depend on scheduling. If the
///   first has thrown already, the second is not begun.
@inlinable
func forkSort<Failure: Error>(
  _ first: () throws(Failure) -> Void, _ second: () throws(Failure) -> Void, otherwise: () -> Void = {}
) throws(Failure) {
  // A thief writes the outcome of the second part: it is in memory that the optimiser cannot treat as private.
  let error: Failure? = unsafe withUnsafeTemporaryAllocation(of: SecondPart<Failure>.self, capacity: 1) { memory in
    let part = memory.baseAddress!
    unsafe part.initialize(to: SecondPart())
    defer { unsafe part.deinitialize(count: 1) }
    let firstError: Failure? = WorkerReference.current!.fork {
      do throws(Failure) {
        try first()
        return nil
      } catch {
        unsafe part.pointee.cancel()
        return error
      }
    } _: {
      if unsafe part.pointee.isCancelled { return otherwise() }
      do throws(Failure) { try second() } catch { unsafe part.pointee.error = error }
    }
    return unsafe firstError ?? part.pointee.error
  }
  if let error { throw error }
}

/// Runs two parts of a sort one after another, or in parallel if they are large enough.
@inlinable
@inline(__always)
func forkIfLarge<Failure: Error>(
  _ count: Int, _ first: () throws(Failure) -> Void, _ second: () throws(Failure) -> Void, otherwise: () -> Void = {}
) throws(Failure) {
  if count >= leastForked { return try forkSort(first, second, otherwise: otherwise) }
  do throws(Failure) {
    try first()
  } catch {
    otherwise()
    throw error
  }
  try second()
}

/// Fewer elements than this are sorted on one thread.
@inlinable var leastForked: Int { 4096 }

@usableFromInline
struct SecondPart<Failure: Error>: ~Copyable {
  private let word = Atomic(false)
  @usableFromInline var error: Failure?

  @usableFromInline
  init() { error = nil }

  // Relaxed: a hint, which saves work whose result would not be used.
  @usableFromInline
  var isCancelled: Bool { word.load(ordering: .relaxed) }

  @usableFromInline
  func cancel() { word.store(true, ordering: .relaxed) }
}

/// Calls `body` for each of some parts of a sort, in parallel.
///
/// - Parameter otherwise: Called in its place with the parts that are not begun.
/// - Throws: The error of the first part in order that throws.
@inlinable
func forEachPart<Failure: Error>(
  _ parts: Range<Int>, _ body: (Int) throws(Failure) -> Void, otherwise: (Range<Int>) -> Void = { _ in }
) throws(Failure) {
  if parts.count > 1 {
    let middle = parts.lowerBound &+ parts.count / 2
    try forkSort { () throws(Failure) in
      try forEachPart(parts.lowerBound..<middle, body, otherwise: otherwise)
    } _: { () throws(Failure) in
      try forEachPart(middle..<parts.upperBound, body, otherwise: otherwise)
    } otherwise: {
      otherwise(middle..<parts.upperBound)
    }
  } else if let part = parts.first {
    try body(part)
  }
}

/// Equal parts of a range of elements, for loops over them.
///
/// Their size depends only on the size of an element: the operations and their order are the same at every number of
/// threads.
@usableFromInline
struct Parts {
  @usableFromInline let count: Int
  @usableFromInline let total: Int
  @usableFromInline let size: Int

  @inlinable
  init<Element>(of type: Element.Type, total: Int) {
    size = Parts.size(of: type)
    self.total = total
    count = (total &+ size &- 1) / size
  }

  /// About a quarter of a megabyte, which stays in a processor's own cache until it is used again.
  @inlinable
  static func size<Element>(of type: Element.Type) -> Int { max(256, (1 << 18) / max(1, MemoryLayout<Element>.stride)) }

  @inlinable
  subscript(_ part: Int) -> Range<Int> {
    part &* size..<min(total, (part &+ 1) &* size)
  }
}
