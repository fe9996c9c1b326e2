import InterleavingExplorer
import Synchronization

// In this module `Atomic` and `Mutex` are these, also in the sources of `Skein`: what a module declares itself hides what it imports.

/// What the standard library's atomic of this name is, for an explorer: each access is a point at which another thread may go on.
///
/// SAFETY: a word with a number of its own, which tells it from another one that lay in the same place before.
@usableFromInline
struct Atomic<Value: Storable>: ~Copyable, @unchecked Sendable {
  // It comes first: the system's calls take its address for that of the word.
  private let word: Synchronization.Atomic<Int>
  private let number: Synchronization.Atomic<Int>

  @usableFromInline
  init(_ value: Value) {
    word = .init(value.stored)
    number = .init(wordCount.add(8, ordering: .relaxed).newValue)
  }

  // What comes after that is found. (The memory may be used again by then, but not by a word as a rule.)
  deinit { number.store(-1, ordering: .relaxed) }

  fileprivate borrowing func address() -> UInt {
    let number = number.load(ordering: .relaxed)
    if number <= 0 { Explorer.fail("a word was used after its end") }
    return UInt(bitPattern: number)
  }
}

private let wordCount = Synchronization.Atomic<Int>(0)

/// A value that fits into a word.
@usableFromInline
protocol Storable: Equatable, BitwiseCopyable, Sendable {
  var stored: Int { get }
  init(stored: Int)
}

extension FixedWidthInteger {
  @usableFromInline var stored: Int { Int(truncatingIfNeeded: self) }
  @usableFromInline init(stored: Int) { self.init(truncatingIfNeeded: stored) }
}

extension Int: Storable {}
extension UInt: Storable {}
extension UInt32: Storable {}
extension UInt64: Storable {}
extension Bool: Storable {
  @usableFromInline var stored: Int { self ? 1 : 0 }
  @usableFromInline init(stored: Int) { self = stored != 0 }
}

// MARK: - Orders

@usableFromInline
enum LoadOrder {
  case relaxed, acquiring, sequentiallyConsistent

  var memoryOrder: MemoryOrder {
    switch self {
    case .relaxed: []
    case .acquiring: .acquires
    case .sequentiallyConsistent: [.acquires, .sequential]
    }
  }
}

@usableFromInline
enum StoreOrder {
  case relaxed, releasing, sequentiallyConsistent

  var memoryOrder: MemoryOrder {
    switch self {
    case .relaxed: []
    case .releasing: .releases
    case .sequentiallyConsistent: [.releases, .sequential]
    }
  }
}

@usableFromInline
enum UpdateOrder {
  case relaxed, acquiring, releasing, acquiringAndReleasing, sequentiallyConsistent

  var memoryOrder: MemoryOrder {
    switch self {
    case .relaxed: []
    case .acquiring: .acquires
    case .releasing: .releases
    case .acquiringAndReleasing: [.acquires, .releases]
    case .sequentiallyConsistent: [.acquires, .releases, .sequential]
    }
  }
}

// MARK: - Accesses

/// Where in the code an access is: the file, and the function in it.
private func site(
  _ operation: AccessSite.Method.Operation, _ order: MemoryOrder, _ file: StaticString, _ function: StaticString
) -> AccessSite? {
  guard Explorer.namesSites else { return nil }
  let key = unsafe SiteNames.Key(file: file.utf8Start, function: function.utf8Start)
  return AccessSite(SiteNames.name(key, file, function), AccessSite.Method(operation, order))
}

/// The names of places in the code, each made once.
///
/// SAFETY: used by the thread that has the explorer's turn.
private enum SiteNames {
  @safe
  struct Key: Hashable {
    // SAFETY: addresses of text in the program, which nobody reads through them.
    let file: UnsafePointer<UInt8>
    let function: UnsafePointer<UInt8>
  }

  nonisolated(unsafe) private static var names: [Key: String] = [:]

  static func name(_ key: Key, _ file: StaticString, _ function: StaticString) -> String {
    if let name = unsafe names[key] { return name }
    let path = "\(file)"
    let base = path.split(separator: "/").last?.split(separator: ".").first.map(String.init) ?? path
    let name = "\(base).\("\(function)".prefix { $0 != "(" })"
    unsafe names[key] = name
    return name
  }
}

/// Whether a file's words are statistics, which decide nothing.
private func isCounter(_ file: StaticString) -> Bool {
  // The name ends with "/WorkerCounters.swift".
  file.utf8CodeUnitCount > 20 && file.utf8Start[file.utf8CodeUnitCount - 20] == UInt8(ascii: "W")
    && file.utf8Start[file.utf8CodeUnitCount - 14] == UInt8(ascii: "C")
}

extension Atomic {
  @usableFromInline
  borrowing func load(ordering: LoadOrder, file: StaticString = #fileID, function: StaticString = #function) -> Value {
    if isCounter(file) { return Value(stored: word.load(ordering: .relaxed)) }
    return Value(stored: Explorer.load(word, at: address(), site(.load, ordering.memoryOrder, file, function)))
  }

  @usableFromInline
  borrowing func store(
    _ value: Value, ordering: StoreOrder, file: StaticString = #fileID, function: StaticString = #function
  ) {
    if isCounter(file) { return word.store(value.stored, ordering: .relaxed) }
    Explorer.store(value.stored, to: word, at: address(), site(.store, ordering.memoryOrder, file, function))
  }

  @usableFromInline
  borrowing func exchange(
    _ value: Value, ordering: UpdateOrder, file: StaticString = #fileID, function: StaticString = #function
  ) -> Value {
    Value(
      stored: Explorer.update(word, at: address(), site(.exchange, ordering.memoryOrder, file, function)) { _ in
        value.stored
      })
  }

  @usableFromInline
  borrowing func compareExchange(
    expected: Value, desired: Value, ordering: UpdateOrder, file: StaticString = #fileID,
    function: StaticString = #function
  ) -> (exchanged: Bool, original: Value) {
    let original = Value(
      stored: Explorer.compareExchange(
        word, at: address(), expected: expected.stored, desired: desired.stored,
        site(.compareExchange, ordering.memoryOrder, file, function)))
    return (original == expected, original)
  }

  /// It fails only where the strong one would.
  @usableFromInline
  borrowing func weakCompareExchange(
    expected: Value, desired: Value, ordering: UpdateOrder, file: StaticString = #fileID,
    function: StaticString = #function
  ) -> (exchanged: Bool, original: Value) {
    compareExchange(expected: expected, desired: desired, ordering: ordering, file: file, function: function)
  }

  private borrowing func update(
    _ ordering: UpdateOrder, _ file: StaticString, _ function: StaticString, _ new: (Value) -> Value
  ) -> (oldValue: Value, newValue: Value) {
    let old = Value(
      stored: Explorer.update(word, at: address(), site(.add, ordering.memoryOrder, file, function)) {
        new(Value(stored: $0)).stored
      })
    return (old, new(old))
  }
}

extension Atomic<Int> {
  /// Counts down, but not below zero.
  borrowing func takeOne(file: StaticString = #fileID, function: StaticString = #function) -> Bool {
    let order = UpdateOrder.sequentiallyConsistent.memoryOrder
    return Explorer.update(word, at: address(), site(.add, order, file, function)) { $0 > 0 ? $0 - 1 : nil } > 0
  }
}

extension Atomic where Value: FixedWidthInteger {
  @discardableResult
  @usableFromInline
  borrowing func add(
    _ value: Value, ordering: UpdateOrder, file: StaticString = #fileID, function: StaticString = #function
  ) -> (oldValue: Value, newValue: Value) { update(ordering, file, function) { $0 + value } }

  @discardableResult
  @usableFromInline
  borrowing func wrappingAdd(
    _ value: Value, ordering: UpdateOrder, file: StaticString = #fileID, function: StaticString = #function
  ) -> (oldValue: Value, newValue: Value) { update(ordering, file, function) { $0 &+ value } }

  @discardableResult
  @usableFromInline
  borrowing func subtract(
    _ value: Value, ordering: UpdateOrder, file: StaticString = #fileID, function: StaticString = #function
  ) -> (oldValue: Value, newValue: Value) { update(ordering, file, function) { $0 - value } }

  @discardableResult
  borrowing func min(
    _ value: Value, ordering: UpdateOrder, file: StaticString = #fileID, function: StaticString = #function
  ) -> (oldValue: Value, newValue: Value) { update(ordering, file, function) { Swift.min($0, value) } }

  @discardableResult
  @usableFromInline
  borrowing func bitwiseOr(
    _ value: Value, ordering: UpdateOrder, file: StaticString = #fileID, function: StaticString = #function
  ) -> (oldValue: Value, newValue: Value) { update(ordering, file, function) { $0 | value } }
}

// MARK: - Locks

/// What the standard library's lock of this name is, for an explorer.
///
/// SAFETY: no two threads are in it at once, in an exploration by the explorer's word, and outside there is one thread.
@usableFromInline
@safe
struct Mutex<Value: ~Copyable>: ~Copyable, @unchecked Sendable {
  private let word = Atomic<Int>(0)
  private let value: UnsafeMutablePointer<Value>

  @usableFromInline
  init(_ value: consuming sending Value) {
    unsafe self.value = .allocate(capacity: 1)
    unsafe self.value.initialize(to: value)
  }

  deinit {
    unsafe value.deinitialize(count: 1)
    unsafe value.deallocate()
  }

  @usableFromInline
  borrowing func withLock<Result: ~Copyable, E: Error>(
    file: StaticString = #fileID, function: StaticString = #function,
    _ body: (inout sending Value) throws(E) -> sending Result
  ) throws(E) -> sending Result {
    let address = word.address()
    let isHeld = Explorer.lock(address, site(.lock, [.acquires, .releases], file, function))
    defer { if isHeld { Explorer.unlock(address) } }
    return unsafe try body(&value.pointee)
  }
}

// MARK: - The system

// swift-format-ignore: AlwaysUseLowerCamelCase
func skein_wait(_ word: UnsafePointer<UInt32>, _ expected: UInt32) {
  unsafe Atomic<UInt32>.at(word) { $0.sleep(while: expected) }
}

/// Sleeps as long as it takes, but in scripts in which time passes: where only time would help, it does not end.
// swift-format-ignore: AlwaysUseLowerCamelCase
func skein_wait_for(_ word: UnsafePointer<UInt32>, _ expected: UInt32, _ nanoseconds: UInt64) {
  unsafe Atomic<UInt32>.at(word) { $0.sleep(while: expected, isLimited: true) }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
func skein_wake_one(_ word: UnsafePointer<UInt32>) {
  let site = Explorer.namesSites ? AccessSite("Parker.wake", AccessSite.Method(.wake, [])) : nil
  unsafe Atomic<UInt32>.at(word) { Explorer.wakeOne(at: $0.address(), site) }
}

extension Atomic {
  fileprivate borrowing func sleep(while value: Value, isLimited: Bool = false) {
    Explorer.sleep(on: word, at: address(), while: value.stored, isLimited: isLimited)
  }
}

extension Atomic<UInt32> {
  /// SAFETY: the word lies at the beginning of the atomic that it belongs to.
  fileprivate static func at(_ word: UnsafePointer<UInt32>, _ body: (borrowing Atomic<UInt32>) -> Void) {
    let atomic = unsafe UnsafeRawPointer(word).assumingMemoryBound(to: Atomic<UInt32>.self)
    unsafe body(atomic.pointee)
  }
}
