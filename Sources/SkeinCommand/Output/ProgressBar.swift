import Foundation
import Synchronization

/// A bar on standard error, drawn only on a terminal and only once the work has taken a second.
///
/// Any thread may call `advance`; a thread of the bar's own draws ten times a second and never delays the work.
final class ProgressBar: Sendable {
  private let title: String
  private let total: Int
  private let completed = Atomic<Int>(0)
  private let isFinished = Atomic<Bool>(false)
  private let drawer = DispatchGroup()

  init(_ title: String, total: Int, isVisible: Bool = isatty(STDERR_FILENO) == 1) {
    self.title = title
    self.total = max(total, 1)
    guard isVisible else { return }
    drawer.enter()
    Thread.detachNewThread { [self] in
      draw()
      drawer.leave()
    }
  }

  func advance(by count: Int = 1) {
    // Pairs with the relaxed load in `draw`; the count orders nothing else.
    completed.add(count, ordering: .relaxed)
  }

  /// Takes the bar off the terminal; returns when that has happened.
  func finish() {
    // Pairs with the acquiring loads in `draw`.
    isFinished.store(true, ordering: .releasing)
    drawer.wait()
  }

  private func draw() {
    let watch = Stopwatch()
    var isDrawn = false
    while !isFinished.load(ordering: .acquiring) {
      if watch.seconds > 1 {
        let count = completed.load(ordering: .relaxed)
        show("\r\(Self.line(title, count, of: total))")
        isDrawn = true
      }
      Thread.sleep(forTimeInterval: 0.1)
    }
    if isDrawn {
      show("\r\u{1B}[K")
    }
  }

  private func show(_ text: String) {
    // A bar that cannot be drawn is no reason to stop.
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }

  /// One line of the bar: title, forty cells and the percentage.
  static func line(_ title: String, _ count: Int, of total: Int) -> String {
    let done = min(max(count, 0), total)
    let cells = done * 40 / total
    let bar = String(repeating: "=", count: cells) + String(repeating: " ", count: 40 - cells)
    let percent = String(done * 100 / total)
    return "\(title) [\(bar)] \(String(repeating: " ", count: 3 - percent.count))\(percent) %"
  }
}

/// Runs the work with a bar that is gone when the work is done, however it ends.
func withProgress<Result>(
  _ title: String, total: Int, _ work: (ProgressBar) throws -> Result
) rethrows -> Result {
  let bar = ProgressBar(title, total: total)
  defer { bar.finish() }
  return try work(bar)
}
