internal import CSkein
internal import Synchronization

extension PoolCore {
  /// Runs a closure on every worker of this pool while the caller waits.
  func runOnEachThread(_ words: skein_closure) {
    let caller = WorkerReference.current
    let parent = unsafe caller?.context?.takeUnretainedValue()
    let isInside = isCurrent
    // A caller from another pool is blocked like one in `run`; one of this pool waits for a group of its own.
    let context = isInside ? parent : RunContext(parent: parent, blocked: caller)
    let group = isInside ? newGroup() : 0
    let isPartOfAcceptedWork = isCalledByAcceptedWork
    let values = TaskLocalValues.current
    openCalls.add(1, ordering: .sequentiallyConsistent)  // pairs with `publish`
    var shares: [Submission] = []
    for worker in workers where worker != caller {
      lifecycle.accept(isPartOfAcceptedWork: isPartOfAcceptedWork)
      let share = unsafe Submission(
        .borrowed(words), caller: caller.map { .worker($0) } ?? .thread, context: context, values: values,
        level: caller?.innerLevel ?? 0, group: group, for: worker)
      shares.append(share)
      worker.give(share)
    }
    // A spare thread or a guest is in no list of workers; the worker in whose place it works runs its own share.
    if isInside, caller!.role == .own { unsafe skein_closure_call(words) }
    for share in shares {
      if let caller {
        if isInside {
          caller.wait(forShare: share, of: group)
        } else {
          caller.wait(forCall: share, in: context!, to: self)
        }
      } else {
        share.waitOutsidePools()
      }
    }
    openCalls.subtract(1, ordering: .sequentiallyConsistent)
    if !isInside { context!.close() }
  }
}
