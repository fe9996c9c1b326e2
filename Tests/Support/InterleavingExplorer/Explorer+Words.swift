package import Synchronization

// What a script's threads do to words, locks and memory. Each is a point at which another thread may go on first.

// MARK: - Words

extension Explorer {
  /// Whether the sites of accesses matter, so that they need names.
  package static var namesSites: Bool {
    guard let explorer = unsafe current else { return false }
    return explorer.running >= 0 && (explorer.isWeak || explorer.mutation != nil || explorer.isTracing)
  }

  static func name(ofWordAt address: UInt) -> String {
    guard let explorer = unsafe current, let naming = explorer.naming else { return "word" }
    for (start, byteCount) in explorer.allocated where start <= address && address < start + UInt(byteCount) {
      return naming(Int(address - start) / 8, byteCount / 8)
    }
    return "word"
  }

  /// Notes that an access occurs; what is wrong with it on purpose, if anything.
  private func change(of site: AccessSite?) -> Mutation.Change? {
    guard let site else { return nil }
    sites.insert(site)
    if isTracing { trace.append("\(running): \(site)") }
    return site == mutation?.site ? mutation?.change : nil
  }

  private func order(_ order: MemoryOrder, _ change: Mutation.Change?) -> MemoryOrder {
    if case .misses(let missing) = change { order.subtracting(missing) } else { order }
  }

  /// The explorer, if the calling thread is one of a script's and has its turn.
  static var active: Explorer? {
    guard let explorer = unsafe current, explorer.running >= 0 else { return nil }
    return explorer
  }

  package static func load(
    _ word: borrowing Atomic<Int>, at address: UInt, _ site: AccessSite?
  ) -> Int {
    guard let explorer = active else { return word.load(ordering: .sequentiallyConsistent) }
    step(Access(address: address, kind: .read))
    let change = explorer.change(of: site)
    if case .answers(let value) = change { return value }
    let latest = word.load(ordering: .sequentiallyConsistent)
    let thread = explorer.running
    if case .isEarly = change {
      return explorer.earlier.updateValue(latest, forKey: EarlyLoad(thread: thread, address: address)) ?? latest
    }
    guard explorer.isWeak, let site else { return latest }
    var isStale = false
    let value = explorer.memory.load(
      address, latest: latest, explorer.order(site.method.order, change), by: thread
    ) { count in
      if explorer.isRedundant || explorer.hasWaited[thread] { return 0 }
      let choice = explorer.schedule.choose(count)
      isStale = choice > 0
      return choice
    }
    explorer.hasWaited[thread] = false
    explorer.isStale[thread] = isStale
    return value
  }

  package static func store(_ value: Int, to word: borrowing Atomic<Int>, at address: UInt, _ site: AccessSite?) {
    guard let explorer = active else { return word.store(value, ordering: .sequentiallyConsistent) }
    step(Access(address: address, kind: .write))
    let change = explorer.change(of: site)
    if case .isOmitted = change { return }
    setValue(value, of: word, at: address, site, explorer.order(site?.method.order ?? [], change))
  }

  static func setValue(
    _ value: Int, of word: borrowing Atomic<Int>, at address: UInt, _ site: AccessSite?, _ order: MemoryOrder
  ) {
    let before = word.exchange(value, ordering: .sequentiallyConsistent)
    guard let explorer = active, explorer.isWeak, site != nil else { return }
    explorer.memory.store(address, before: before, after: value, order, by: explorer.running)
  }

  /// A read and a write in one.
  /// - Returns: What was there before.
  package static func update(
    _ word: borrowing Atomic<Int>, at address: UInt, _ site: AccessSite?, _ new: (Int) -> Int?
  ) -> Int {
    guard let explorer = active else {
      let before = word.load(ordering: .sequentiallyConsistent)
      if let after = new(before) { word.store(after, ordering: .sequentiallyConsistent) }
      return before
    }
    step(Access(address: address, kind: .write))
    let change = explorer.change(of: site)
    let before = word.load(ordering: .sequentiallyConsistent)
    if case .answers(let value) = change { return value }
    let after = new(before)
    if case .isOmitted = change { return before }
    if case .isSplit = change { step(Access(address: address, kind: .write)) }
    if let after { word.store(after, ordering: .sequentiallyConsistent) }
    if explorer.isWeak, let site {
      explorer.memory.update(
        address, before: before, after: after, explorer.order(site.method.order, change), by: explorer.running)
    }
    return before
  }

  /// - Returns: What was there before: `expected`, if it was exchanged.
  package static func compareExchange(
    _ word: borrowing Atomic<Int>, at address: UInt, expected: Int, desired: Int, _ site: AccessSite?
  ) -> Int {
    update(word, at: address, site) { $0 == expected ? desired : nil }
  }

  /// Orders the caller after all that any thread did, as the last to give up a counted reference is.
  package static func isLastReference() {
    guard let explorer = active, explorer.isWeak else { return }
    explorer.memory.seeEverything(by: explorer.running)
  }
}

// MARK: - Sleep

extension Explorer {
  /// Sleeps on a word, if it still has this value, until it is woken; as the system's call does.
  /// - Parameter isLimited: Whether time may wake it, too.
  package static func sleep(
    on word: borrowing Atomic<Int>, at address: UInt, while value: Int, isLimited: Bool = false
  ) {
    guard let explorer = active else { return }
    step(Access(address: address, kind: .write))
    let thread = explorer.running
    let latest = word.load(ordering: .sequentiallyConsistent)
    if explorer.isWeak { _ = explorer.memory.load(address, latest: latest, [], by: thread) { _ in 0 } }
    if latest != value { return }
    explorer.sleepers[address, default: []].append(thread)
    let isLimited = isLimited && explorer.timePasses
    step(Access(address: address, kind: isLimited ? .sleepForTime : .sleep))
    guard isLimited, let place = explorer.sleepers[address]?.firstIndex(of: thread) else { return }
    explorer.sleepers[address]?.remove(at: place)
    // In so much time every write has come to everybody.
    if explorer.isWeak { explorer.memory.settle() }
  }

  /// Wakes one thread that sleeps on a word.
  package static func wakeOne(at address: UInt, _ site: AccessSite?) {
    guard let explorer = active else { return }
    step(Access(address: address, kind: .write))
    if case .isOmitted = explorer.change(of: site) { return }
    if explorer.sleepers[address]?.isEmpty == false { explorer.sleepers[address]?.removeFirst() }
  }
}

// MARK: - Locks

extension Explorer {
  /// Takes a lock; false if that is to be left out.
  package static func lock(_ address: UInt, _ site: AccessSite?) -> Bool {
    guard let explorer = active else { return false }
    let change = explorer.change(of: site)
    if case .isOmitted = change { return false }
    step(Access(address: address, kind: .lock))
    explorer.held.insert(address)
    explorer.passLock(address)
    return true
  }

  /// Gives a lock back. (This is no point to switch at: what it lets others do, they can do at the next one.)
  package static func unlock(_ address: UInt) {
    guard let explorer = active else { return }
    explorer.held.remove(address)
    explorer.passLock(address)
  }

  private func passLock(_ address: UInt) {
    if isWeak { memory.update(address, before: 0, after: 0, [.acquires, .releases], by: running) }
  }

  /// Lets others go first, until one of them has written something since the caller last did so.
  package static func waitForOthers() { step(Access(address: 0, kind: .wait)) }
}

// MARK: - Memory

extension Explorer {
  package static func didAllocate(_ address: UInt, byteCount: Int) {
    guard let explorer = unsafe current else { return }
    explorer.allocated[address] = byteCount
  }

  static func size(of address: UInt) -> Int { unsafe current?.allocated[address] ?? 8 }

  static func didFree(_ address: UInt) {
    guard let explorer = unsafe current else { return }
    guard let byteCount = explorer.allocated.removeValue(forKey: address) else {
      if explorer.running >= 0 { explorer.stop("memory was freed twice") }
      explorer.failure = "memory was freed twice"
      return
    }
    explorer.freed[address] = byteCount
  }
}
