// Sorts numbers, and elements with numeric keys.

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

/// Numbers, or numeric keys with the indices of their elements, that are to be sorted.
///
/// SAFETY: the caller owns the memory, and names the type of the numbers.
@safe
@usableFromInline
struct NumericSort {
  /// What is sorted, and how.
  @usableFromInline
  enum Kind { case stable, unstable, keyed }

  @usableFromInline let elements: UnsafeMutableRawPointer
  @usableFromInline let count: Int
  @usableFromInline let plan: LoopPlan

  @inlinable
  init(_ elements: UnsafeMutableRawPointer, _ count: Int, _ plan: LoopPlan) {
    unsafe self.elements = unsafe elements
    self.count = count
    self.plan = plan
  }

  /// Sorts numbers, or elements of `Keyed` by them.
  ///
  /// The type is found when the program runs, in code of this library: so the sorts of all these types are compiled once, here, and not again in each
  /// program. An integer of the width of a pointer is sorted as the one of that width, which has the same bits.
  /// - Parameter type: The type of the numbers, for which `hasRadixKey` is true.
  @usableFromInline
  func sort(_ kind: Kind, as type: Any.Type) {
    #if _pointerBitWidth(_64)
      if type == Int.self || type == Int64.self { return sort(kind, Int64.self) }
      if type == UInt.self || type == UInt64.self { return sort(kind, UInt64.self) }
      if type == Int32.self { return sort(kind, Int32.self) }
      if type == UInt32.self { return sort(kind, UInt32.self) }
    #else
      if type == Int.self || type == Int32.self { return sort(kind, Int32.self) }
      if type == UInt.self || type == UInt32.self { return sort(kind, UInt32.self) }
      if type == Int64.self { return sort(kind, Int64.self) }
      if type == UInt64.self { return sort(kind, UInt64.self) }
    #endif
    if type == Double.self { return sort(kind, Double.self) }
    if type == Float.self { return sort(kind, Float.self) }
    #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
      if type == Float16.self { return sort(kind, Float16.self) }
    #endif
    if type == UInt16.self { return sort(kind, UInt16.self) }
    if type == Int16.self { return sort(kind, Int16.self) }
    if type == UInt8.self { return sort(kind, UInt8.self) }
    if type == Int8.self { return sort(kind, Int8.self) }
    fatal("\(type) has no radix key")
  }

  private func sort<Number: RadixKeyed>(_ kind: Kind, _ type: Number.Type) {
    switch kind {
    case .stable: sortStably(type)
    case .unstable: sortUnstably(type)
    case .keyed: sortKeyed(type)
    }
  }

  private func sortStably<Number: RadixKeyed>(_ type: Number.Type) {
    let elements = unsafe elements.assumingMemoryBound(to: Number.self)
    plan.onWorker {
      if countsFew(type) { return }
      unsafe Scratch.with(Number.self, count: count) { scratch in unsafe radixSort(elements, count, scratch) }
    }
  }

  private func sortKeyed<Number: RadixKeyed>(_ type: Number.Type) {
    let keys = unsafe elements.assumingMemoryBound(to: Keyed<Number>.self)
    plan.onWorker {
      unsafe Scratch.with(Keyed<Number>.self, count: count) { scratch in unsafe radixSort(keys, count, scratch) }
    }
  }

  /// Counts the elements if few are different. Floating-point numbers are told apart by their bits, and must not be equal then.
  private func countsFew<Number: RadixKeyed>(_ type: Number.Type) -> Bool {
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

extension Keyed: RadixKeyed where Key: RadixKeyed {
  @inlinable
  var radixKey: UInt64 {
    @inline(__always) get { key.radixKey }
  }
}
