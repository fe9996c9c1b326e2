/// What an access of a word orders.
package struct MemoryOrder: OptionSet, Hashable, Sendable, CustomStringConvertible {
  package let rawValue: Int

  package init(rawValue: Int) { self.rawValue = rawValue }

  package static let acquires = MemoryOrder(rawValue: 1)
  package static let releases = MemoryOrder(rawValue: 2)
  package static let sequential = MemoryOrder(rawValue: 4)

  package var description: String {
    let names = [
      (MemoryOrder.acquires, "acquire"), (.releases, "release"), (.sequential, "sequential consistency"),
    ]
    return names.filter { contains($0.0) }.map(\.1).joined(separator: " and ")
  }
}

/// One kind of access in the code that is explored: of which word, or where in the code, and by which method.
package struct AccessSite: Hashable, Sendable, CustomStringConvertible {
  package struct Method: Hashable, Sendable, CustomStringConvertible {
    package enum Operation: String, Sendable {
      case load, store, exchange, compareExchange, add, lock, wake
    }

    package let operation: Operation
    package let order: MemoryOrder

    package init(_ operation: Operation, _ order: MemoryOrder) {
      self.operation = operation
      self.order = order
    }

    package var description: String {
      let name = order.contains(.sequential) ? "sequential" : order == [] ? "relaxed" : "\(order)"
      return "\(operation) (\(name))"
    }
  }

  package let place: String
  package let method: Method

  package init(_ place: String, _ method: Method) {
    self.place = place
    self.method = method
  }

  package var description: String { "\(place): \(method)" }
}

// MARK: - Methods

extension AccessSite.Method {
  package static let loadRelaxed = Self(.load, [])
  package static let loadAcquiring = Self(.load, .acquires)
  package static let loadSequential = Self(.load, [.acquires, .sequential])
  package static let storeRelaxed = Self(.store, [])
  package static let storeReleasing = Self(.store, .releases)
  package static let storeSequential = Self(.store, [.releases, .sequential])
  package static let compareExchange = Self(.compareExchange, [.acquires, .releases, .sequential])
  /// Acquires and releases.
  package static let exchange = Self(.exchange, [.acquires, .releases])
  /// Acquires and releases.
  package static let add = Self(.add, [.acquires, .releases])
}

/// A mistake that is made on purpose, in all accesses of one kind.
package struct Mutation: Hashable, Sendable, CustomStringConvertible {
  package enum Change: Hashable, Sendable {
    /// The access orders less.
    case misses(MemoryOrder)
    /// Nothing is written; whoever asks for what was there is told so as if it had been. A lock is not taken, nobody is woken.
    case isOmitted
    /// A load gives this value, whatever is there; a compare-exchange fails and finds it.
    case answers(Int)
    /// What reads and writes in one does it in two steps.
    case isSplit
    /// A load is made too early: it gives what was there when the thread made it the last time.
    case isEarly
  }

  package let site: AccessSite
  package let change: Change

  package init(_ site: AccessSite, _ change: Change) {
    self.site = site
    self.change = change
  }

  package var description: String {
    switch change {
    case .misses(let order): "\(site), without \(order)"
    case .isOmitted: "\(site), omitted"
    case .answers(let value): "\(site), answers \(value)"
    case .isSplit: "\(site), in two steps"
    case .isEarly: "\(site), too early"
    }
  }
}
