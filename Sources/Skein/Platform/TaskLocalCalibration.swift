internal import CSkein
internal import Synchronization

/// Whether task-local values are kept as skein_task_locals.h says, and where.
///
/// It is found out by watching what changes when values are set, and then by trying. All this happens on threads made for it, which
/// have no other values. Whatever is not exactly as expected ends it, and then task-local values stay where they are.
enum TaskLocalCalibration {
  /// Where they are kept, if they are kept as expected.
  static let layout: skein_task_locals_layout? = calibrate()

  /// Two variables of our own, to set and to look for.
  @TaskLocal static var outer: UInt = 1
  @TaskLocal static var inner: UInt = 2

  // Runtimes before 6.3 free what they have not allocated when an isolated `deinit` ends on a thread that sees values but
  // runs no task (github.com/swiftlang/swift/pull/85204): not a state to bring about.
  #if os(Linux) && compiler(>=6.3)

    private static func calibrate() -> skein_task_locals_layout? {
      onThread {
        guard let layout = TaskLocalProber().layout(), canLend(layout) else { return nil }
        return layout
      } ?? nil
    }

    /// What a closure gives on a thread of its own, or nothing if there can be none.
    private static func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) -> Value? {
      let answer = Answer<Value>()
      let started = try? SystemThread(name: "skein-calibrate", stackSize: 256 * 1024) { answer.value = body() }
      guard let thread = started else { return nil }
      thread.join()
      return answer.value
    }

    /// What a closure gives in a task on this thread, or nothing if the runtime does not run the task here and at once.
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

    /// Lends values of this thread to another one, outside of a task and in one.
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

    /// Sees the values of another thread, alone and in the midst of values of its own.
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
