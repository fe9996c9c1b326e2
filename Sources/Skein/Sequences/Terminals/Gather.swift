/// Gathers the elements of a sequence whose count is not known: each piece fills chunks of its own.
@usableFromInline
struct GatherBody<Element, Failure: Error>: LoopBody {
  @usableFromInline typealias Partial = [Chunk<Element>]

  @usableFromInline let leaf: BoundLeaf<Chunk<Element>.List, Failure>

  @inlinable
  init(_ leaf: BoundLeaf<Chunk<Element>.List, Failure>) { self.leaf = leaf }

  @inlinable
  func run(
    _ units: Range<Int>, into partial: inout Partial, _ control: borrowing LoopControl<Failure>,
    _ watch: inout BatchWatch
  ) -> Int {
    var list = Chunk<Element>.List(last: partial.popLast() ?? Chunk(capacity: 16))
    let reached = leaf.run(units, &list, control, &watch)
    partial.append(contentsOf: list.full)
    partial.append(list.last)
    return reached ?? units.upperBound
  }
}

/// Some elements in memory of their own, to be moved away once. Growing adds a further chunk, so nothing is moved
/// twice.
///
/// SAFETY: A chunk has one owner at a time, the piece that fills it and then the merging thread; `moveAll` or `destroy` ends it.
@safe
@usableFromInline
struct Chunk<Element> {
  @usableFromInline let memory: UnsafeMutablePointer<Element>
  @usableFromInline let capacity: Int
  @usableFromInline var count = 0

  @inlinable
  init(capacity: Int) {
    unsafe memory = .allocate(capacity: capacity)
    self.capacity = capacity
  }

  @inlinable var isFull: Bool { count == capacity }

  /// Four times the capacity, up to about a megabyte.
  @inlinable
  var nextCapacity: Int { max(16, min(capacity * 4, (1 << 20) / max(1, MemoryLayout<Element>.stride))) }

  @inlinable
  @inline(__always)
  mutating func append(_ element: consuming Element) {
    unsafe (memory + count).initialize(to: element)
    count += 1
  }

  /// Appends copies of elements for which there is room.
  @inlinable
  mutating func append(_ elements: Slice<UnsafeBufferPointer<Element>>) {
    guard let start = unsafe elements.base.baseAddress else { return }
    unsafe (memory + count).initialize(from: start + elements.startIndex, count: elements.count)
    unsafe count += elements.count
  }

  /// Returns the chunk, in less memory if most of it is not used.
  @inlinable
  consuming func trimmed() -> Chunk {
    if count > capacity / 2 { return self }
    var smaller = Chunk(capacity: count)
    unsafe moveAll(to: smaller.memory)
    smaller.count = count
    return smaller
  }

  /// Full chunks and the one that is being filled.
  @usableFromInline
  struct List {
    @usableFromInline var full: [Chunk] = []
    @usableFromInline var last: Chunk

    @inlinable
    init(last: Chunk) { self.last = last }

    @inlinable
    @inline(__always)
    mutating func append(_ element: consuming Element) {
      if _slowPath(last.isFull) { startNext() }
      last.append(element)
    }

    @inlinable
    @inline(never)
    mutating func startNext() {
      full.append(last)
      last = Chunk(capacity: last.nextCapacity)
    }
  }

  @inlinable
  func moveAll(to destination: UnsafeMutablePointer<Element>) {
    unsafe destination.moveInitialize(from: memory, count: count)
    unsafe memory.deallocate()
  }

  @inlinable
  func destroy() {
    unsafe memory.deinitialize(count: count)
    unsafe memory.deallocate()
  }
}

extension ParallelSequence {
  @_alwaysEmitIntoClient
  @inline(__always)
  func gather() throws(Failure) -> [Element] where Element: Sendable {
    let control = LoopControl<Failure>(plan)
    let chunks = withLeaf { (element, list: inout Chunk<Element>.List) throws(Failure) in
      list.append(element)
      return true
    } run: { leaf in
      unsafe runUnits(GatherBody(leaf), control, from: leaf.source)
    }
    return try Array(movedFrom: chunks, of: control, in: plan.pool)
  }
}

extension Array {
  /// Creates an array of the elements that a loop has gathered; or destroys them, and throws the loop's first error.
  @inlinable
  init<E: Error>(movedFrom chunks: [Chunk<Element>], of control: borrowing LoopControl<E>, in pool: ThreadPool?)
    throws(E)
  {
    do throws(E) {
      try control.throwFirst()
    } catch {
      for chunk in chunks { chunk.destroy() }
      throw error
    }
    self.init(movedFrom: chunks, in: pool)
  }

  /// Creates an array of the elements of chunks, which are moved, in parallel if there are many.
  @inlinable
  init(movedFrom chunks: [Chunk<Element>], in pool: ThreadPool?) {
    var offsets: [Int] = []
    offsets.reserveCapacity(chunks.count)
    var total = 0
    for chunk in chunks {
      offsets.append(total)
      total += chunk.count
    }
    guard total > 0 else {
      for chunk in chunks { chunk.destroy() }
      self = []
      return
    }
    let plan = LoopPlan(pool: pool)
    unsafe self.init(uninitializedCount: total, for: plan) { buffer, initializedCount in
      let destination = buffer.baseAddress!
      // SAFETY: each chunk is moved once, by the batch that has its index, to a part of the destination that is its alone.
      runMovingLoop(count: chunks.count, plan: plan) { indices in
        for index in indices { unsafe chunks[index].moveAll(to: destination + offsets[index]) }
      }
      initializedCount = total
    }
  }
}
