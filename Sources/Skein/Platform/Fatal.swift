/// Traps with a message, in release builds too (where `preconditionFailure` would drop it).
@usableFromInline
@inline(never)
func fatal(_ message: @autoclosure () -> String) -> Never {
  fatalError("Skein: " + message())
}

/// Traps with a message unless the condition holds, in every build.
@inlinable
@inline(__always)
func require(_ condition: Bool, _ message: @autoclosure () -> String) {
  if !condition { fatal(message()) }
}
