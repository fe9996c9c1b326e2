package import SkeinDeque

/// One run of a script: threads that use shared words, and a look at the outcome.
package struct Execution {
  var threads: [() -> Void]
  /// Whether a thread may trap. It then ends there, and the others go on.
  var mayTrap: Bool
  /// Whether a sleep with a time limit comes to its end by itself, at any moment. Otherwise it does not, so that what only time would mend is
  /// found.
  var timePasses: Bool
  /// What is wrong in the end, if anything; runs after all threads, unscheduled.
  var check: () -> String?

  package init(
    threads: [() -> Void], mayTrap: Bool = false, timePasses: Bool = false, check: @escaping () -> String?
  ) {
    self.threads = threads
    self.mayTrap = mayTrap
    self.timePasses = timePasses
    self.check = check
  }
}

/// A short script for an explorer.
package struct Script: Sendable, CustomStringConvertible {
  package let name: String
  /// How many times a thread may be interrupted that could go on; `nil` where all schedules are explored.
  package let preemptionBound: Int?
  /// How many schedules are explored every day, if all of them take too long.
  package let dailyLimit: Int?
  package let make: @Sendable () -> Execution

  package init(
    name: String, preemptionBound: Int? = nil, dailyLimit: Int? = nil, make: @escaping @Sendable () -> Execution
  ) {
    self.name = name
    self.preemptionBound = preemptionBound
    self.dailyLimit = dailyLimit
    self.make = make
  }

  package var description: String { name }

  /// - Parameter isDeeper: Whether there may be one interruption more.
  package func explore(
    breaking rule: Rule? = nil, with mutation: Mutation? = nil, weak: Bool = false, limit: Int = 200_000,
    isDeeper: Bool = false, naming name: Explorer.Naming? = nil
  ) -> Explorer.Report {
    Explorer.explore(
      preemptionBound: preemptionBound.map { isDeeper ? $0 + 1 : $0 }, breaking: rule, with: mutation, weak: weak,
      limit: limit, naming: name, make)
  }
}
