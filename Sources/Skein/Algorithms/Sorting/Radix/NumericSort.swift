// Sorts numbers, and elements with numeric keys.

/// Something that is done with a type that has a radix key.
protocol RadixVisitor {
  func visit<Number: RadixKeyed & Comparable>(_ type: Number.Type)
}

/// Whether a type is one of those that are sorted by a radix key.
///
/// The compiler knows the answer for each type that it makes code for, so none is made there for the sorts that do not apply.
@_alwaysEmitIntoClient
@inline(__always)
func hasRadixKey<Value>(_ type: Value.Type) -> Bool {
  if type == Int.self || type == Int64.self || type == Int32.self || type == Int16.self || type == Int8.self {
    return true
  }
  if type == UInt.self || type == UInt64.self || type == UInt32.self || type == UInt16.self || type == UInt8.self {
    return true
  }
  #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
    if type == Float16.self { return true }
  #endif
  return type == Double.self || type == Float.self
}

extension RadixVisitor {
  /// Does its work with a type for which `hasRadixKey` is true.
  ///
  /// The type is found when the program runs, in code of this library: so the sorts of all these types are compiled once, here, and not again in each
  /// program. An integer of the width of a pointer is sorted as the one of that width, which has the same bits.
  @inline(__always)
  func visitRadixType(_ type: Any.Type) {
    #if _pointerBitWidth(_64)
      if type == Int.self || type == Int64.self { return visit(Int64.self) }
      if type == UInt.self || type == UInt64.self { return visit(UInt64.self) }
      if type == Int32.self { return visit(Int32.self) }
      if type == UInt32.self { return visit(UInt32.self) }
    #else
      if type == Int.self || type == Int32.self { return visit(Int32.self) }
      if type == UInt.self || type == UInt32.self { return visit(UInt32.self) }
      if type == Int64.self { return visit(Int64.self) }
      if type == UInt64.self { return visit(UInt64.self) }
    #endif
    if type == Double.self { return visit(Double.self) }
    if type == Float.self { return visit(Float.self) }
    #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
      if type == Float16.self { return visit(Float16.self) }
    #endif
    if type == UInt16.self { return visit(UInt16.self) }
    if type == Int16.self { return visit(Int16.self) }
    if type == UInt8.self { return visit(UInt8.self) }
    if type == Int8.self { return visit(Int8.self) }
    fatal("\(type) has no radix key")
  }
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

  /// - Parameter type: The type of the elements, for which `hasRadixKey` is true.
  @usableFromInline
  func sort(as type: Any.Type) { visitRadixType(type) }

  func visit<Number: RadixKeyed & Comparable>(_ type: Number.Type) {
    let elements = unsafe elements.assumingMemoryBound(to: Number.self)
    plan.onWorker {
      if countsFew(type) { return }
      unsafe Scratch.with(Number.self, count: count) { scratch in unsafe radixSort(elements, count, scratch) }
    }
  }

  /// Counts the elements if few are different. Floating-point numbers are told apart by their bits, and must not be equal then.
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

  /// - Parameter type: The type of the keys, for which `hasRadixKey` is true.
  @usableFromInline
  func sort(as type: Any.Type) { visitRadixType(type) }

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
