/// Runs an asynchronous `body`, and ends the process with a message if that takes too long: a test that hangs fails.
@discardableResult
func withAsyncTimeout<Result>(
  _ limit: Duration = .seconds(60), isolation: isolated (any Actor)? = #isolation, function: String = #function,
  line: Int = #line, _ body: () async throws -> Result
) async rethrows -> Result {
  let finished = watch(limit, function, line)
  defer { finished.set() }
  return try await body()
}
