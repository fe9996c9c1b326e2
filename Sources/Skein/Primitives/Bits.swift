public import CSkein

/// Copies the bits of an element to another place, which does not overlap, as a move does.
///
/// SAFETY: the caller ensures that one of the two places is no longer used as elements. The type must be bitwise
/// takable: `stableSort` and `unstableSort` of a buffer, through which every sort goes, leave other types to
/// `sortNumbers`.
@inlinable
@inline(__always)
func copyBits<Element>(_ source: UnsafeMutablePointer<Element>, _ destination: UnsafeMutablePointer<Element>) {
  assert(_isBitwiseTakable(Element.self), "elements of this type are not moved by their bits")
  unsafe UnsafeMutableRawPointer(destination).copyMemory(from: source, byteCount: MemoryLayout<Element>.stride)
}

/// Copies the bits of some elements.
///
/// If this is the last thing that a throwing function does, Swift 6.3 jumps to C's `memmove` and does not restore the
/// register for the error, so that the function seems to throw. So it is never the last thing.
@inlinable
@inline(__always)
func copyBits<Element>(
  _ source: UnsafeMutablePointer<Element>, _ destination: UnsafeMutablePointer<Element>, count: Int
) {
  assert(_isBitwiseTakable(Element.self), "elements of this type are not moved by their bits")
  unsafe UnsafeMutableRawPointer(destination).copyMemory(from: source, byteCount: count &* MemoryLayout<Element>.stride)
  skein_not_last()
}

extension Bool {
  /// One or zero, without a branch.
  @inlinable
  var asInt: Int {
    @inline(__always) get { unsafe Int(truncatingIfNeeded: unsafeBitCast(self, to: UInt8.self)) }
  }
}

/// Returns all ones if a condition holds, and otherwise zero.
///
/// It is used for choices that must not become branches: by itself the compiler makes branches where it expects them to
/// be predictable, which they are not here.
@inlinable
@inline(__always)
func mask(_ condition: Bool) -> Int { Int(bitPattern: skein_opaque(0 &- UInt(bitPattern: condition.asInt))) }

/// Returns one of two places, chosen without a branch.
@inlinable
@inline(__always)
func select<Element>(
  _ condition: Bool, _ yes: UnsafeMutablePointer<Element>, _ no: UnsafeMutablePointer<Element>
) -> UnsafeMutablePointer<Element> {
  let distance = unsafe UnsafeRawPointer(yes) - UnsafeRawPointer(no)
  return unsafe no.moved(distance & mask(condition))
}

extension UnsafeMutablePointer {
  /// Returns the place that many bytes from here.
  @inlinable
  @inline(__always)
  func moved(_ byteCount: Int) -> Self {
    unsafe (UnsafeMutableRawPointer(self) + byteCount).assumingMemoryBound(to: Pointee.self)
  }
}

/// Returns the number of significant bits of a number.
@inlinable
func bitWidth(of number: Int) -> Int { Int.bitWidth &- number.leadingZeroBitCount }
