/// How a thief looks for work: whom it asks first, how much it takes, and when it gives up.
///
/// A search goes around all victims once, from the one that ``firstVictim(among:)`` names, and takes from the first that has
/// something. Then it asks ``searchesAgain(afterRound:lostRaces:)`` whether to go around once more. A strategy belongs to
/// one thief, and may remember what happened.
///
/// ``FirstInOrder``, ``RandomStart``, ``RoundRobin``, ``LastSuccess`` and ``LongestFirst`` are ready to use; conform to it for
/// others.
public protocol StealingStrategy: Sendable {
  /// How much to take from a victim.
  var amount: StealAmount { get }

  /// The victim with which a round begins; those after it follow in order, and the first comes after the last.
  ///
  /// - Parameter stealers: the victims, at least one; the thief itself may be among them and is passed over.
  /// - Returns: an index of `stealers`.
  mutating func firstVictim<Element: ~Copyable>(among stealers: [Stealer<Element>]) -> Int

  /// Whether to go around again after a round without success.
  ///
  /// - Parameters:
  ///   - round: how many rounds there have been.
  ///   - lostRaces: how many victims of the last round answered ``StealResult/retry``, and so probably have more.
  mutating func searchesAgain(afterRound round: Int, lostRaces: Int) -> Bool

  /// Takes note of a success.
  mutating func didSteal(from victim: Int)
}

extension StealingStrategy {
  /// Goes around again as long as a race was lost: then some other thief got on, and there may be more.
  public mutating func searchesAgain(afterRound round: Int, lostRaces: Int) -> Bool { lostRaces > 0 }

  /// Remembers nothing.
  public mutating func didSteal(from victim: Int) {}
}
