public import Synchronization

/// The characters of a text, in parallel, and the way to its lines, words and other pieces.
///
///     let longest = text.parallel.lines().map { $0.count }.max()
///     let vowels = text.parallel.count { "aeiou".contains($0) }
///
/// Characters are Swift's: a flag, an emoji made of several, a letter with its accents, or CR LF is one, wherever the
/// loop is divided.
///
/// Positions, and what the limits of batches count, are the UTF-8 code units of the text. A character, a line or a word
/// belongs to the position where it begins. A string that is not stored as UTF-8, like some made by Foundation, is
/// copied once.
public struct ParallelText: ParallelTextual {
  public typealias Element = Character

  /// Stored as contiguous UTF-8.
  @usableFromInline let characters: Substring
  public let plan: LoopPlan
  public let positionCount: Int

  @inlinable
  init(_ text: Substring, plan: LoopPlan) {
    var characters = text
    if unsafe characters.utf8.withContiguousStorageIfAvailable({ _ in }) == nil {
      var copy = String(text)
      copy.makeContiguousUTF8()
      characters = copy[...]
    }
    self.characters = characters
    self.plan = plan
    positionCount = characters.utf8.count
  }

  /// The text itself.
  @inlinable public var text: ParallelText { self }

  @inlinable
  @inline(__always)
  public static func forEachElement<State>(
    from source: UnsafeRawPointer, at positions: Range<Int>, closures: LentClosures, state: inout State,
    receive: (Element, inout State) -> Bool, fail: (Failure, inout State) -> Void
  ) -> Bool {
    let text = unsafe source.text
    // In most slices of a very long character, the loop ends here.
    if positions.isEmpty { return true }
    var pieces = TextPieces(of: text)
    var offset = text.characterBoundary(atOrAfter: positions.lowerBound)
    while offset < positions.upperBound {
      let (character, end) = pieces.characterAndEnd(at: offset)
      if !receive(character, &state) { return false }
      offset = end
    }
    return true
  }
}

/// A parallel sequence of parts of a text.
///
/// Its positions are the UTF-8 code units of the text.
public protocol ParallelTextual: ParallelSequence {
  /// The text.
  var text: ParallelText { get }
}

extension ParallelTextual {
  @inlinable public var plan: LoopPlan { text.plan }
  @inlinable public var positionCount: Int { text.positionCount }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    text.withTextSource { source in unsafe withUnsafePointer(to: source) { unsafe body(UnsafeRawPointer($0)) } }
  }

  @inlinable
  @inline(__always)
  public func lendClosures() -> ClosureLender { lendNothing }
}

extension ParallelText {
  /// Calls `body` with the source of this text's leaves.
  @inlinable
  @inline(__always)
  func withTextSource<Result>(_ body: (TextSource) -> Result) -> Result {
    unsafe withUnsafePointer(to: characters) { characters in
      unsafe characters.pointee.utf8.withContiguousStorageIfAvailable { units in
        unsafe withUnsafeTemporaryAllocation(of: Atomic<UInt64>.self, capacity: KnownCharacters.count) { memory in
          unsafe body(TextSource(units: units, characters: characters, known: KnownCharacters(memory.baseAddress!)))
        }
      }!
    }
  }
}

extension StringProtocol where SubSequence == Substring {
  /// The characters of this text, to be processed in parallel; see ``ParallelText``.
  @inlinable
  public var parallel: ParallelText { ParallelText(self[...], plan: LoopPlan()) }

  /// Returns the characters of this text, to be processed in parallel as the parameters say; see ``ParallelText``.
  ///
  /// - Parameters:
  ///   - pool: The pool to run in. By default the current one, or `ThreadPool.shared` outside any.
  ///   - minimumBatch: No worker is given fewer UTF-8 code units than this at once (except the rest at the end).
  ///   - maximumBatch: No worker runs more UTF-8 code units than this without checking whether another worker is
  ///     hungry.
  ///   - maximumInFlight: At most this many iterations are open at once.
  /// - Precondition: All numbers are at least 1.
  @inlinable
  public func parallel(
    in pool: ThreadPool? = nil, minimumBatch: Int = 1, maximumBatch: Int = .max, maximumInFlight: Int = .max
  ) -> ParallelText {
    ParallelText(
      self[...],
      plan: LoopPlan(
        pool: pool, minimumBatch: minimumBatch, maximumBatch: maximumBatch, maximumInFlight: maximumInFlight))
  }
}
