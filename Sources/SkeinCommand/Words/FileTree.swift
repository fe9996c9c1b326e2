import Foundation

/// The regular files under a path, and what could not be looked at.
struct FileTree: Sendable {
  var files: [String] = []
  var unreadable: [Unreadable] = []

  struct Unreadable: Codable, Sendable, Comparable {
    var path: String
    var reason: String

    static func < (a: Self, b: Self) -> Bool { a.path < b.path }
  }

  /// Looks through the directory, or takes the one file that the path names.
  ///
  /// Names that begin with a point are left out below the path itself. A symbolic link to a file counts as that file; one to a
  /// directory is not followed, so that the search ends. Pipes, sockets and devices are left out.
  init(at path: String) throws {
    guard !path.isEmpty else { throw CommandFailure("the path is empty") }
    switch Self.kind(of: path) {
    case .success(.directory): visit(path)
    case .success(.file): files = [path]
    case .success(.other): throw CommandFailure("neither a file nor a directory: \(path)")
    case .failure(let failure): throw CommandFailure("cannot read \(path): \(failure.reason)")
    }
  }

  private mutating func visit(_ root: String) {
    var directories = [root]
    while let directory = directories.popLast() {
      let names: [String]
      do {
        names = try FileManager.default.contentsOfDirectory(atPath: directory)
      } catch {
        unreadable.append(Unreadable(path: directory, reason: reason(of: error)))
        continue
      }
      for name in names where !name.hasPrefix(".") {
        let path = directory.hasSuffix("/") ? directory + name : "\(directory)/\(name)"
        switch Self.kind(of: path) {
        case .success(.directory):
          if !Self.isLink(path) { directories.append(path) }
        case .success(.file): files.append(path)
        case .success(.other): break
        case .failure(let failure):
          // Foundation puts this in place of bytes that it does not understand, and so cannot find the file again.
          let reason = name.contains("\u{FFFD}") ? "its name is not UTF-8" : failure.reason
          unreadable.append(Unreadable(path: path, reason: reason))
        }
      }
    }
    files.sort()
    unreadable.sort()
  }

  private enum Kind {
    case file, directory, other
  }

  private struct StatusFailure: Error {
    var reason: String
  }

  /// What is at the path, at the end of all symbolic links.
  private static func kind(of path: String) -> Result<Kind, StatusFailure> {
    do {
      // Foundation looks at the link itself: resolve it first, all but a broken one.
      let target = isLink(path) ? URL(fileURLWithPath: path).resolvingSymlinksInPath().path : path
      switch try FileManager.default.attributesOfItem(atPath: target)[.type] as? FileAttributeType {
      case .typeRegular: return .success(.file)
      case .typeDirectory: return .success(.directory)
      case .typeSymbolicLink: return .failure(StatusFailure(reason: "a symbolic link that leads nowhere"))
      default: return .success(.other)
      }
    } catch {
      return .failure(StatusFailure(reason: SkeinCommand.reason(of: error)))
    }
  }

  private static func isLink(_ path: String) -> Bool {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil
  }
}
