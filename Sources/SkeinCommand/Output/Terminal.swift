import Foundation

/// The terminal at standard error, on which bars are drawn.
enum Terminal {
  /// Whether there is one that can take a line back; one that calls itself "dumb" cannot.
  static var isPresent: Bool {
    isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }

  /// How wide the terminal is now. If it does not know, the environment is asked; if that does not say, it is 80 columns.
  static var width: Int {
    var size = winsize()
    // SAFETY: the call fills the structure it is given, which lives until it returns.
    if unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
      return Int(size.ws_col)
    }
    let columns = ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) }
    return columns.flatMap { $0 > 0 ? $0 : nil } ?? 80
  }

  /// Writes over what is on the line.
  static func redraw(_ line: String) {
    write("\r\(line)\u{1B}[K")
  }

  static func eraseLine() {
    write("\r\u{1B}[K")
  }

  private static func write(_ text: String) {
    // A bar that cannot be drawn is no reason to stop.
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}
