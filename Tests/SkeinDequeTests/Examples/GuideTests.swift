import Foundation
import SkeinDeque
import Synchronization
import Testing

/// The code in the documentation is code that compiles: every fragment stands in a file of these tests, line by line.
@Suite struct GuideTests {
  static let articles = ["SkeinDeque", "Writing-your-own-scheduler", "Guarantees", "Memory-order"]

  @Test(arguments: articles)
  func everyFragmentCompiles(article: String) throws {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let documentation = tests.appending(path: "../../Sources/SkeinDeque/Documentation.docc")
    let compiled = try ["FindTaskTests", "Examples/ExampleScheduler", "Examples/GuideExamples"]
      .map { try lines(of: String(contentsOf: tests.appending(path: $0 + ".swift"), encoding: .utf8)) }
    let text = try String(contentsOf: documentation.appending(path: article + ".md"), encoding: .utf8)
    for fragment in text.components(separatedBy: "```swift\n").dropFirst() {
      let code = lines(of: fragment.components(separatedBy: "```")[0])
      expect(code.count > 1 && compiled.contains { $0.contains(code) }, "not compiled: \(code)")
    }
  }

  @Test func theSchedulerIsShort() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "ExampleScheduler.swift")
    expect(try String(contentsOf: file, encoding: .utf8).split(separator: "\n").count < 100)
  }

  /// Without indentation and empty lines.
  private func lines(of text: String) -> [String] {
    text.components(separatedBy: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
  }

  @Test func theLoopOfAWorker() {
    var deque = WorkStealingDeque<Action>(order: .lifo)
    let queue = InjectionQueue<Action>()
    let count = Count()
    deque.push { count.value.add(1, ordering: .relaxed) }
    queue.push { count.value.add(10, ordering: .relaxed) }
    var waits = 0
    let recorder = runWorker(0, &deque, queue, [deque.stealer], while: { waits == 0 }, otherwise: { waits += 1 })
    expectEqual(count.value.load(ordering: .relaxed), 11)
    expect(recorder.tasksRun == 2 && recorder.ownTasks == 1)
    var bounded = BoundedWorkStealingDeque<Action>(order: .lifo, capacity: 1)
    for _ in 0..<2 { submit({ count.value.add(100, ordering: .relaxed) }, to: &bounded) }
    expectEqual(count.value.load(ordering: .relaxed), 111)
  }

  private final class Count: Sendable {
    let value = Atomic(0)
  }
}
