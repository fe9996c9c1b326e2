// `<` does not order NaNs: wherever elements are taken in their natural order, NaNs come last. `Sorting.md` states the
// rule; every algorithm on `Comparable` elements that takes no comparison follows it by means of this file.

/// Returns whether a type may have values that are NaN: whether it is a floating-point type.
///
/// For the usual types this is a constant for the compiler, which removes the branch that does not apply.
@_alwaysEmitIntoClient
@inline(__always)
func hasNaNs<Value>(_ type: Value.Type) -> Bool {
  if type == Double.self || type == Float.self { return true }
  if type == Int.self || type == UInt.self || type == UInt8.self || type == Int32.self || type == UInt32.self {
    return false
  }
  if type == Int64.self || type == UInt64.self || type == String.self { return false }
  return type is any FloatingPoint.Type
}

/// Returns whether the first of two floating-point values comes before the second, with NaNs after all numbers. NaNs
/// are equal to each other, and so are −0 and +0.
@_alwaysEmitIntoClient
@inline(__always)
func precedesNumbersFirst<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
  // Without a branch, and with the same instructions for all values: only numbers compare at most equal to a number.
  !(right <= left) && left == left
}
