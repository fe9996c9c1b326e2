extension OwnerEnd where Element: ~Copyable, Word: ~Copyable {
  @inlinable
  mutating func drain(_ body: (consuming Element) -> Void) -> Int {
    var count = 0
    while let element = pop() {
      body(element)
      count &+= 1
    }
    return count
  }
}

extension WorkStealingDeque where Element: ~Copyable {
  /// Takes out all elements at shut-down, in the owner's order, and returns how many there were.
  ///
  /// Thieves may go on meanwhile; what they take is not counted.
  /// - Parameter body: consumes each element; by default, it is destroyed.
  @inlinable
  @discardableResult
  public mutating func drain(_ body: (consuming Element) -> Void = { _ in }) -> Int {
    end.drain(body)
  }
}

extension BoundedWorkStealingDeque where Element: ~Copyable {
  /// Takes out all elements at shut-down, in the owner's order, and returns how many there were.
  ///
  /// - Parameter body: consumes each element; by default, it is destroyed.
  @inlinable
  @discardableResult
  public mutating func drain(_ body: (consuming Element) -> Void = { _ in }) -> Int {
    end.drain(body)
  }
}

extension InjectionQueue where Element: ~Copyable {
  /// Takes out all elements at shut-down, oldest first, and returns how many there were.
  ///
  /// Ends when the queue is empty; so stop pushing first.
  /// - Parameter body: consumes each element; by default, it is destroyed.
  @inlinable
  @discardableResult
  public func drain(_ body: (consuming Element) -> Void = { _ in }) -> Int {
    var count = 0
    while true {
      switch core.steal() {
      case .success(let element):
        body(element)
        count &+= 1
      case .retry: continue
      case .empty: return count
      }
    }
  }
}
