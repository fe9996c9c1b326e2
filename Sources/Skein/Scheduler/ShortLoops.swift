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
    } else if unsafe sites[slot].site == site {
      unsafe sites[slot] = Entry()
    }
  }

  private func slot(_ site: UInt) -> Int {
    Int(truncatingIfNeeded: (UInt64(site) &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - ShortLoops.bits))
  }
}

extension WorkerReference {
  /// Fewer ticks than this are not worth giving away.
  @inlinable static var worthGiving: Double { 4000 }
  /// Work of fewer ticks than this is over before a sleeper is awake.
  @inlinable static var worthWaking: Double { 20_000 }

  /// Returns whether a loop at this place should offer nothing before its first batch is done; called when another
  /// worker is hungry.
  @usableFromInline
  @inline(never)
  func expectsShortLoop(at site: UInt) -> Bool { state.shortLoops.contains(site) }

  /// Records how long a loop took, or the half of one that was offered before its length was known.
  @usableFromInline
  @inline(never)
  func noteLoop(at site: UInt, took ticks: UInt64) {
    state.shortLoops.note(site, isShort: ticks < UInt64(WorkerReference.worthGiving))
  }
}
