import Testing

/// `#expect` for conditions that call mutating methods of non-copyable values, which the macro cannot take apart.
func expect(
  _ condition: Bool, _ comment: @autoclosure () -> Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
) {
  if !condition { Issue.record(comment(), sourceLocation: sourceLocation) }
}

/// `#expect(one == other)` for the same.
func expectEqual<Value: Equatable>(_ one: Value, _ other: Value, sourceLocation: SourceLocation = #_sourceLocation) {
  if one != other { Issue.record("\(one) is not \(other)", sourceLocation: sourceLocation) }
}
