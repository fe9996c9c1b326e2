public import Synchronization

/// Values that are lent to one thread at a time: an idle one for each position of a pool is found without a lock, further ones behind a lock.
///
/// A position may be that of several threads at once: of workers of several pools, or of a worker that is blocked and of the spare thread in its
/// place. So the word of its slot is exchanged, and what finds no place in it goes behind the lock.
///
/// SAFETY: An address is in one place: in a slot, behind the lock, or in the hands of the thread that took it. What is in the first two
/// is initialised; `destroy` destroys it.
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

  /// - Parameter positions: How many positions get a slot.
  @usableFromInline
  init(positions: Int) {
    slotCount = positions
    unsafe slots = .allocate(capacity: positions)
    for index in 0..<positions { unsafe (slots + index).initialize(to: Slot()) }
  }

  /// Destroys all idle values. Nothing is done with this one afterwards.
  ///
  /// (Not a `deinit`: functions that clients see could not be optimised with one that they do not see. Swift 6.3.1 even crashes.)
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
  /// Calls `body` with an idle value of this thread's position, or with a new one, which nobody else has meanwhile.
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
      // Pairs with `put`, of whichever thread.
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
      // Pairs with `take`, of whichever thread.
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
      // Somebody may have looked at what is in the slot when it seemed empty.
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
  /// Takes all idle values out, by position. Whoever called it has them.
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

  /// Copies of all idle values, by position.
  borrowing func copies() -> [Value] {
    others.withLock { others in
      // Who finds its slot empty meanwhile waits for the lock.
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
