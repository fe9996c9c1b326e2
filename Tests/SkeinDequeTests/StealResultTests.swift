import SkeinDeque
import Testing

@Suite struct StealResultTests {
  typealias Result = StealResult<Int>

  @Test func properties() {
    expect(Result.success(1).isSuccess && !Result.success(1).isEmpty && !Result.success(1).isRetry)
    expect(Result.empty.isEmpty && !Result.empty.isSuccess && !Result.empty.isRetry)
    expect(Result.retry.isRetry && !Result.retry.isSuccess && !Result.retry.isEmpty)
    expect(Result.success(1).element == 1)
    expect(Result.empty.element == nil && Result.retry.element == nil)
  }

  @Test(arguments: [
    (Result.success(1), Result.success(2), Result.success(1)), (.success(1), .empty, .success(1)),
    (.success(1), .retry, .success(1)), (.empty, .success(2), .success(2)), (.empty, .empty, .empty),
    (.empty, .retry, .retry), (.retry, .success(2), .success(2)), (.retry, .empty, .retry), (.retry, .retry, .retry),
  ])
  func orElse(first: Result, second: Result, answer: Result) {
    expect(first.orElse { second } == answer)
  }

  @Test func orElseEvaluatesNothingAfterASuccess() {
    _ = Result.success(1).orElse {
      Issue.record("evaluated")
      return .empty
    }
  }

  @Test func orElsePassesAnErrorOn() {
    struct Failure: Error {}
    #expect(throws: Failure.self) { try Result.empty.orElse { throw Failure() } }
  }

  @Test(arguments: [
    ([Result.empty, .success(1), .success(2)], Result.success(1), 2), ([.retry, .success(1)], .success(1), 2),
    ([.empty, .empty], .empty, 2), ([.empty, .retry, .empty], .retry, 3), ([], .empty, 0),
  ])
  func firstSuccess(attempts: [Result], answer: Result, evaluated: Int) {
    var count = 0
    let result = Result.firstSuccess(
      of: attempts.lazy.map { attempt -> Result in
        count += 1
        return attempt
      })
    expect(result == answer)
    expect(count == evaluated)
  }

  @Test func nonCopyableElements() {
    let tally = Tally(2)
    do {
      let result = StealResult<Unique>.retry.orElse { .success(Unique(0, tally)) }
      expect(result.isSuccess)
      if let element = result.takeElement() { expect(element.identity == 0 && tally.total == 0) }
      let kept = StealResult.success(Unique(1, tally)).orElse { .empty }
      expect(kept.isSuccess)
    }
    #expect(tally.everyOnce)
  }

  @Test func descriptions() {
    expect("\(Result.success(3))" == "success(3)" && "\(Result.empty)" == "empty" && "\(Result.retry)" == "retry")
  }
}
