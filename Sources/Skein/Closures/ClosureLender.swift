/// Calls a function with a chain's closures, which are good until that returns.
///
/// A lender captures nothing but closures, and what they are handed: each adaptor's own, and the lender of its base.
///
/// If no closure of a chain captures anything, the optimiser turns its leaf into a constant, with every closure of the chain inlined:
/// one loop, without a call in it, which may be vectorised; see `ParallelStage`. Then the lender has nothing to do.
///
/// If some closure does capture, the lender is called once for the whole loop, and the leaf finds the closures in memory, where it
/// calls them through a pointer. It counts no references, which all threads would do on the same words.
public typealias ClosureLender = @Sendable (_ body: (LentClosures) -> Void) -> Void

/// The closures of a chain while they are lent: a link for each adaptor, the outermost first.
///
/// SAFETY: the links lie on the frames of the lender, which is still running; each is looked at by the adaptor that lent it.
@safe
public struct LentClosures {
  @usableFromInline let firstLink: UnsafeRawPointer?

  @inlinable
  @inline(__always)
  init(_ firstLink: UnsafeRawPointer?) { unsafe self.firstLink = firstLink }

  /// The link that the outermost adaptor has lent.
  @inlinable
  @inline(__always)
  func withLink<Link: ~Copyable, Result, E: Error>(
    as type: Link.Type, _ body: (borrowing Link) throws(E) -> Result
  ) throws(E) -> Result {
    unsafe try body(firstLink!.assumingMemoryBound(to: Link.self).pointee)
  }
}

/// Lends an adaptor's closure, and what its base has lent. A link cannot be copied, so nobody counts a reference to its closure.
@inlinable
@inline(__always)
func lend<Link: ~Copyable>(_ link: borrowing Link, to body: (LentClosures) -> Void) {
  unsafe withUnsafePointer(to: link) { unsafe body(LentClosures($0)) }
}

/// What a sequence without closures lends.
@inlinable
@inline(__always)
func lendNothing(_ body: (LentClosures) -> Void) { unsafe body(LentClosures(nil)) }
