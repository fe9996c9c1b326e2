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

  init(_ title: String, total: Int, isVisible: Bool = Terminal.isPresent) {
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
        // The width is asked for each time: the window may have changed.
        Terminal.redraw(Self.line(title, count, of: total, width: Terminal.width))
        isDrawn = true
      }
      Thread.sleep(forTimeInterval: 0.1)
    }
    if isDrawn {
      Terminal.eraseLine()
    }
  }

  /// One line of the bar: title, at most forty cells and the percentage, so much shorter than `width` that no terminal goes on to
  /// a second line, not even for the "^C" that it adds when a user interrupts.
  ///
  /// Where there is little room the title is cut; where there is less, the cells are left out, then the title, then everything.
  static func line(_ title: String, _ count: Int, of total: Int, width: Int) -> String {
    let done = min(max(count, 0), total)
    // Not `done * 100 / total`, which could overflow.
    let fraction = Double(done) / Double(max(total, 1))
    let percent = "\(Int(fraction * 100)) %"
    let room = width - 3
    let padded = String(repeating: " ", count: 5 - percent.count) + percent
    // Two brackets and two blanks.
    let roomForBoth = room - padded.count - 4
    if roomForBoth >= 20 {
      let title = shortened(title, to: max(roomForBoth - 40, roomForBoth / 2))
      let cells = min(roomForBoth - displayWidth(title), 40)
      let full = Int(fraction * Double(cells))
      let bar = String(repeating: "=", count: full) + String(repeating: " ", count: cells - full)
      return "\(title) [\(bar)] \(padded)"
    }
    if room >= 12 {
      return "\(shortened(title, to: room - padded.count - 1)) \(padded)"
    }
    return room >= percent.count ? percent : ""
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
