import SkeinDeque
import Testing

/// Mistakes end the process, with a message in every build.
@Suite struct TrapTests {
  @Test func aBatchOfNothing() async {
    await #expect(processExitsWith: .failure) {
      let from = WorkStealingDeque<Int>(order: .lifo)
      var into = WorkStealingDeque<Int>(order: .lifo)
      _ = from.stealer.steal(upTo: 0, into: &into)
    }
    await #expect(processExitsWith: .failure) {
      let from = WorkStealingDeque<Int>(order: .lifo)
      var into = WorkStealingDeque<Int>(order: .lifo)
      _ = from.stealer.stealAndPop(upTo: 0, into: &into)
    }
    await #expect(processExitsWith: .failure) {
      var into = WorkStealingDeque<Int>(order: .lifo)
      _ = InjectionQueue<Int>().steal(upTo: 0, into: &into)
    }
  }

  @Test func theMessageNamesTheMistake() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var into = WorkStealingDeque<Int>(order: .lifo)
      _ = InjectionQueue<Int>().stealAndPop(upTo: 0, into: &into)
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    expect(message.contains("A batch has a limit of at least 1 element"), "\(message)")
  }

  @Test func noRoomAtAll() async {
    await #expect(processExitsWith: .failure) { _ = WorkStealingDeque<Int>(order: .lifo, minimumCapacity: 0) }
    await #expect(processExitsWith: .failure) { _ = WorkStealingDeque<Int>(order: .lifo, minimumCapacity: .max) }
  }
}
