import Skein

/// What else the machine had to do while something was measured.
struct MachineState: Codable {
  var processors: Int
  /// How much of the processors this process could have just before or just after, whichever is less: 1 is all.
  var available: Double
  /// How much of the processors other processes had meanwhile, where the system says.
  var others: Double?

  var isBusy: Bool { lost > 0.1 }

  /// What the times say is wrong by about this much, or more: a thread that waits for a processor delays others.
  private var lost: Double { min(max(1 - available, others ?? 0), 1) }

  /// What a reader has to know of figures that were taken on a busy machine.
  var notice: String? {
    guard isBusy else { return nil }
    return """
      BUSY: other programs had about \(fixed(lost * 100, digits: 0)) % of \(counted(processors, "processor")) meanwhile. \
      Do not trust these times.
      """
  }
}

/// Looks at the machine before and after something is measured.
struct MachineWatch {
  private let processors: Int
  private let available: Double
  private let before: ProcessorTimes?

  init() {
    processors = ProcessorProbe.processors
    available = ProcessorProbe.available(on: processors)
    before = ProcessorTimes.now
  }

  var state: MachineState {
    let others = before.flatMap { before in
      ProcessorTimes.now.flatMap { $0.othersShare(since: before) }
    }
    return MachineState(
      processors: processors, available: min(available, ProcessorProbe.available(on: processors)), others: others)
  }
}

extension TextTable {
  /// Says so if the machine was busy.
  mutating func note(_ machine: MachineState?) {
    if let notice = machine?.notice { note(notice) }
  }
}
