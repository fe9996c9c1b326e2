/// Counts the lives of `LifeTracked` values.
final class Lives: Sendable {
  private let born = Counter()
  private let died = Counter()

  func begin() { born.add() }
  func end() { died.add() }

  var bornCount: Int { born.value }
  var alive: Int { born.value - died.value }
}

/// A reference-counted value that is counted from its making to its destruction.
final class LifeTracked: Sendable {
  let value: Int
  private let lives: Lives

  init(_ value: Int, _ lives: Lives) {
    self.value = value
    self.lives = lives
    lives.begin()
  }

  deinit { lives.end() }
}
