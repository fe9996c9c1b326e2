import Skein
import Testing

/// Checks that a parallel sequence gives the expected elements wherever its positions are divided: at every i ≤ j, or at some if there are
/// many.
func expectSplits<P: ParallelSequence, Value: Equatable>(
  of sequence: P, _ expected: [Value], _ name: @autoclosure () -> String, _ value: (P.Element) -> Value
) where P.Failure == Never {
  let count = sequence.positionCount
  let step = max(1, count / 32)
  func check(_ found: [Value], _ positions: [Int]) {
    if found != expected { Issue.record("\(name()), divided at \(positions): \(found) instead of \(expected)") }
  }
  unsafe sequence.withSource { source in
    let lend = sequence.lendClosures()
    lend { closures in
      func elements(_ positions: Range<Int>) -> [Value] {
        var found: [Value] = []
        _ = withoutActuallyEscaping(value) { value in
          unsafe P.forEachElement(
            from: source, at: positions, closures: closures, state: &found,
            receive: {
              $1.append(value($0))
              return true
            }, fail: { _, _ in })
        }
        return found
      }
      check(elements(0..<count), [])
      for start in stride(from: 0, through: count, by: step) {
        let head = elements(0..<start)
        for end in stride(from: start, through: count, by: step) {
          check(head + elements(start..<end) + elements(end..<count), [start, end])
        }
      }
    }
  }
}

extension ParallelCollection where Failure == Never {
  /// The element at each position, asked for one by one.
  var elementsByPosition: [Element] {
    unsafe withSource { source in
      var found: [Element] = []
      let lend = lendClosures()
      lend { closures in
        found = (0..<positionCount).map { unsafe Self.element(at: $0, from: source, closures: closures) }
      }
      return found
    }
  }
}

/// Checks a parallel collection's elements, count and divisions.
func expect<P: ParallelCollection>(_ collection: P, toBe expected: [P.Element], _ name: @autoclosure () -> String)
where P.Element: Equatable & Sendable, P.Failure == Never {
  if collection.count != expected.count || collection.elementsByPosition != expected || Array(collection) != expected {
    Issue.record("\(name()): \(Array(collection.prefix(100))) instead of \(expected)")
  }
  expectSplits(of: collection, expected, name()) { $0 }
}
