internal import Builtin

/// The representation of an element in shared memory: ⌈size / 8⌉ words, each moved by an atomic access of its own.
///
/// A reader that loses its race has copied bits and nothing more: no reference was counted, so they can be discarded.
/// Bits become an element again only after the claim that makes their reader the owner.
///
/// A value of a type with a `weak` variable, or of a C++ type with a move constructor, is not moved bitwise. It stays
/// in memory of its own, and its address is stored.
@usableFromInline
package enum ElementWords<Element: ~Copyable> {
  @inlinable
  package static var wordSize: Int { MemoryLayout<Int>.size }

  /// Whether the words are the element's address. The standard library's `_isBitwiseTakable` computes this for copyable
  /// types; it is a constant where the type is known. It is the same for an optional, which unlike a class leaves no
  /// call for its metadata behind.
  @inlinable
  static var areAddress: Bool { !Bool(Builtin.isbitwisetakable(Element?.self)) }

  /// The number of words of an element; zero if it has no size.
  @inlinable
  package static var count: Int { areAddress ? 1 : (MemoryLayout<Element>.size &+ (wordSize &- 1)) / wordSize }

  /// Calls `body` with room for one element, as private words of this thread, all zero.
  @inlinable @inline(__always)
  package static func withScratch<Result: ~Copyable>(_ body: (Scratch) -> Result) -> Result {
    if count <= 1 && MemoryLayout<Element>.alignment <= MemoryLayout<Int>.alignment {
      var word = 0
      return unsafe withUnsafeMutablePointer(to: &word) { unsafe body(Scratch(UnsafeMutableRawPointer($0))) }
    }
    return unsafe withUnsafeTemporaryAllocation(
      byteCount: max(count, 1) &* wordSize,
      alignment: max(MemoryLayout<Element>.alignment, MemoryLayout<Int>.alignment)
    ) { buffer in
      let start = buffer.baseAddress!
      // The last word may extend past the element: it must not contain what was on the stack.
      unsafe start.storeBytes(of: 0, toByteOffset: max(count &- 1, 0) &* wordSize, as: Int.self)
      return unsafe body(Scratch(start))
    }
  }

  /// Private room for one element.
  ///
  /// SAFETY: made only by `withScratch`, which provides memory of `count` words with the element's alignment, and valid
  /// only inside its closure. The caller puts an element in before taking one out, and takes it out once.
  @frozen
  @safe
  @usableFromInline
  package struct Scratch {
    @usableFromInline
    let start: UnsafeMutableRawPointer

    @inlinable @inline(__always)
    @unsafe
    init(_ start: UnsafeMutableRawPointer) { unsafe self.start = start }

    /// Stores `element` in the words.
    @inlinable @inline(__always)
    package func put(_ element: consuming Element) {
      if areAddress {
        let place = UnsafeMutablePointer<Element>.allocate(capacity: 1)
        unsafe place.initialize(to: element)
        self[0] = Int(bitPattern: place)
      } else {
        unsafe start.initializeMemory(as: Element.self, to: element)
      }
    }

    /// Turns the words into an element again; they must not be used afterwards.
    @inlinable @inline(__always)
    package func take() -> Element {
      guard areAddress else { return unsafe start.bindMemory(to: Element.self, capacity: 1).move() }
      let place = unsafe UnsafeMutablePointer<Element>(bitPattern: self[0]).unsafelyUnwrapped
      defer { unsafe place.deallocate() }
      return unsafe place.move()
    }

    /// The word at `index`, as bits.
    @inlinable
    package subscript(index: Int) -> Int {
      @inline(__always) get { unsafe start.load(fromByteOffset: index &* wordSize, as: Int.self) }
      @inline(__always) nonmutating set {
        unsafe start.storeBytes(of: newValue, toByteOffset: index &* wordSize, as: Int.self)
      }
    }
  }
}

extension ElementWords where Element: ~Copyable {
  /// Calls `body` with room that contains `element` already.
  @inlinable @inline(__always)
  package static func withScratch<Result: ~Copyable>(
    holding element: consuming Element, _ body: (Scratch) -> Result
  ) -> Result {
    // A closure cannot consume a captured value; it can empty an optional.
    var held: Element? = consume element
    return withScratch { scratch in
      if let element = held.take() { scratch.put(element) }
      return body(scratch)
    }
  }
}
