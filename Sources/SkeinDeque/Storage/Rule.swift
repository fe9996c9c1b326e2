/// The rules on which the algorithms rest; tests break them one by one, to verify that this is noticed.
///
/// For the machine's words `keeps(_:)` is a constant, and the check disappears.
@usableFromInline
package enum Rule: Sendable, Hashable, CaseIterable {
  // The owner of a deque.
  /// A push writes the cell before it moves `back`.
  case cellBeforeBack
  /// A push to a full array makes room first.
  case roomBeforePush
  /// A pop of the newest stores `back` before it loads `front`.
  case backBeforeFront
  /// The last element is claimed by the owner too.
  case ownerClaimsLast
  /// Cells are copied before the tag of the new array is published.
  case copyBeforeTag

  // Thieves of a deque.
  /// A thief loads `front` before `back`.
  case frontBeforeBack
  /// A claim is one atomic compare-exchange.
  case atomicClaim
  /// A claim compares `front` with its value when the cell was read.
  case comparedClaim
  /// A thief checks the tag again after it has read the cell.
  case tagAgain
  /// A batch from the end opposite to the owner's loads `back` before each claim.
  case batchLooksAtBack
  /// ... and at the array (CVE-2021-32810).
  case batchLooksAtArray
  /// ... and claims one at a time.
  case batchClaimsSingly

  // The injection queue.
  /// A place is claimed by one atomic compare-exchange.
  case atomicPlace
  /// The next block is stored before the index that leads into it, by pushers.
  case blockBeforeTail
  /// ... and by thieves.
  case blockBeforeHead
  /// The next block is linked once, by compare-exchange.
  case linkedOnce
  /// A slot is given up by compare-exchange.
  case atomicGivingUp
  /// A pusher whose slot was given up pushes again.
  case pushedAgain
  /// A slot that was given up is finished by its pusher, not by the thief.
  case finishedOnce
  /// A block is freed after all of its slots are finished.
  case freedLast
}
