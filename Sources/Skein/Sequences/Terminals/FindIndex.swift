// For a chain, the offsets of its elements; for a collection, its own indices.

extension ParallelCollection {
  /// Returns the number of elements before the first one in order that satisfies a condition, or nil if none does;
  /// otherwise like `first(where:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func firstIndex(where isWanted: @escaping @Sendable (Element) -> Bool) throws(Failure) -> Int? {
    try enumerated().compactMap { isWanted($0.element) ? $0.offset : nil }.findFirst()
  }

  /// Like `firstIndex(where:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func firstIndex<E>(
    where isWanted: @escaping @Sendable (Element) throws(E) -> Bool
  ) throws(E) -> Int? where Failure == Never {
    try map(isWanted).firstIndex { $0 }
  }

  /// Returns the number of elements before the last one in order that satisfies a condition, or nil if none does;
  /// otherwise like `last(where:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func lastIndex(where isWanted: @escaping @Sendable (Element) -> Bool) throws(Failure) -> Int? {
    try enumerated().reversed().compactMap { isWanted($0.element) ? $0.offset : nil }.findFirst()
  }

  /// Like `lastIndex(where:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func lastIndex<E>(
    where isWanted: @escaping @Sendable (Element) throws(E) -> Bool
  ) throws(E) -> Int? where Failure == Never {
    try map(isWanted).lastIndex { $0 }
  }

  /// Returns the number of elements before some element that satisfies a condition, or nil if none does; otherwise like
  /// `anyElement(where:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func anyIndex(where isWanted: @escaping @Sendable (Element) -> Bool) throws(Failure) -> Int? {
    try enumerated().compactMap { isWanted($0.element) ? $0.offset : nil }.findFirst(isAny: true)
  }

  /// Like `anyIndex(where:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func anyIndex<E>(
    where isWanted: @escaping @Sendable (Element) throws(E) -> Bool
  ) throws(E) -> Int? where Failure == Never {
    try map(isWanted).anyIndex { $0 }
  }
}

extension ParallelCollection where Element: Equatable & Sendable {
  /// Returns the number of elements before the first one that equals `wanted`, or nil if none does; otherwise like
  /// `first(where:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func firstIndex(of wanted: Element) throws(Failure) -> Int? { try firstIndex { $0 == wanted } }

  /// Returns the number of elements before the last one that equals `wanted`, or nil if none does; otherwise like
  /// `last(where:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func lastIndex(of wanted: Element) throws(Failure) -> Int? { try lastIndex { $0 == wanted } }
}

extension ParallelElements {
  /// Returns the index of the first element that satisfies a condition, or nil if none does; otherwise like
  /// `first(where:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func firstIndex(where isWanted: @escaping @Sendable (Element) -> Bool) -> Base.Index? {
    let offset: Int? = map(isWanted).firstIndex { $0 }
    return offset.map(index)
  }

  /// Like `firstIndex(where:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func firstIndex<E>(where isWanted: @escaping @Sendable (Element) throws(E) -> Bool) throws(E) -> Base.Index? {
    let offset: Int? = try map(isWanted).firstIndex { $0 }
    return offset.map(index)
  }

  /// Returns the index of the last element that satisfies a condition, or nil if none does; otherwise like
  /// `last(where:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func lastIndex(where isWanted: @escaping @Sendable (Element) -> Bool) -> Base.Index? {
    let offset: Int? = map(isWanted).lastIndex { $0 }
    return offset.map(index)
  }

  /// Like `lastIndex(where:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func lastIndex<E>(where isWanted: @escaping @Sendable (Element) throws(E) -> Bool) throws(E) -> Base.Index? {
    let offset: Int? = try map(isWanted).lastIndex { $0 }
    return offset.map(index)
  }

  /// Returns the index of some element that satisfies a condition, or nil if none does; otherwise like
  /// `anyElement(where:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func anyIndex(where isWanted: @escaping @Sendable (Element) -> Bool) -> Base.Index? {
    let offset: Int? = map(isWanted).anyIndex { $0 }
    return offset.map(index)
  }

  /// Like `anyIndex(where:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func anyIndex<E>(where isWanted: @escaping @Sendable (Element) throws(E) -> Bool) throws(E) -> Base.Index? {
    let offset: Int? = try map(isWanted).anyIndex { $0 }
    return offset.map(index)
  }
}

extension ParallelElements where Element: Equatable {
  /// Returns the index of the first element that equals `wanted`, or nil if none does; otherwise like `first(where:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func firstIndex(of wanted: Element) -> Base.Index? { firstIndex { $0 == wanted } }

  /// Returns the index of the last element that equals `wanted`, or nil if none does; otherwise like `last(where:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func lastIndex(of wanted: Element) -> Base.Index? { lastIndex { $0 == wanted } }
}
