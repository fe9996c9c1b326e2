import Skein
import Testing

private enum Place { @TaskLocal static var name = "nowhere" }

private struct Image: Sendable {
  let size: Int
  var thumbnail: Int { size / 10 }
}

/// The page's actor.
private actor Catalogue {
  var images = (0..<100).map(Image.init)

  func thumbnails() async -> [Int] {
    let images = images
    return await ThreadPool.shared.run { Array(images.parallel.map { $0.thumbnail }) }
  }
}

/// Each spelling on the page "Coming from TaskGroup", and what it gives.
@Suite struct ComingFromTaskGroupTests {
  @Test func computing() async {
    let xs = Array(0..<1000)
    #expect(await ThreadPool.shared.run { Array(xs.parallel.map { $0 * 2 }) } == xs.map { $0 * 2 })
    let both = await ThreadPool.shared.run {
      join {
        1
      } and: {
        "b"
      }
    }
    #expect(both == (1, "b"))
    #expect(await ThreadPool.shared.run { xs.parallel(maximumInFlight: 2).map { $0 }.sum() } == 499_500)
    #expect(await Catalogue().thumbnails() == (0..<100).map { $0 / 10 })
  }

  @Test func theFirstErrorInOrder() async {
    await #expect(throws: TestError(3)) {
      try await ThreadPool.shared.run { () throws(TestError) in
        try (0..<1000).parallel.forEach { (i) throws(TestError) in if i >= 3 { throw TestError(i) } }
      }
    }
  }

  @Test func cancellation() async {
    let begun = Flag()
    let task = Task {
      try await ThreadPool.shared.run {
        begun.set()
        while true {
          try ThreadPool.checkCancellation()
          yieldThread()
        }
      }
    }
    while !begun.isSet { await Task.yield() }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test func taskLocalValues() async {
    let names = await Place.$name.withValue("here") {
      await ThreadPool.shared.run { Set((0..<100).parallel.map { _ in Place.name }) }
    }
    #expect(names == ["here"])
  }
}
