import Foundation
import Synchronization

/// The signals by which users end a program: this one takes its child with it and leaves no bar behind, then ends by that signal, as if
/// it had done nothing.
enum Interruption {
  static let signals = [SIGHUP, SIGINT, SIGTERM]

  /// The process that must not outlive this one.
  private static let child = Mutex<Process?>(nil)

  /// From here on a thread of its own waits for the signals; every other thread blocks them, for it inherits that from the one that calls this,
  /// which must be the first.
  ///
  /// A signal that is ignored stays ignored: `nohup` means it.
  static func watch() {
    var set = sigset_t()
    // SAFETY: these calls read and write the set, which lives until they return.
    unsafe sigemptyset(&set)
    for number in signals where !isIgnored(number) {
      unsafe sigaddset(&set, number)
    }
    guard unsafe pthread_sigmask(SIG_BLOCK, &set, nil) == 0 else { return }
    Thread.detachNewThread { [set] in
      var set = set
      var number: Int32 = 0
      // SAFETY: the call reads the set and writes the number; both live until it returns.
      while unsafe sigwait(&set, &number) != 0 {}
      end(by: number)
    }
  }

  /// Runs the body while the process, which has just been started, is the one that ends with this one.
  static func withChild<Result>(_ process: Process, _ body: () throws -> Result) rethrows -> Result {
    child.withLock { $0 = process }
    // If a signal has come meanwhile, its thread holds the lock to the end.
    defer { child.withLock { $0 = nil } }
    return try body()
  }

  /// Ends this process by the signal, and the child before.
  static func end(by number: Int32) -> Never {
    child.withLock { child in
      if let child, child.isRunning {
        kill(child.processIdentifier, SIGKILL)
        // It is gone within moments; a system that cannot end it is no reason to stay.
        let watch = Stopwatch()
        while child.isRunning, watch.seconds < 2 { usleep(1000) }
      }
      if Terminal.isPresent { Terminal.eraseLine() }
      var set = sigset_t()
      // SAFETY: these calls read and write the set, which lives until they return.
      signal(number, SIG_DFL)
      unsafe sigemptyset(&set)
      unsafe sigaddset(&set, number)
      raise(number)
      unsafe pthread_sigmask(SIG_UNBLOCK, &set, nil)
    }
    // Only for a signal whose default is not to end.
    _exit(128 + number)
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    // SAFETY: actions are as wide as an integer.
    let before = signal(number, SIG_DFL)
    let isIgnored = unsafe unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    if isIgnored { signal(number, SIG_IGN) }
    return isIgnored
  }
}
