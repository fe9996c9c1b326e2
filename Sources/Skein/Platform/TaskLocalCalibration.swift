internal import CSkein
internal import Synchronization

/// Finds out whether task-local values are stored as skein_task_locals.h describes, and where.
///
/// It watches what changes when values are set, and then verifies by trying. All this happens on threads made for it,
/// which have no other values. Any deviation from the expected ends it, and task-local values are then not carried to
/// other threads.
enum TaskLocalCalibration {
  /// Where the values are stored, if they are stored as expected.
  static let layout: skein_task_locals_layout? = calibrate()

  /// Two variables of our own, to set and to search for.
  @TaskLocal static var outer: UInt = 1
  @TaskLocal static var inner: UInt = 2

  // Runtimes before 6.3 free memory that they have not allocated when an isolated `deinit` ends on a thread that sees
  // values but runs no task (github.com/swiftlang/swift/pull/85204): a state to be avoided.
  #if os(Linux) && compiler(>=6.3)

    private static func calibrate() -> skein_task_locals_layout? {
      onThread {
        guard let layout = TaskLocalProber().layout(), canLend(layout) else { return nil }
        return layout
      } ?? nil
    }

    /// Returns the result of a closure on a thread of its own, or nil if no thread can be started.
    private static func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) -> Value? {
      let answer = Answer<Value>()
      let started = try? SystemThread(name: "skein-calibrate", stackSize: 256 * 1024) { answer.value = body() }
      guard let thread = started else { return nil }
      thread.join()
      return answer.value
    }

    /// Returns the result of a closure in a task on this thread, or nil if the runtime does not run the task here and
    /// at once.
    static func inTask<Value: Sendable>(_ body: @escaping @Sendable () -> Value) -> Value? {
      let answer = Answer<Value>()
      let here = threadIdentity
      _ = Task<Void, Never>.immediateDetached { if threadIdentity == here { answer.value = body() } }
      return answer.value
    }

    private static var threadIdentity: UInt { unsafe UInt(bitPattern: skein_task_locals_block_here().words) }

    private final class Answer<Value: Sendable>: Sendable {
      private let stored = Mutex<Value?>(nil)

      var value: Value? {
        get { stored.withLock { $0 } }
        set { stored.withLock { $0 = newValue } }
      }
    }

    // MARK: Trying

    /// Returns whether values of this thread can be lent to another one, outside of a task and in one.
    private static func canLend(_ layout: skein_task_locals_layout) -> Bool {
      @Sendable func lend() -> Bool {
        let place = unsafe TaskLocalPlace(skein_task_locals_view_here(layout))
        guard seesNothing(place) else { return false }
        let isGood = $outer.withValue(11) {
          $inner.withValue(13) {
            let values = place.values
            let isGood = onThread { canBorrow(values, layout) && inTask { canBorrow(values, layout) } == true } == true
            return isGood && place.values == values && outer == 11 && inner == 13
          }
        }
        return isGood && seesNothing(place)
      }
      return lend() && inTask(lend) == true
    }

    private static func seesNothing(_ place: TaskLocalPlace) -> Bool {
      place.values == .none && outer == 1 && inner == 2
    }

    /// Returns whether the values of another thread can be seen, alone and among values of this thread's own.
    private static func canBorrow(_ values: TaskLocalValues, _ layout: skein_task_locals_layout) -> Bool {
      let place = unsafe TaskLocalPlace(skein_task_locals_view_here(layout))
      func use() -> Bool {
        let own = (place.values, outer, inner)
        let isGood = place.with(values) {
          let isGood = $outer.withValue(17) {
            let isGood = outer == 17 && inner == 13 && place.with(.none) { seesNothing(place) && canPush() }
            return isGood && outer == 17 && place.with(values) { outer == 11 } && outer == 17 && inner == 13
          }
          return isGood && place.values == values && outer == 11 && inner == 13
        }
        return isGood && own == (place.values, outer, inner)
      }
      func canPush() -> Bool { $inner.withValue(19) { inner == 19 && outer == 1 } && seesNothing(place) }
      guard seesNothing(place) else { return false }
      return use() && $outer.withValue(23, operation: use) && seesNothing(place)
    }

  #else

    private static func calibrate() -> skein_task_locals_layout? { nil }

  #endif
}
