import Synchronization

/// McIlroy, "A killer adversary for quicksort", 1999: decides how elements compare only when it must, so that pivots turn out low.
final class Adversary: Sendable {
  private struct State {
    var values: [Int]
    var solid = 0
    var candidate = 0
    var comparisons = 0
  }
  private let state: Mutex<State>
  private let undecided: Int

  /// Every other element is decided from the start, so that there are no runs.
  init(_ count: Int, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    undecided = count
    var state = State(values: [Int](repeating: count, count: count))
    for index in stride(from: 0, to: count, by: 2) {
      state.values[index] = Int(generator.next() % UInt64(count / 2))
    }
    state.solid = count / 2
    self.state = Mutex(state)
  }

  func precedes(_ left: Int, _ right: Int) -> Bool {
    state.withLock { state in
      state.comparisons += 1
      if state.values[left] == undecided, state.values[right] == undecided {
        state.values[left == state.candidate ? left : right] = state.solid
        state.solid += 1
      }
      if state.values[left] == undecided {
        state.candidate = left
      } else if state.values[right] == undecided {
        state.candidate = right
      }
      return state.values[left] < state.values[right]
    }
  }

  var comparisons: Int { state.withLock { $0.comparisons } }
  var values: [Int] { state.withLock { $0.values } }
}
