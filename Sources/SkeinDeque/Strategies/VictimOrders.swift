/// Always tries the victims in the same order: the simplest strategy, and the one that crowds thieves at the first
/// victim.
public struct FirstInOrder: StealingStrategy {
  public var amount: StealAmount

  /// - Parameter amount: How much to take from a victim that has something.
  public init(amount: StealAmount = .batch()) { self.amount = amount }

  public mutating func firstVictim<Element: ~Copyable>(among stealers: [Stealer<Element>]) -> Int { 0 }
}

/// Starts at a random victim each time: spreads thieves without coordination.
///
/// Blumofe and Leiserson, "Scheduling Multithreaded Computations by Work Stealing" (1999), whose bounds rest on it.
public struct RandomStart: StealingStrategy {
  public var amount: StealAmount
  private var state: UInt64

  /// - Parameters:
  ///   - seed: makes the sequence of victims reproducible; give each thief a different one.
  ///   - amount: how much to take at once.
  public init(seed: UInt64, amount: StealAmount = .batch()) {
    self.amount = amount
    // The generator must not start at zero; the constant is the golden ratio's fraction.
    state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
  }

  public mutating func firstVictim<Element: ~Copyable>(among stealers: [Stealer<Element>]) -> Int {
    // Marsaglia, "Xorshift RNGs" (2003).
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state.multipliedFullWidth(by: UInt64(stealers.count)).high)
  }
}

/// Starts after the victim that it last stole from: takes from all in turn, and leaves each of them time to produce
/// more.
public struct RoundRobin: StealingStrategy {
  public var amount: StealAmount
  private var next: Int

  /// - Parameters:
  ///   - start: the first victim of all; give each thief a different one, for instance its own number.
  ///   - amount: how much to take at once.
  /// - Precondition: `start` is not negative.
  public init(startingAt start: Int = 0, amount: StealAmount = .batch()) {
    if start < 0 { trap("There is no victim \(start)") }
    self.amount = amount
    next = start
  }

  public mutating func firstVictim<Element: ~Copyable>(among stealers: [Stealer<Element>]) -> Int {
    next % stealers.count
  }

  public mutating func didSteal(from victim: Int) { next = victim + 1 }
}

/// Starts where it last had success: a victim that had more than it could use probably still has.
public struct LastSuccess: StealingStrategy {
  public var amount: StealAmount
  private var last: Int

  /// - Parameters:
  ///   - start: the first victim of all; give each thief a different one, for instance its own number.
  ///   - amount: how much to take at once.
  /// - Precondition: `start` is not negative.
  public init(startingAt start: Int = 0, amount: StealAmount = .batch()) {
    if start < 0 { trap("There is no victim \(start)") }
    self.amount = amount
    last = start
  }

  public mutating func firstVictim<Element: ~Copyable>(among stealers: [Stealer<Element>]) -> Int {
    last % stealers.count
  }

  public mutating func didSteal(from victim: Int) { last = victim }
}

/// Starts at the victim that has the most elements: fewest steals, at the cost of reading the count of each victim.
///
/// By default it takes half, where the other strategies take a batch of 32 at most: it knows that no victim has more,
/// and avoids the next search; they have guessed, and a small batch limits the effect of a bad guess.
public struct LongestFirst: StealingStrategy {
  public var amount: StealAmount

  /// - Parameter amount: How much to take from a victim that has something.
  public init(amount: StealAmount = .half) { self.amount = amount }

  public mutating func firstVictim<Element: ~Copyable>(among stealers: [Stealer<Element>]) -> Int {
    var longest = 0
    var most = -1
    for index in stealers.indices {
      let count = stealers[index].approximateCount
      if count > most { (longest, most) = (index, count) }
    }
    return longest
  }
}
