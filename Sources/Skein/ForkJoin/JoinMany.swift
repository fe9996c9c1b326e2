// `join` of three to six closures, each made of two joins of fewer. They are written out, and no parameter pack, since each
// closure after the first is a trailing closure with a label of its own, as in `join { } and: { } and: { }`: a pack has one
// label, and takes one trailing closure.

/// Runs three closures, possibly in parallel, and returns all results; otherwise like `join(_:and:)`.
///
///     let (names, places, dates) = join { readNames() } and: { readPlaces() } and: { readDates() }
///
/// There are forms of up to six closures. For more, nest them: a closure may call `join` itself.
///
/// - Throws: The error of the first closure, in their order, that threw.
/// - Complexity: The work of all, and the span of the longest one. It allocates nothing.
@discardableResult
@inlinable
@inline(__always)
public func join<First, Second, Third, Failure: Error>(
  _ first: () throws(Failure) -> First,
  and second: @Sendable () throws(Failure) -> sending Second,
  and third: @Sendable () throws(Failure) -> sending Third
) throws(Failure) -> (First, Second, Third) {
  unsafe try joinUnchecked(first, second, third)
}

/// Like the form of the same name whose later results need not be `Sendable`, but also takes functions.
/// - Throws: The error of the first closure, in their order, that threw.
@discardableResult
@_disfavoredOverload
@inlinable
@inline(__always)
public func join<First, Second: Sendable, Third: Sendable, Failure: Error>(
  _ first: () throws(Failure) -> First,
  and second: @Sendable () throws(Failure) -> Second,
  and third: @Sendable () throws(Failure) -> Third
) throws(Failure) -> (First, Second, Third) {
  unsafe try joinUnchecked(first, second, third)
}

/// SAFETY: as for the form of two closures.
@unsafe
@inlinable
@inline(__always)
func joinUnchecked<First, Second, Third, Failure: Error>(
  _ first: () throws(Failure) -> First,
  _ second: @Sendable () throws(Failure) -> Second,
  _ third: @Sendable () throws(Failure) -> Third
) throws(Failure) -> (First, Second, Third) {
  let outcome = unsafe try joinUnchecked({ () throws(Failure) in unsafe try joinUnchecked(first, second) }, third)
  return (outcome.0.0, outcome.0.1, outcome.1)
}

/// Runs four closures, possibly in parallel, and returns all results; otherwise like `join(_:and:)`.
///
/// - Throws: The error of the first closure, in their order, that threw.
/// - Complexity: The work of all, and the span of the longest one. It allocates nothing.
@discardableResult
@inlinable
@inline(__always)
public func join<First, Second, Third, Fourth, Failure: Error>(
  _ first: () throws(Failure) -> First,
  and second: @Sendable () throws(Failure) -> sending Second,
  and third: @Sendable () throws(Failure) -> sending Third,
  and fourth: @Sendable () throws(Failure) -> sending Fourth
) throws(Failure) -> (First, Second, Third, Fourth) {
  unsafe try joinUnchecked(first, second, third, fourth)
}

/// Like the form of the same name whose later results need not be `Sendable`, but also takes functions.
/// - Throws: The error of the first closure, in their order, that threw.
@discardableResult
@_disfavoredOverload
@inlinable
@inline(__always)
public func join<First, Second: Sendable, Third: Sendable, Fourth: Sendable, Failure: Error>(
  _ first: () throws(Failure) -> First,
  and second: @Sendable () throws(Failure) -> Second,
  and third: @Sendable () throws(Failure) -> Third,
  and fourth: @Sendable () throws(Failure) -> Fourth
) throws(Failure) -> (First, Second, Third, Fourth) {
  unsafe try joinUnchecked(first, second, third, fourth)
}

/// SAFETY: as for the form of two closures.
@unsafe
@inlinable
@inline(__always)
func joinUnchecked<First, Second, Third, Fourth, Failure: Error>(
  _ first: () throws(Failure) -> First,
  _ second: @Sendable () throws(Failure) -> Second,
  _ third: @Sendable () throws(Failure) -> Third,
  _ fourth: @Sendable () throws(Failure) -> Fourth
) throws(Failure) -> (First, Second, Third, Fourth) {
  let outcome = unsafe try joinUnchecked(
    { () throws(Failure) in unsafe try joinUnchecked(first, second) },
    { () throws(Failure) in unsafe try joinUnchecked(third, fourth) })
  return (outcome.0.0, outcome.0.1, outcome.1.0, outcome.1.1)
}

/// Runs five closures, possibly in parallel, and returns all results; otherwise like `join(_:and:)`.
///
/// - Throws: The error of the first closure, in their order, that threw.
/// - Complexity: The work of all, and the span of the longest one. It allocates nothing.
@discardableResult
@inlinable
@inline(__always)
public func join<First, Second, Third, Fourth, Fifth, Failure: Error>(
  _ first: () throws(Failure) -> First,
  and second: @Sendable () throws(Failure) -> sending Second,
  and third: @Sendable () throws(Failure) -> sending Third,
  and fourth: @Sendable () throws(Failure) -> sending Fourth,
  and fifth: @Sendable () throws(Failure) -> sending Fifth
) throws(Failure) -> (First, Second, Third, Fourth, Fifth) {
  unsafe try joinUnchecked(first, second, third, fourth, fifth)
}

/// Like the form of the same name whose later results need not be `Sendable`, but also takes functions.
/// - Throws: The error of the first closure, in their order, that threw.
@discardableResult
@_disfavoredOverload
@inlinable
@inline(__always)
public func join<First, Second: Sendable, Third: Sendable, Fourth: Sendable, Fifth: Sendable, Failure: Error>(
  _ first: () throws(Failure) -> First,
  and second: @Sendable () throws(Failure) -> Second,
  and third: @Sendable () throws(Failure) -> Third,
  and fourth: @Sendable () throws(Failure) -> Fourth,
  and fifth: @Sendable () throws(Failure) -> Fifth
) throws(Failure) -> (First, Second, Third, Fourth, Fifth) {
  unsafe try joinUnchecked(first, second, third, fourth, fifth)
}

/// SAFETY: as for the form of two closures.
@unsafe
@inlinable
@inline(__always)
func joinUnchecked<First, Second, Third, Fourth, Fifth, Failure: Error>(
  _ first: () throws(Failure) -> First,
  _ second: @Sendable () throws(Failure) -> Second,
  _ third: @Sendable () throws(Failure) -> Third,
  _ fourth: @Sendable () throws(Failure) -> Fourth,
  _ fifth: @Sendable () throws(Failure) -> Fifth
) throws(Failure) -> (First, Second, Third, Fourth, Fifth) {
  let outcome = unsafe try joinUnchecked(
    { () throws(Failure) in
      unsafe try joinUnchecked({ () throws(Failure) in unsafe try joinUnchecked(first, second) }, third)
    }, { () throws(Failure) in unsafe try joinUnchecked(fourth, fifth) })
  return (outcome.0.0.0, outcome.0.0.1, outcome.0.1, outcome.1.0, outcome.1.1)
}

/// Runs six closures, possibly in parallel, and returns all results; otherwise like `join(_:and:)`.
///
/// - Throws: The error of the first closure, in their order, that threw.
/// - Complexity: The work of all, and the span of the longest one. It allocates nothing.
@discardableResult
@inlinable
@inline(__always)
public func join<First, Second, Third, Fourth, Fifth, Sixth, Failure: Error>(
  _ first: () throws(Failure) -> First,
  and second: @Sendable () throws(Failure) -> sending Second,
  and third: @Sendable () throws(Failure) -> sending Third,
  and fourth: @Sendable () throws(Failure) -> sending Fourth,
  and fifth: @Sendable () throws(Failure) -> sending Fifth,
  and sixth: @Sendable () throws(Failure) -> sending Sixth
) throws(Failure) -> (First, Second, Third, Fourth, Fifth, Sixth) {
  unsafe try joinUnchecked(first, second, third, fourth, fifth, sixth)
}

/// Like the form of the same name whose later results need not be `Sendable`, but also takes functions.
/// - Throws: The error of the first closure, in their order, that threw.
@discardableResult
@_disfavoredOverload
@inlinable
@inline(__always)
public func join<
  First, Second: Sendable, Third: Sendable, Fourth: Sendable, Fifth: Sendable, Sixth: Sendable, Failure: Error
>(
  _ first: () throws(Failure) -> First,
  and second: @Sendable () throws(Failure) -> Second,
  and third: @Sendable () throws(Failure) -> Third,
  and fourth: @Sendable () throws(Failure) -> Fourth,
  and fifth: @Sendable () throws(Failure) -> Fifth,
  and sixth: @Sendable () throws(Failure) -> Sixth
) throws(Failure) -> (First, Second, Third, Fourth, Fifth, Sixth) {
  unsafe try joinUnchecked(first, second, third, fourth, fifth, sixth)
}

/// SAFETY: as for the form of two closures.
@unsafe
@inlinable
@inline(__always)
func joinUnchecked<First, Second, Third, Fourth, Fifth, Sixth, Failure: Error>(
  _ first: () throws(Failure) -> First,
  _ second: @Sendable () throws(Failure) -> Second,
  _ third: @Sendable () throws(Failure) -> Third,
  _ fourth: @Sendable () throws(Failure) -> Fourth,
  _ fifth: @Sendable () throws(Failure) -> Fifth,
  _ sixth: @Sendable () throws(Failure) -> Sixth
) throws(Failure) -> (First, Second, Third, Fourth, Fifth, Sixth) {
  let outcome = unsafe try joinUnchecked(
    { () throws(Failure) in
      unsafe try joinUnchecked({ () throws(Failure) in unsafe try joinUnchecked(first, second) }, third)
    },
    { () throws(Failure) in
      unsafe try joinUnchecked({ () throws(Failure) in unsafe try joinUnchecked(fourth, fifth) }, sixth)
    })
  return (outcome.0.0.0, outcome.0.0.1, outcome.0.1, outcome.1.0.0, outcome.1.0.1, outcome.1.1)
}
