import Testing

/// What a process of an exit test wrote to its standard error.
func message(_ result: ExitTest.Result?) -> String {
  String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
}

/// Shows what the process of an exit test had to say, if it should have said nothing.
func expectSilence(_ result: ExitTest.Result?) { #expect(message(result).isEmpty) }

/// Runs something that blocks its thread from an asynchronous test.
func blocking<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result { try body() }
