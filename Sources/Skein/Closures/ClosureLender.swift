/// Calls a function with a chain's closures, which are valid until that returns.
///
/// A lender captures only closures, and the values passed to them: each adaptor's own, and the lender of its base.
///
/// If no closure of a chain captures anything, the optimiser turns its leaf into a constant, with every closure of the
/// chain inlined: one loop, without a call in it, which may be vectorised; see `ParallelStage`. In that case the lender
/// has nothing to do.
///
/// If some closure has captures, the lender is called once for the whole loop, and the leaf finds the closures in
/// memory, where it calls them through a pointer. It does no reference counting, which all threads would do on the same
/// words.
public typealias ClosureLender = @Sendable (_ body: (LentClosures) -> Void) -> Void

/// The closures of a chain while they are lent: a link for each adaptor, the outermost first.
///
/// SAFETY: the links are on the frames of the lender, which is still running; each is read by the adaptor that lent it.
@safe
public struct LentClosures {
  @usableFromInline let firstLink: UnsafeRawPointer?

  @inlinable
  @inline(__always)
  init(_ firstLink: UnsafeRawPointer?) { unsafe self.firstLink = firstLink }

  /// No closures, which a source lends: `lendClosures` of one returns `{ $0(LentClosures()) }`.
  @inlinable
  @inline(__always)
  public init() { unsafe firstLink = nil }

  /// Calls a function with the link that the outermost adaptor has lent.
  @inlinable
  @inline(__always)
  func withLink<Link: ~Copyable, Result, E: Error>(
    as type: Link.Type, _ body: (borrowing Link) throws(E) -> Result
  ) throws(E) -> Result {
    unsafe try body(firstLink!.assumingMemoryBound(to: Link.self).pointee)
  }
}

/// Lends an adaptor's closure, and what its base has lent. A link cannot be copied, so references to its closure are
/// not counted.
@inlinable
@inline(__always)
func lend<Link: ~Copyable>(_ link: borrowing Link, to body: (LentClosures) -> Void) {
  unsafe withUnsafePointer(to: link) { unsafe body(LentClosures($0)) }
}

/// Lends no closures, for a sequence without any.
@inlinable
@inline(__always)
func lendNothing(_ body: (LentClosures) -> Void) { body(LentClosures()) }
