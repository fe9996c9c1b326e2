import Skein
import Synchronization

extension ProgramRun {
  /// Executes a step where it stands.
  func execute(_ step: Step, _ scene: ProgramScene) -> Int {
    begun.mark(step.id)
    defer { ended.mark(step.id) }
    let own = step.value
    switch step.kind {
    case .sequence: return step.children.reduce(own) { $0 &+ execute($1, scene) }
    case .busy(let time): if time > 0 { spin(for: .microseconds(time)) }
    case .rest(let time): sleep(for: .microseconds(time))
    case .yield: ThreadPool.yield()
    case .run(let pool):
      return own &+ pools[pool].run { [self] in executeChild(step, scene) }
    case .runThrowing(let pool):
      do throws(TestError) {
        try pools[pool].run { [self] () throws(TestError) in throw TestError(executeChild(step, scene)) }
      } catch {
        return own &+ error.position
      }
      fail(step.id, "a call did not throw")
    case .join(let throwing): return own &+ executeJoin(step, throwing, scene)
    case .loop(let pool, let count, let maximumBatch, let maximumInFlight, let throwsFrom):
      let pool = pool.map { pools[$0] }
      let threads = (pool ?? ThreadPool.current ?? ThreadPool.shared).threadCount
      let watch = ProgramLoop(bound: min(threads, maximumInFlight))
      let sum = ProgramScene.Sum()
      let loop = (0..<count).parallel(in: pool, maximumBatch: maximumBatch, maximumInFlight: maximumInFlight)
      guard let throwsFrom else {
        loop.forEach { [self] index in iterate(step, index, scene, watch, sum) }
        return own &+ sum.value
      }
      do throws(TestError) {
        try loop.forEach { [self] index throws(TestError) in
          iterate(step, index, scene, watch, sum)
          if index >= throwsFrom { throw TestError(index) }
        }
      } catch {
        return own &+ error.position
      }
      fail(step.id, "a loop did not throw")
    case .scope(let order, let isThrowing): return own &+ executeScope(step, order, isThrowing, scene)
    case .spawn(let outward):
      let (inner, sum) = taskScene(scene, outward)
      inner.scopes.last!.handle.spawn { [self] in sum.add(executeChild(step, inner)) }
    case .spawnOnEachThread(let outward):
      let (inner, sum) = taskScene(scene, outward)
      inner.scopes.last!.handle.spawnOnEachThread { [self] index in sum.add(executeShare(step, index, inner)) }
    case .onEachThread(let pool, let throwsFrom):
      guard let pool = pool.map({ pools[$0] }) ?? currentPool(step) else { return own }
      return own &+ executeOnEachThread(step, pool, throwsFrom, scene)
    case .detach(let pool):
      guard let pool = pool.map({ pools[$0] }) ?? currentPool(step) else { return own }
      detach(step.child, in: pool)
    case .lock(let lock): return own &+ locks[lock].mutex.withLock { _ in execute(step.child, scene) }
    case .local:
      return local.withValue { value in
        value += 1
        let before = value
        let result = execute(step.child, scene)
        if value != before { fail(step.id, "a WorkerLocal value was changed while it was held") }
        return own &+ result
      }
    case .privatePool(let threads, let isShutDown): executePrivatePool(step, threads, isShutDown)
    case .heldFromOutside(let threads, let count, let contenders):
      return own &+ executeHeldFromOutside(step, threads, count, contenders, scene)
    }
    return own
  }

  private func currentPool(_ step: Step) -> ThreadPool? {
    // The first closure of a join and the body of a scope stay on the thread outside that they are called on.
    if ThreadPool.current == nil, ThreadPool.currentWorkerIndex != nil { fail(step.id, "a worker has no current pool") }
    return ThreadPool.current ?? .shared
  }

  /// Executes a step's child in a frame of its own.
  private func executeChild(_ step: Step, _ scene: ProgramScene, _ index: Int = 0) -> Int {
    var scene = scene
    return inFrame(step.id, under: scene.frame) { frame in
      scene = ProgramScene(frame: frame, scopes: scene.scopes)
      return execute(step.children[index], scene)
    }
  }

  private func executeShare(_ step: Step, _ index: Int, _ scene: ProgramScene) -> Int {
    if ThreadPool.currentWorkerIndex != index {
      fail(step.id, "share \(index) on worker \(String(describing: ThreadPool.currentWorkerIndex))")
    }
    return inFrame(step.id, under: scene.frame, isShare: true) { frame in
      execute(step.child, ProgramScene(frame: frame, scopes: scene.scopes))
    }
  }

  private func iterate(_ step: Step, _ index: Int, _ scene: ProgramScene, _ watch: ProgramLoop, _ sum: ProgramScene.Sum)
  {
    if let fault = watch.begin(), boundsIterations { fail(step.id, fault) }
    sum.add((index + 1) &* executeChild(step, scene))
    watch.end()
  }

  private func executeJoin(_ step: Step, _ throwing: Step.Throwing, _ scene: ProgramScene) -> Int {
    if throwing == .neither {
      let (first, second) = join {
        executeChild(step, scene)
      } and: { [self] in
        executeChild(step, scene, 1)
      }
      return first &+ second
    }
    do throws(TestError) {
      let (first, second) = try join { () throws(TestError) in
        let result = executeChild(step, scene)
        if throwing != .second { throw TestError(result) }
        return result
      } and: { [self] () throws(TestError) in
        let result = executeChild(step, scene, 1)
        if throwing != .first { throw TestError(result) }
        return result
      }
      fail(step.id, "a join did not throw")
      return first &+ second
    } catch {
      return error.position
    }
  }

  // MARK: - Scopes

  private func executeScope(_ step: Step, _ order: ScopeOrder, _ isThrowing: Bool, _ scene: ProgramScene) -> Int {
    let sum = ProgramScene.Sum()
    @Sendable func body(_ handle: ProgramScope) -> Int {
      inFrame(step.id, under: scene.frame) { frame in
        execute(step.child, ProgramScene(frame: frame, scopes: scene.scopes + [(handle, scene.frame, sum)]))
      }
    }
    if !isThrowing {
      let result = withParallelScope(order: order) { scope in body(.plain(scope)) }
      return result &+ sum.value
    }
    let result = ProgramScene.Sum()
    do {
      try withParallelScope(order: order) { (scope: ParallelScope<any Error>) in
        result.add(body(.throwing(scope)))
        scope.spawn { throw TestError(step.id) }
      }
      fail(step.id, "a scope did not throw")
    } catch {
      if error as? TestError != TestError(step.id) { fail(step.id, "a scope threw \(error)") }
    }
    return result.value &+ sum.value
  }

  /// Where a task of an enclosing scope stands: its scope's opener waits for it.
  private func taskScene(_ scene: ProgramScene, _ outward: Int) -> (ProgramScene, ProgramScene.Sum) {
    let scopes = Array(scene.scopes.dropLast(outward))
    return (ProgramScene(frame: scopes.last!.opener, scopes: scopes), scopes.last!.sum)
  }

  // MARK: - Pools

  private func executeOnEachThread(_ step: Step, _ pool: ThreadPool, _ throwsFrom: Int?, _ scene: ProgramScene) -> Int {
    do throws(TestError) {
      let results = try pool.onEachThread { [self] index throws(TestError) in
        let result = executeShare(step, index, scene)
        if let throwsFrom, index >= throwsFrom { throw TestError(index) }
        return result
      }
      if throwsFrom != nil { fail(step.id, "a call on each thread did not throw") }
      return results.reduce(0, &+)
    } catch {
      return error.position
    }
  }

  private func executePrivatePool(_ step: Step, _ threads: Int, _ isShutDown: Bool) {
    guard let pool = try? Self.makePool(threads, program.policy) else { return fail(step.id, "no pool") }
    for child in step.children { detach(child, in: pool) }
    if isShutDown { pool.shutdown() }
  }

  private func executeHeldFromOutside(
    _ step: Step, _ threads: Int, _ count: Int, _ contenders: Int, _ scene: ProgramScene
  ) -> Int {
    guard let pool = try? Self.makePool(threads, program.policy) else {
      fail(step.id, "no pool")
      return 0
    }
    let lock = Lock()
    let (begun, sum, watch) = (Flag(), ProgramScene.Sum(), ProgramLoop(bound: threads))
    let others = (0..<contenders).map { _ in
      OutsideThread { [self] in
        while !begun.isSet { yieldThread() }
        pool.run { inFrame(step.id, under: nil) { _ in lock.mutex.withLock { $0 += 1 } } }
      }
    }
    lock.mutex.withLock { _ in
      (0..<count).parallel(in: pool, maximumBatch: 1).forEach { [self] index in
        begun.set()
        iterate(step, index, scene, watch, sum)
      }
    }
    for other in others { other.join() }
    pool.shutdown()
    return sum.value &+ lock.mutex.withLock { $0 }
  }
}
