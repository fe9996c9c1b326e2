public import Synchronization

/// Values that are lent to one thread at a time: an idle one for each position of a pool is found without a lock,
/// further ones behind a lock.
///
/// Several threads may have the same position at once: workers of several pools, or a blocked worker and the spare
/// thread in its place. So the word of a slot is exchanged atomically, and a value that finds its slot occupied goes
/// behind the lock.
///
/// SAFETY: An address is in one place: in a slot, behind the lock, or with the thread that took it. Values in slots and
/// behind the lock are initialised; `destroy` destroys them.
@safe
@usableFromInline
struct IdleValues<Value>: ~Copyable, @unchecked Sendable {
  /// The address of an idle value, or zero.
  @usableFromInline
  struct Slot: ~Copyable {
    @usableFromInline let address = Atomic<UInt>(0)
    private let padding = CachePadding()

    init() {}
  }

  @usableFromInline let slots: UnsafeMutablePointer<Slot>
  @usableFromInline let slotCount: Int
  @usableFromInline let others = Mutex<[(position: Int, address: UInt)]>([])

  /// - Parameter positions: The number of positions with a slot.
  @usableFromInline
  init(positions: Int) {
    slotCount = positions
    unsafe slots = .allocate(capacity: positions)
    for index in 0..<positions { unsafe (slots + index).initialize(to: Slot()) }
  }

  /// Destroys all idle values. This is not used afterwards.
  ///
  /// (Not a `deinit`: functions that clients see could not be optimised with one that they do not see. Swift 6.3.1 even
  /// crashes.)
  @usableFromInline
  borrowing func destroy() {
    for (_, address) in removeAll() {
      let value = unsafe UnsafeMutablePointer<Value>(bitPattern: address)!
      unsafe value.deinitialize(count: 1)
      unsafe value.deallocate()
    }
    unsafe slots.deinitialize(count: slotCount)
    unsafe slots.deallocate()
  }
}

extension IdleValues {
  /// Calls `body` with an idle value of this thread's position, or with a new one, for exclusive use.
  @inlinable
  @inline(__always)
  borrowing func withValue<Result, Failure: Error>(
    makeValue: () -> Value, _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let position = WorkerReference.callersPosition
    let value = unsafe take(at: position) ?? make(makeValue())
    defer { unsafe put(value, at: position) }
    return unsafe try body(&value.pointee)
  }

  @inlinable
  @inline(__always)
  borrowing func take(at position: Int) -> UnsafeMutablePointer<Value>? {
    if position < slotCount {
      // Pairs with `put`, on any thread.
      let address = unsafe slots[position].address.exchange(0, ordering: .acquiring)
      if _fastPath(address != 0) { return unsafe UnsafeMutablePointer(bitPattern: address) }
    }
    return unsafe takeOther(at: position)
  }

  @inlinable
  @inline(__always)
  borrowing func put(_ value: UnsafeMutablePointer<Value>, at position: Int) {
    let address = UInt(bitPattern: value)
    if position < slotCount {
      // Pairs with `take`, on any thread.
      if unsafe _fastPath(
        slots[position].address.compareExchange(expected: 0, desired: address, ordering: .releasing).exchanged)
      {
        return
      }
    }
    putOther(address, at: position)
  }

  @usableFromInline
  @inline(never)
  borrowing func takeOther(at position: Int) -> UnsafeMutablePointer<Value>? {
    let address = others.withLock { others -> UInt in
      // Another thread may have been copying the slot's value when the slot seemed empty.
      if position < slotCount {
        let address = unsafe slots[position].address.exchange(0, ordering: .acquiring)  // pairs with `put`
        if address != 0 { return address }
      }
      return others.lastIndex { $0.position == position }.map { others.remove(at: $0).address } ?? 0
    }
    return unsafe UnsafeMutablePointer(bitPattern: address)
  }

  @usableFromInline
  @inline(never)
  borrowing func putOther(_ address: UInt, at position: Int) {
    others.withLock { $0.append((position, address)) }
  }

  @inlinable
  @inline(never)
  borrowing func make(_ value: Value) -> UnsafeMutablePointer<Value> {
    let memory = UnsafeMutablePointer<Value>.allocate(capacity: 1)
    unsafe memory.initialize(to: value)
    return unsafe memory
  }
}

// MARK: - Looking at all of them

extension IdleValues {
  /// Takes all idle values out, by position. They belong to the caller.
  borrowing func removeAll() -> [(position: Int, address: UInt)] {
    others.withLock { others in
      var all = others
      others = []
      for position in 0..<slotCount {
        let address = unsafe slots[position].address.exchange(0, ordering: .acquiring)  // pairs with `put`
        if address != 0 { all.append((position, address)) }
      }
      return all.sorted { $0.position < $1.position }
    }
  }

  /// Returns copies of all idle values, by position.
  borrowing func copies() -> [Value] {
    others.withLock { others in
      // A thread that finds its slot empty meanwhile waits for the lock.
      for position in 0..<slotCount {
        let address = unsafe slots[position].address.exchange(0, ordering: .acquiring)  // pairs with `put`
        if address != 0 { others.append((position, address)) }
      }
      return others.sorted { $0.position < $1.position }.map { entry in
        unsafe UnsafeMutablePointer<Value>(bitPattern: entry.address)!.pointee
      }
    }
  }
}

extension WorkerReference {
  /// The calling worker's position; outside any pool, one that no worker has.
  @usableFromInline static var callersPosition: Int { current?.position ?? .max }
}
