import InterleavingExplorer
import SkeinDeque

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Holds a deque until the thread that is to own it asks for it.
///
/// SAFETY: `deque` is touched under the lock alone; what is put in was sent, and what is taken out is not kept.
final class HandOver<Element: Sendable>: @unchecked Sendable {
  private let lock = SystemLock()
  private var deque: WorkStealingDeque<Element>?

  init(_ deque: consuming sending WorkStealingDeque<Element>) { self.deque = consume deque }

  func take() -> sending WorkStealingDeque<Element>? {
    // SAFETY: not kept here.
    nonisolated(unsafe) let taken = lock.withLock { deque.take() }
    return unsafe taken
  }

  func put(_ sent: consuming sending WorkStealingDeque<Element>) {
    // SAFETY: sent to this call, and emptied under the lock.
    nonisolated(unsafe) var slot: WorkStealingDeque<Element>? = consume sent
    lock.withLock { deque = unsafe slot.take() }
  }
}

/// Whether the tests run under a sanitizer or another slow build: loops are shorter then.
let scale: Int = {
  #if DEBUG
    return 1
  #else
    return 4
  #endif
}()

/// How many processors there are.
let processorCount = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
