/// What a worker may run while it waits; `ThreadPool.WaitPolicy` describes the cases.
enum WaitPolicy {
  case ownWork
  case innerWork
  case anyWork
  case block
}

/// The settings for starting a pool's threads. `ThreadPool.Configuration` describes them.
struct PoolSettings {
  let stackSize: Int
  let threadName: @Sendable (Int) -> String
  let onThreadStart: (@Sendable (Int) -> Void)?
  let onThreadExit: (@Sendable (Int) -> Void)?
  let waitPolicy: WaitPolicy
  let affinity: [Int]?
  let maximumStandIns: Int
}
