import Foundation
import Skein

extension Tally {
  /// Reads one file and adds its words, or only counts that it is binary or cannot be read.
  ///
  /// A file is binary if it has a zero byte or is not UTF-8.
  mutating func count(fileAt path: String) {
    do {
      guard let text = try readText(path) else {
        binaryFiles += 1
        return
      }
      textFiles += 1
      count(text)
    } catch let failure as CommandFailure {
      unreadable.append(.init(path: path, reason: failure.description))
    } catch {
      unreadable.append(.init(path: path, reason: reason(of: error)))
    }
  }
}

/// The text of a file, or `nil` if it is binary.
///
/// Read piece by piece: some files of the system say that they are empty and never end.
private func readText(_ path: String) throws -> String? {
  let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
  defer { try? file.close() }
  var data = Data()
  while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
    if piece.contains(0) { return nil }
    data.append(piece)
    if data.count > 1 << 30 { throw CommandFailure("larger than \(size(1 << 30))") }
  }
  return String(data: data, encoding: .utf8)
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
