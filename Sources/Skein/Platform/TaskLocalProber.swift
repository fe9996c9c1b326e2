#if os(Linux) && compiler(>=6.3)

  internal import CSkein

  /// Watches the words of one thread while task-local variables are set on it.
  ///
  /// A word is taken for an address only if it was null before, was always the same while there were values, and was
  /// null again afterwards; and only if there is memory at that address.
  ///
  /// SAFETY: `block` is the thread-local block of the runtime's library on the thread that made the prober, which is the only one to use it.
  @safe
  struct TaskLocalProber: @unchecked Sendable {
    private let block: skein_task_locals_block

    init() { unsafe block = skein_task_locals_block_here() }

    /// Returns where the values are, if they can be found.
    func layout() -> skein_task_locals_layout? {
      // Anything made on first use is made now, so that it does not count as a change.
      TaskLocalCalibration.$outer.withValue(3) {}
      _ = TaskLocalCalibration.inTask {}

      guard unsafe block.words != nil, currentTask == 0,
        let task = agreed({ findTask() }), let storage = agreed({ findStorage() }), task != storage,
        let head = agreed({ TaskLocalCalibration.inTask { findHead() } ?? nil })
      else { return nil }
      let size = MemoryLayout<UInt>.size
      return unsafe skein_task_locals_layout(
        module: block.module, distance: block.distance, task: task * size, storage: storage * size, head: head * size)
    }

    /// Returns the result that three attempts agree on.
    private func agreed(_ find: () -> Int?) -> Int? {
      guard let first = find(), find() == first, find() == first else { return nil }
      return first
    }

    // MARK: Words

    /// The runtime's thread-local words, as they are now.
    private var threadWords: [UInt] {
      guard let words = unsafe block.words else { return [] }
      return (0..<(unsafe block.count)).map { unsafe UInt(bitPattern: words[$0]) }
    }

    /// The beginning of the current task, as it is now. A task is longer than this in every version, and its head is
    /// near the beginning.
    private var taskWords: [UInt] { words(at: currentTask, count: 24) ?? [] }

    private var currentTask: UInt { unsafe UInt(bitPattern: skein_task_locals_current_task()) }

    /// Returns the words at an address, if it is valid.
    private func words(at address: UInt, count: Int) -> [UInt]? {
      let isMemory = skein_task_locals_is_memory(address, count * MemoryLayout<UInt>.size)
      guard isMemory, address % UInt(MemoryLayout<UInt>.alignment) == 0 else { return nil }
      guard let start = unsafe UnsafePointer<UInt>(bitPattern: address) else { return nil }
      return (0..<count).map { unsafe start[$0] }
    }

    // MARK: The task

    /// Returns the thread-local word that is the current task inside a task and inside a nested one, and null outside.
    private func findTask() -> Int? {
      let before = threadWords
      let during = TaskLocalCalibration.inTask { () -> [(task: UInt, words: [UInt])] in
        let outer = (currentTask, threadWords)
        let inner = TaskLocalCalibration.inTask { (currentTask, threadWords) }
        return [outer, inner ?? (0, []), (currentTask, threadWords)]
      }
      let after = threadWords
      guard let during, during[0].task != 0, during[1].task != 0, during[0].task != during[1].task,
        during[2].task == during[0].task, during.allSatisfy({ $0.words.count == before.count })
      else { return nil }
      return before.indices.only { index in
        before[index] == 0 && after[index] == 0 && during.allSatisfy { $0.words[index] == $0.task }
      }
    }

    // MARK: The values

    /// Returns the words without a value, with one, with two, with one, and without.
    private func watch(_ words: () -> [UInt]) -> [[UInt]] {
      let before = words()
      let during = TaskLocalCalibration.$outer.withValue(5) {
        let first = words()
        let second = TaskLocalCalibration.$inner.withValue(7, operation: words)
        return [first, second, words()]
      }
      return [before] + during + [words()]
    }

    /// Returns the thread-local word that points to a storage with the head while there are values, and is null
    /// otherwise.
    private func findStorage() -> Int? {
      let seen = watch { threadWords }
      let found = seen[0].indices.only { index in
        seen[0][index] == 0 && seen[1][index] != 0 && seen[2][index] == seen[1][index]
          && seen[3][index] == seen[1][index]
          && seen[4][index] == 0
      }
      guard let index = found, showsLists({ words(at: threadWords[index], count: 1)?.first }) else { return nil }
      return index
    }

    /// Returns the word of the current task, which has no values yet, that is the head.
    private func findHead() -> Int? {
      let seen = watch { taskWords }
      let found = seen[0].indices.only { index in
        seen[0][index] == 0 && seen[1][index] != 0 && seen[2][index] != 0 && seen[2][index] != seen[1][index]
          && seen[3][index] == seen[1][index] && seen[4][index] == 0
      }
      guard let index = found, showsLists({ taskWords[index] }) else { return nil }
      return index
    }

    /// Returns whether the head that a closure finds leads to exactly the values that are set, each item as the runtime
    /// writes it: the address of the next one, with zero for a plain value in its lowest bits; the variable; the type;
    /// the value.
    private func showsLists(_ head: () -> UInt?) -> Bool {
      func item(_ next: UInt, _ variable: TaskLocal<UInt>, _ value: UInt) -> [UInt] {
        [
          next, unsafe UInt(bitPattern: Unmanaged.passUnretained(variable).toOpaque()),
          unsafe UInt(bitPattern: unsafeBitCast(UInt.self as any Any.Type, to: UnsafeRawPointer.self)), value,
        ]
      }
      return TaskLocalCalibration.$outer.withValue(29) {
        guard let first = head(), words(at: first, count: 4) == item(0, TaskLocalCalibration.$outer, 29) else {
          return false
        }
        let isGood = TaskLocalCalibration.$inner.withValue(31) {
          guard let second = head() else { return false }
          return words(at: second, count: 4) == item(first, TaskLocalCalibration.$inner, 31)
        }
        return isGood && head() == first
      }
    }
  }

  extension Range<Int> {
    /// Returns the number that satisfies a condition, if exactly one does.
    fileprivate func only(_ condition: (Int) -> Bool) -> Int? {
      let found = filter(condition)
      return found.count == 1 ? found[0] : nil
    }
  }

#endif
