/// Ends the process with a message, in every build.
@usableFromInline
@inline(never)
func trap(_ message: String, file: StaticString = #file, line: UInt = #line) -> Never {
  fatalError(message, file: file, line: line)
}

/// The precondition of every batch.
@inlinable @inline(__always)
package func checkLimit(_ limit: Int) {
  if limit < 1 { trap("A batch has a limit of at least 1 element") }
}
