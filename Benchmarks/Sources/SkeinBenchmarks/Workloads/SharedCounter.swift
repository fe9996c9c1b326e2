import Synchronization

/// A number that several threads count up.
final class SharedCounter: Sendable {
  private let value = Atomic<Int>(0)

  func add(_ amount: Int = 1) { value.wrappingAdd(amount, ordering: .relaxed) }

  /// What has been counted since the last call.
  func take() -> Int { value.exchange(0, ordering: .acquiringAndReleasing) }
}
