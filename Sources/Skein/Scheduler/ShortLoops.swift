/// The places in the program whose loops were very short when they last ran on this worker; and those of guests' calls.
///
/// How long a loop takes is not known before its first batch is done. Offering half of it before that is right for few
/// long items, and wrong for a loop of ten additions: waking a sleeper for them takes a hundred times as long as they
/// do. So an offer that early is timed, and if the loop was too short, the next loop at that place runs its first batch
/// before it offers anything, until one takes longer. After Acar, Charguéraud & Rainey, "Oracle scheduling", OOPSLA
/// 2011.
///
/// Only the worker itself accesses it.
///
/// SAFETY: The memory is allocated here and freed in `deinit`; slots are in range.
@safe
struct ShortLoops: ~Copyable {
  private static var bits: Int { 6 }
  /// A place for each slot, or zero. A place displaces another one in the same slot.
  private let sites: UnsafeMutablePointer<Entry>

  private struct Entry {
    var site: UInt = 0
    /// How many times in a row it was short, saturating.
    var times: UInt8 = 0
    /// Whether the next loop there must be timed, since it is not known how long the last one took.
    var isDue = false
  }

  init() {
    unsafe sites = .allocate(capacity: 1 << ShortLoops.bits)
    unsafe sites.initialize(repeating: Entry(), count: 1 << ShortLoops.bits)
  }

  deinit { unsafe sites.deallocate() }

  /// Returns whether loops or calls at this place were short the last time, or the last few times.
  func contains(_ site: UInt, times: UInt8 = 1) -> Bool {
    unsafe sites[slot(site)].site == site && sites[slot(site)].times >= times
  }

  /// Records whether it was short.
  func note(_ site: UInt, isShort: Bool) {
    let slot = slot(site)
    if isShort {
      if unsafe sites[slot].site != site { unsafe sites[slot] = Entry(site: site) }
      if unsafe sites[slot].times < .max { unsafe sites[slot].times += 1 }
      unsafe sites[slot].isDue = false
    } else if unsafe sites[slot].site == site {
      unsafe sites[slot] = Entry()
    }
  }

  /// Whether the next loop at a place where loops are short must be timed.
  func isDue(_ site: UInt) -> Bool { unsafe sites[slot(site)].isDue }

  /// Notes that it is not known how long the last loop at this place took.
  func makeDue(_ site: UInt) { unsafe sites[slot(site)].isDue = sites[slot(site)].site == site }

  private func slot(_ site: UInt) -> Int {
    Int(truncatingIfNeeded: (UInt64(site) &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - ShortLoops.bits))
  }
}

extension WorkerReference {
  /// Fewer ticks than this are not worth giving away.
  @inlinable static var worthGiving: UInt64 { 4000 }
  /// Work of fewer ticks than this is over before a sleeper is awake.
  @inlinable static var worthWaking: UInt64 { 20_000 }

  /// Returns what is expected of a loop at this place; called when another worker is hungry.
  @usableFromInline
  @inline(never)
  func expectation(at site: UInt) -> LoopExpectation {
    guard state.shortLoops.contains(site) else { return .nothing }
    return state.shortLoops.isDue(site) || !state.shortLoops.contains(site, times: 8) ? .shortButTimed : .short
  }

  /// Records how long a loop took, or the half of one that was offered before its length was known.
  @usableFromInline
  @inline(never)
  func noteLoop(at site: UInt, took ticks: UInt64) {
    state.shortLoops.note(site, isShort: ticks < WorkerReference.worthGiving)
  }

  /// Notes that the time before a loop at this place does not show that the one before was short.
  @usableFromInline
  @inline(never)
  func noteUnknownLoop(at site: UInt) { state.shortLoops.makeDue(site) }
}

/// What is expected of a loop that begins while another worker is hungry.
///
/// The clock is read as seldom as possible, since that costs as much as ten cheap elements. Where loops have been short
/// some times in a row, it is read once in each, after the first batch. If the time since the last reading, in the
/// loop before, is short, so was the rest of that loop, and so is this batch. If not, it shows nothing: then the next
/// batch is measured, and the whole of the next loop.
@usableFromInline
enum LoopExpectation {
  case nothing
  /// It offers nothing before its first batch is done.
  case short
  /// The same, and it is timed.
  case shortButTimed
}
