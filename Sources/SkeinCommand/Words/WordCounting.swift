import Foundation
import Skein

extension Tally {
  /// Reads one file and adds its words, or only counts that it is binary or cannot be read.
  ///
  /// What text is, and what is binary, `TextFile` says.
  mutating func count(fileAt path: String) {
    do {
      guard let file = try TextFile(at: path) else {
        binaryFiles += 1
        return
      }
      textFiles += 1
      if file.encoding != .utf8 { otherTextFiles += 1 }
      count(file.text)
    } catch let failure as CommandFailure {
      unreadable.append(.init(path: path, reason: failure.description))
    } catch {
      unreadable.append(.init(path: path, reason: reason(of: error)))
    }
  }
}

/// Counts the words of the files one after another.
func countWords(_ files: [String]) -> Tally {
  files.reduce(into: Tally()) { $0.count(fileAt: $1) }
}

/// Counts the words of the files in parallel, several files at a time; the answer is that of `countWords(_:)`.
///
/// Every batch has a tally of its own. To merge two costs as much as to count a file, so there are only a few for each thread.
func countWords(_ files: [String], in pool: ThreadPool, progress: ProgressBar? = nil) -> Tally {
  let batch = max(files.count / (8 * pool.threadCount), 1)
  return files.parallel(in: pool, minimumBatch: batch).reduce(into: Tally()) { tally, file in
    tally.count(fileAt: file)
    progress?.advance()
  } combine: { tally, other in
    tally.merge(other)
  }
}
