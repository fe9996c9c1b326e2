import Foundation
import Skein

extension Tally {
  /// Reads one file and adds its words, or only counts that it is binary or cannot be read.
  ///
  /// A file is binary if it has a zero byte or is not UTF-8.
  mutating func count(fileAt path: String) {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      unreadable.append(.init(path: path, reason: reason(of: error)))
      return
    }
    guard !data.contains(0), let text = String(data: data, encoding: .utf8) else {
      binaryFiles += 1
      return
    }
    textFiles += 1
    count(text)
  }
}

/// Counts the words of the files one after another.
func countWords(_ files: [String]) -> Tally {
  files.reduce(into: Tally()) { $0.count(fileAt: $1) }
}

/// Counts the words of the files in parallel, files at a time; the answer is that of `countWords(_:)`.
func countWords(_ files: [String], in pool: ThreadPool, progress: ProgressBar? = nil) -> Tally {
  files.parallel(in: pool).reduce(into: Tally()) { tally, file in
    tally.count(fileAt: file)
    progress?.advance()
  } combine: { tally, other in
    tally.merge(other)
  }
}
