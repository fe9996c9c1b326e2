// Sorts numbers, and elements with numeric keys.

/// An operation on a type that has a radix key.
@usableFromInline
protocol RadixVisitor {
  func visit<Number: RadixKeyed & Comparable>(_ type: Number.Type)
}

/// Calls a visitor with a type if it is one of those that have a radix key.
///
/// The compiler decides this for each specialisation, and removes what does not apply.
///
/// - Returns: Whether the type has a radix key.
@inlinable
@inline(__always)
func visitRadixType<Value>(_ type: Value.Type, _ visitor: some RadixVisitor) -> Bool {
  if type == Int.self {
    visitor.visit(Int.self)
    return true
  }
  if type == Double.self {
    visitor.visit(Double.self)
    return true
  }
  if type == UInt64.self {
    visitor.visit(UInt64.self)
    return true
  }
  if type == UInt.self {
    visitor.visit(UInt.self)
    return true
  }
  if type == Int64.self {
    visitor.visit(Int64.self)
    return true
  }
  if type == UInt32.self {
    visitor.visit(UInt32.self)
    return true
  }
  if type == Int32.self {
    visitor.visit(Int32.self)
    return true
  }
  if type == Float.self {
    visitor.visit(Float.self)
    return true
  }
  #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
    if type == Float16.self {
      visitor.visit(Float16.self)
      return true
    }
  #endif
  if type == UInt16.self {
    visitor.visit(UInt16.self)
    return true
  }
  if type == Int16.self {
    visitor.visit(Int16.self)
    return true
  }
  if type == UInt8.self {
    visitor.visit(UInt8.self)
    return true
  }
  if type == Int8.self {
    visitor.visit(Int8.self)
    return true
  }
  return false
}

/// Sorts numbers stably.
///
/// SAFETY: the caller owns the memory, and visits with the type of its elements.
@safe
@usableFromInline
struct StableRadixSort: RadixVisitor {
  @usableFromInline let elements: UnsafeMutableRawPointer
  @usableFromInline let count: Int
  @usableFromInline let plan: LoopPlan

  @inlinable
  init(_ elements: UnsafeMutableRawPointer, _ count: Int, _ plan: LoopPlan) {
    unsafe self.elements = unsafe elements
    self.count = count
    self.plan = plan
  }

  @inlinable
  func visit<Number: RadixKeyed & Comparable>(_ type: Number.Type) {
    let elements = unsafe elements.assumingMemoryBound(to: Number.self)
    plan.onWorker {
      if countsFew(type) { return }
      unsafe Scratch.with(Number.self, count: count) { scratch in unsafe radixSort(elements, count, scratch) }
    }
  }

  /// Counts the elements if few are distinct. Floating-point numbers are distinguished by their bits, and those with
  /// different bits must not be equal.
  @inlinable
  func countsFew<Number: RadixKeyed>(_ type: Number.Type) -> Bool {
    if type == Double.self {
      return unsafe countingSort(elements.assumingMemoryBound(to: FloatBits<UInt64>.self), count) {
        Double(bitPattern: $0.word).radixKey
      }
    }
    if type == Float.self {
      return unsafe countingSort(elements.assumingMemoryBound(to: FloatBits<UInt32>.self), count) {
        Float(bitPattern: $0.word).radixKey
      }
    }
    #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
      if type == Float16.self {
        return unsafe countingSort(elements.assumingMemoryBound(to: FloatBits<UInt16>.self), count) {
          Float16(bitPattern: $0.word).radixKey
        }
      }
    #endif
    return unsafe countingSort(elements.assumingMemoryBound(to: type), count)
  }
}

/// Sorts numeric keys, each with the index of its element.
///
/// SAFETY: as for `StableRadixSort`.
@safe
@usableFromInline
struct KeyedRadixSort: RadixVisitor {
  @usableFromInline let keys: UnsafeMutableRawPointer
  @usableFromInline let count: Int
  @usableFromInline let plan: LoopPlan

  @inlinable
  init(_ keys: UnsafeMutableRawPointer, _ count: Int, _ plan: LoopPlan) {
    unsafe self.keys = unsafe keys
    self.count = count
    self.plan = plan
  }

  @inlinable
  func visit<Number: RadixKeyed & Comparable>(_ type: Number.Type) {
    let keys = unsafe keys.assumingMemoryBound(to: Keyed<Number>.self)
    plan.onWorker {
      unsafe Scratch.with(Keyed<Number>.self, count: count) { scratch in unsafe radixSort(keys, count, scratch) }
    }
  }
}

extension Keyed: RadixKeyed where Key: RadixKeyed {
  @inlinable
  var radixKey: UInt64 {
    @inline(__always) get { key.radixKey }
  }
}
