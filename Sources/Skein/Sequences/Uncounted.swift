// Operations that a sequence lacks because its elements have no known positions, so that the compiler's message helps:
// after `filter` and its kin, and in sets, dictionaries, texts and plain sequences. The types of the results are such
// that nothing else is wrong with the expression around them.

@available(
  *, unavailable,
  message:
    "elements have no known places after filter and its kin, nor in sets, texts and plain sequences: zip first and filter afterwards, or collect with Array(_:)"
)
public func zip<First: ParallelSequence, Second: ParallelSequence>(_ first: First, _ second: Second)
  -> ParallelMap<First, (First.Element, Second.Element)>
{
  fatal("unavailable")
}

extension ParallelSequence {
  @available(
    *, unavailable,
    message:
      "elements have no known places after filter and its kin, nor in sets, texts and plain sequences: write enumerated() before filter, or collect with Array(_:)"
  )
  public func enumerated() -> ParallelMap<Self, (offset: Int, element: Element)> { fatal("unavailable") }

  @available(
    *, unavailable,
    message:
      "elements have no known places after filter and its kin, nor in sets, texts and plain sequences: write reversed() before filter, or collect with Array(_:)"
  )
  public func reversed() -> Self { fatal("unavailable") }

  @available(
    *, unavailable,
    message:
      "elements have no known places after filter and its kin, nor in sets, texts and plain sequences: write prefix before filter, collect with Array(_:), or use unordered.prefix if any elements will do"
  )
  public func prefix(_ maximumCount: Int) -> Self { fatal("unavailable") }

  @available(
    *, unavailable,
    message:
      "elements have no known places after filter and its kin, nor in sets, texts and plain sequences: write dropFirst before filter, collect with Array(_:), or use unordered.dropFirst if any elements will do"
  )
  public func dropFirst(_ count: Int = 1) -> Self { fatal("unavailable") }

  @available(
    *, unavailable,
    message:
      "elements have no known places after filter and its kin, nor in sets, texts and plain sequences: write chunks before filter, or collect with Array(_:)"
  )
  public func chunks(ofCount count: Int) -> ParallelMap<Self, [Element]> { fatal("unavailable") }

  @available(
    *, unavailable,
    message:
      "elements cannot be divided by number after filter and its kin, nor in sets, texts and plain sequences: write batched before filter, or give the limits to parallel(minimumBatch:maximumBatch:)"
  )
  public func batched(minimum: Int = 1, maximum: Int = .max) -> Self { fatal("unavailable") }

  @available(
    *, unavailable,
    message:
      "elements cannot be divided by number after filter and its kin, nor in sets, texts and plain sequences: write inBlocks before filter, or collect with Array(_:)"
  )
  public func inBlocks(ofCount count: Int) -> Self { fatal("unavailable") }

  @available(
    *, unavailable,
    message:
      "elements have no known places after filter and its kin, nor in sets, texts and plain sequences: write striding before filter, or collect with Array(_:)"
  )
  public func striding(by step: Int) -> Self { fatal("unavailable") }

  @available(
    *, unavailable,
    message:
      "elements have no known places after filter and its kin, nor in sets, texts and plain sequences: interleave first and filter afterwards, or collect with Array(_:)"
  )
  public func interleaved<Other: ParallelSequence>(with other: Other) -> Self where Other.Element == Element {
    fatal("unavailable")
  }

  @available(
    *, unavailable,
    message:
      "elements have no known places after filter and its kin, nor in sets, texts and plain sequences: collect with Array(_:), and intersperse its elements"
  )
  public func interspersed(with separator: Element) -> Self { fatal("unavailable") }

  @available(
    *, unavailable,
    message:
      "elements have no known places after filter and its kin, nor in sets, texts and plain sequences: collect with Array(_:), or use first(where:) for the element itself"
  )
  public func firstIndex(where isWanted: @escaping @Sendable (Element) -> Bool) -> Int? { fatal("unavailable") }

  @available(
    *, unavailable,
    message:
      "elements have no known places after filter and its kin, nor in sets, texts and plain sequences: write suffix before filter, or collect with Array(_:)"
  )
  public func suffix(_ maximumCount: Int) -> Self { fatal("unavailable") }

  @available(
    *, unavailable,
    message:
      "elements have no known places after filter and its kin, nor in sets, texts and plain sequences: write dropLast before filter, or collect with Array(_:)"
  )
  public func dropLast(_ count: Int = 1) -> Self { fatal("unavailable") }

  @available(
    *, unavailable,
    message:
      "elements have no known places after filter and its kin, nor in sets, texts and plain sequences: collect with Array(_:), or use last(where:) for the element itself"
  )
  public func lastIndex(where isWanted: @escaping @Sendable (Element) -> Bool) -> Int? { fatal("unavailable") }

  @available(
    *, unavailable,
    message:
      "elements have no known places after filter and its kin, nor in sets, texts and plain sequences: collect with Array(_:), or use anyElement(where:) for the element itself"
  )
  public func anyIndex(where isWanted: @escaping @Sendable (Element) -> Bool) -> Int? { fatal("unavailable") }

  @available(
    *, unavailable,
    message:
      "elements cannot be divided by number after filter and its kin, nor in sets, texts and plain sequences: write inGrowingBlocks before filter, or collect with Array(_:)"
  )
  public func inGrowingBlocks() -> Self { fatal("unavailable") }

  @available(
    *, unavailable,
    message: "windows are slices of a collection: write windows right after parallel, or collect with Array(_:)"
  )
  public func windows(ofCount count: Int) -> ParallelMap<Self, [Element]> { fatal("unavailable") }
}
