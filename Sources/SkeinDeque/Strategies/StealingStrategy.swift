/// How a thief looks for work: which victim it tries first, how much it takes, and when it gives up.
///
/// A search goes around all victims once, from the one that ``firstVictim(among:)`` returns, and takes from the first
/// that has something. Then ``searchesAgain(afterRound:lostRaces:)`` decides whether to go around once more. A strategy
/// belongs to one thief, and may keep state.
///
/// ``FirstInOrder``, ``RandomStart``, ``RoundRobin``, ``LastSuccess`` and ``LongestFirst`` are ready to use; conform to it for
/// others.
public protocol StealingStrategy: Sendable {
  /// How much to take from a victim.
  var amount: StealAmount { get }

  /// Returns the victim with which a round begins; those after it follow in order, and the first comes after the last.
  ///
  /// - Parameter stealers: the victims, at least one; the thief itself may be among them and is skipped.
  /// - Returns: an index of `stealers`.
  mutating func firstVictim<Element: ~Copyable>(among stealers: [Stealer<Element>]) -> Int

  /// Returns whether to go around again after a round without success.
  ///
  /// - Parameters:
  ///   - round: the number of rounds so far.
  ///   - lostRaces: the number of victims of the last round that returned ``StealResult/retry``, and so probably have
  ///     more.
  mutating func searchesAgain(afterRound round: Int, lostRaces: Int) -> Bool

  /// Notes a success.
  mutating func didSteal(from victim: Int)
}

extension StealingStrategy {
  /// Goes around again as long as a race was lost: another thief then made progress, and there may be more.
  public mutating func searchesAgain(afterRound round: Int, lostRaces: Int) -> Bool { lostRaces > 0 }

  /// Does nothing.
  public mutating func didSteal(from victim: Int) {}
}
