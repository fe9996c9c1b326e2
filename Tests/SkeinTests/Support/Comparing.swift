import Testing

/// Expects two values to be equal. (A function, which compiles faster than as many macros.)
func expectEqual<T: Equatable>(
  _ value: T, _ expected: T, _ name: @autoclosure () -> String, sourceLocation: SourceLocation = #_sourceLocation
) {
  if value != expected {
    Issue.record(
      "\(name()): \("\(value)".prefix(300)) is not \("\(expected)".prefix(300))", sourceLocation: sourceLocation)
  }
}

/// The error that a closure throws.
func failure<Value, E: Error>(_ body: () throws(E) -> Value) -> E? {
  do throws(E) {
    _ = try body()
    return nil
  } catch {
    return error
  }
}

/// The numbers below a count, as a sequence that is nothing more.
struct Pulled: Sequence, Sendable {
  let count: Int

  init(_ count: Int) { self.count = count }

  func makeIterator() -> AnyIterator<Int> {
    var next = 0
    let count = count
    return AnyIterator {
      if next == count { return nil }
      defer { next += 1 }
      return next
    }
  }
}

/// A reference that is not `Sendable`, and counts its life.
final class Workspace {
  var buffer: [Int] = []
  private let life: LifeTracked

  init(_ lives: Lives) { life = LifeTracked(0, lives) }
}
