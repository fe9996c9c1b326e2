internal import Synchronization

/// Names one stretch of work on one worker: "what worker `worker` runs at depth `depth` of its stack, and has run since
/// `serial`". A thread that waits for that work keeps the ticket to find the workers that do it.
///
///     bit 63: 0 | 62 … 50: worker | 49 … 38: depth | 37 … 0: serial
///
/// Serials of one worker repeat after 2³⁸ stretches of work; no ticket is kept for the days that this takes.
struct Ticket: Equatable, Sendable {
  let bits: UInt64

  /// Half of them for the pool's own threads, the rest for spare threads and guests.
  static var maximumWorkers: Int { 1 << 13 }
  static var maximumDepth: Int { 1 << 12 }

  init(worker: Int, depth: Int, serial: UInt64) {
    precondition(worker < Ticket.maximumWorkers && depth < Ticket.maximumDepth)
    bits = UInt64(worker) << 50 | UInt64(depth) << 38 | Ticket.serial(serial)
  }

  init(bits: UInt64) { self.bits = bits }

  var worker: Int { Int(bits >> 50) & (Ticket.maximumWorkers - 1) }
  var depth: Int { Int(bits >> 38) & (Ticket.maximumDepth - 1) }
  var serial: UInt64 { Ticket.serial(bits) }

  /// The part of a worker's count that fits into a ticket.
  static func serial(_ count: UInt64) -> UInt64 { count & (1 << 38 - 1) }
}

/// The target of a waiting worker, as others read it: nothing, the work behind a ticket, or the tasks of a group (a
/// scope, a call on each thread), which may be on any worker.
enum WaitTarget: Equatable {
  case nothing
  case ticket(Ticket)
  case group(UInt64)

  init(bits: UInt64) {
    if bits == 0 {
      self = .nothing
    } else if bits >> 63 == 1 {
      self = .group(bits)
    } else {
      self = .ticket(Ticket(bits: bits))
    }
  }

  var bits: UInt64 {
    switch self {
    case .nothing: 0
    case .ticket(let ticket): ticket.bits
    case .group(let group): group
    }
  }
}

/// One entry of the list in which a worker publishes the stolen work on its stack, innermost last.
///
/// While entry `d` of a worker has `serial`, every job at or above `floor` in that worker's deque descends from the
/// work behind that entry. That is the whole argument for W1: a helper reads a cell, then the floor, then sees the
/// serial unchanged, and only then claims the cell.
struct Activation: ~Copyable {
  /// The serial of the stretch of work, or zero. Written last when the entry opens and first when it closes.
  let serial = Atomic<UInt64>(0)
  /// The group that the work is a task of, or zero.
  let group = Atomic<UInt64>(0)
  /// The tail of the worker's deque when the work began.
  let floor = Atomic<Int>(0)

  func open(serial new: UInt64, group newGroup: UInt64, floor newFloor: Int) {
    group.store(newGroup, ordering: .releasing)  // pairs with the load in `visitActivations(of:)`
    floor.store(newFloor, ordering: .releasing)  // pairs with the load in `isOpen(as:above:)`
    serial.store(new, ordering: .releasing)
  }

  func close() {
    serial.store(0, ordering: .releasing)
  }

  /// Returns whether the work `wanted` (zero: work that was not published) still runs and the job at `index` is part of
  /// it. The floor is read first: if it were that of another entry, the serial read after it could not be `wanted` any
  /// more.
  func isOpen(as wanted: UInt64, above index: Int) -> Bool {
    wanted != 0 && floor.load(ordering: .acquiring) <= index && serial.load(ordering: .acquiring) == wanted
  }
}

/// The published activations of a worker, made when its stack of stolen work first gets that deep.
///
/// SAFETY: entries are made by the worker's own thread, all of a segment before it is published, and end in `deinit`.
@safe
struct ActivationList: ~Copyable {
  private static var layout: SegmentLayout { SegmentLayout(firstBits: 4, count: 8) }
  /// The number of possible entries: no more than a ticket can name.
  static var capacity: Int { layout.capacity }

  private let entries = SegmentedArray<Activation>(ActivationList.layout)

  deinit { entries.free() }

  /// Returns the entry at a depth, valid as long as the worker is; nil if the worker's stack never was that deep.
  func entry(_ depth: Int) -> UnsafePointer<Activation>? {
    unsafe entries.find(depth).map { unsafe UnsafePointer($0) }
  }

  /// Returns the entry at a depth, made if necessary; for the worker's own thread.
  func makeEntry(_ depth: Int) -> UnsafePointer<Activation> {
    unsafe UnsafePointer(
      entries.make(depth) { first, count in
        for index in 0..<count { unsafe (first + index).initialize(to: Activation()) }
      })
  }
}
