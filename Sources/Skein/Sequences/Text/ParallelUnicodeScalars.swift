/// The Unicode scalars of a text, in parallel.
///
/// Positions, and what the limits of batches count, are the UTF-8 code units of the text.
public struct ParallelUnicodeScalars: ParallelTextual {
  public typealias Element = Unicode.Scalar

  public let text: ParallelText

  @inlinable
  init(_ text: ParallelText) { self.text = text }

  @inlinable
  @inline(__always)
  public static func forEachElement<State>(
    from source: UnsafeRawPointer, at positions: Range<Int>, closures: LentClosures, state: inout State,
    receive: (Element, inout State) -> Bool, fail: (Failure, inout State) -> Void
  ) -> Bool {
    let text = unsafe source.text
    for position in positions {
      let unit = text[position]
      if unit < 0x80 {
        if !receive(Unicode.Scalar(unit), &state) { return false }
      } else if !isContinuation(unit) {
        if !receive(text.scalar(at: position), &state) { return false }
      }
    }
    return true
  }
}

/// The UTF-16 code units of a string, in parallel.
///
/// Positions, and what the limits of batches count, are the UTF-8 code units of the string: both units of a scalar
/// outside the Basic Multilingual Plane are at one position.
public struct ParallelUTF16: ParallelTextual {
  public typealias Element = UInt16

  public let text: ParallelText

  @inlinable
  init(_ text: ParallelText) { self.text = text }

  @inlinable
  @inline(__always)
  public static func forEachElement<State>(
    from source: UnsafeRawPointer, at positions: Range<Int>, closures: LentClosures, state: inout State,
    receive: (Element, inout State) -> Bool, fail: (Failure, inout State) -> Void
  ) -> Bool {
    let text = unsafe source.text
    for position in positions {
      let unit = text[position]
      if unit < 0x80 {
        if !receive(UInt16(unit), &state) { return false }
      } else if !isContinuation(unit) {
        for unit in text.scalar(at: position).utf16 where !receive(unit, &state) { return false }
      }
    }
    return true
  }
}

extension TextSource {
  /// Returns the scalar that begins at an offset and is not ASCII.
  @inlinable
  @inline(__always)
  func scalar(at offset: Int) -> Unicode.Scalar {
    let first = UInt32(self[offset])
    func next(_ index: Int) -> UInt32 { UInt32(self[offset + index]) & 0x3f }
    let value =
      if first < 0xe0 {
        (first & 0x1f) << 6 | next(1)
      } else if first < 0xf0 {
        (first & 0x0f) << 12 | next(1) << 6 | next(2)
      } else {
        (first & 0x07) << 18 | next(1) << 12 | next(2) << 6 | next(3)
      }
    // Never nil: strings are valid.
    return Unicode.Scalar(value)!
  }
}

extension String.UnicodeScalarView {
  /// The scalars of this view, to be processed in parallel; see ``ParallelUnicodeScalars``.
  @inlinable
  public var parallel: ParallelUnicodeScalars { parallel() }

  /// Returns the scalars of this view, to be processed in parallel as the parameters say, which are those of a string's
  /// method of this name.
  @inlinable
  public func parallel(
    in pool: ThreadPool? = nil, minimumBatch: Int = 1, maximumBatch: Int = .max, maximumInFlight: Int = .max
  ) -> ParallelUnicodeScalars {
    ParallelUnicodeScalars(
      String(self).parallel(
        in: pool, minimumBatch: minimumBatch, maximumBatch: maximumBatch, maximumInFlight: maximumInFlight))
  }
}

extension Substring.UnicodeScalarView {
  /// The scalars of this view, to be processed in parallel; see ``ParallelUnicodeScalars``.
  @inlinable
  public var parallel: ParallelUnicodeScalars { parallel() }

  /// Returns the scalars of this view, to be processed in parallel as the parameters say, which are those of a string's
  /// method of this name.
  @inlinable
  public func parallel(
    in pool: ThreadPool? = nil, minimumBatch: Int = 1, maximumBatch: Int = .max, maximumInFlight: Int = .max
  ) -> ParallelUnicodeScalars {
    ParallelUnicodeScalars(
      Substring(self).parallel(
        in: pool, minimumBatch: minimumBatch, maximumBatch: maximumBatch, maximumInFlight: maximumInFlight))
  }
}

// (A substring's view may begin between the two units of a scalar, where no substring does; so it is processed as a plain sequence.)
extension String.UTF16View {
  /// The code units of this view, to be processed in parallel; see ``ParallelUTF16``.
  @inlinable
  public var parallel: ParallelUTF16 { parallel() }

  /// Returns the code units of this view, to be processed in parallel as the parameters say, which are those of a
  /// string's method of this name.
  @inlinable
  public func parallel(
    in pool: ThreadPool? = nil, minimumBatch: Int = 1, maximumBatch: Int = .max, maximumInFlight: Int = .max
  ) -> ParallelUTF16 {
    ParallelUTF16(
      String(self).parallel(
        in: pool, minimumBatch: minimumBatch, maximumBatch: maximumBatch, maximumInFlight: maximumInFlight))
  }
}
