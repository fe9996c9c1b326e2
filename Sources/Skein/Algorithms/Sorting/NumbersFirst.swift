// Values that are not numbers, which `<` does not order: wherever elements are taken in their natural order they come last. The rule is in
// `Sorting.md`; whatever takes elements that are `Comparable` without a comparison asks here.

/// Whether some values of a type may not be numbers: whether it is a floating-point type.
///
/// For the usual types the compiler knows the answer, and what does not apply leaves no trace.
@inlinable
@inline(__always)
func hasNaNs<Value>(_ type: Value.Type) -> Bool {
  if type == Double.self || type == Float.self { return true }
  if type == Int.self || type == UInt.self || type == UInt8.self || type == Int32.self || type == UInt32.self {
    return false
  }
  if type == Int64.self || type == UInt64.self || type == String.self { return false }
  return type is any FloatingPoint.Type
}

/// Whether the first of two floating-point values comes before the second, with what is not a number after all numbers; such values are
/// equal to each other, and −0 and +0 are.
@inlinable
@inline(__always)
func precedesNumbersFirst<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
  // Without a branch, in one order for all: nothing is at most equal to a number but a number.
  !(right <= left) && left == left
}
