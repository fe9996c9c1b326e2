/// What a worker may run while it waits: what the cases of `ThreadPool.WaitPolicy` say.
enum WaitPolicy {
  case ownWork
  case innerWork
  case anyWork
  case block
}

/// What a pool's threads are started with. `ThreadPool.Configuration` tells what each of it means.
struct PoolSettings {
  let stackSize: Int
  let threadName: @Sendable (Int) -> String
  let onThreadStart: (@Sendable (Int) -> Void)?
  let onThreadExit: (@Sendable (Int) -> Void)?
  let waitPolicy: WaitPolicy
  let affinity: [Int]?
  let maximumStandIns: Int
}
