// Operations that a sequence lacks because its elements have no known positions, so that the compiler's message helps:
// after `filter` and its kin, and in sets, dictionaries, texts and plain sequences. The types of the results are such
// that nothing else is wrong with the expression around them.

@available(
  *, unavailable,
  message: "zip needs to know the place of each element: zip first and filter afterwards, or collect with Array(_:)"
)
public func zip<First: ParallelSequence, Second: ParallelSequence>(_ first: First, _ second: Second)
  -> ParallelMap<First, (First.Element, Second.Element)>
{
  fatal("unavailable")
}

extension ParallelSequence {
  @available(
    *, unavailable,
    message: "the place of each element is not known here: write enumerated() before filter, or collect with Array(_:)"
  )
  public func enumerated() -> ParallelMap<Self, (offset: Int, element: Element)> { fatal("unavailable") }

  @available(
    *, unavailable,
    message: "the place of each element is not known here: write reversed() before filter, or collect with Array(_:)"
  )
  public func reversed() -> Self { fatal("unavailable") }

  @available(
    *, unavailable,
    message:
      "the place of each element is not known here: write prefix before filter, or use unordered.prefix if any will do"
  )
  public func prefix(_ maximumCount: Int) -> Self { fatal("unavailable") }

  @available(
    *, unavailable,
    message:
      "the place of each element is not known here: write dropFirst before filter, or use unordered.dropFirst if any will do"
  )
  public func dropFirst(_ count: Int = 1) -> Self { fatal("unavailable") }

  @available(
    *, unavailable,
    message: "the place of each element is not known here: write chunks before filter, or collect with Array(_:)"
  )
  public func chunks(ofCount count: Int) -> ParallelMap<Self, [Element]> { fatal("unavailable") }

  @available(*, unavailable, message: "how many elements there will be is not known here: write batched before filter")
  public func batched(minimum: Int = 1, maximum: Int = .max) -> Self { fatal("unavailable") }

  @available(*, unavailable, message: "how many elements there will be is not known here: write inBlocks before filter")
  public func inBlocks(ofCount count: Int) -> Self { fatal("unavailable") }

  @available(
    *, unavailable,
    message: "the place of each element is not known here: write striding before filter, or collect with Array(_:)"
  )
  public func striding(by step: Int) -> Self { fatal("unavailable") }

  @available(
    *, unavailable,
    message:
      "the place of each element is not known here: interleave first and filter afterwards, or collect with Array(_:)"
  )
  public func interleaved<Other: ParallelSequence>(with other: Other) -> Self where Other.Element == Element {
    fatal("unavailable")
  }

  @available(
    *, unavailable,
    message: "the place of each element is not known here: collect with Array(_:), and intersperse its elements"
  )
  public func interspersed(with separator: Element) -> Self { fatal("unavailable") }

  @available(
    *, unavailable,
    message:
      "the place of each element is not known here: collect with Array(_:), or use first(where:) for the element itself"
  )
  public func firstIndex(where isWanted: @escaping @Sendable (Element) -> Bool) -> Int? { fatal("unavailable") }

  @available(
    *, unavailable,
    message: "the place of each element is not known here: write suffix before filter, or collect with Array(_:)"
  )
  public func suffix(_ maximumCount: Int) -> Self { fatal("unavailable") }

  @available(
    *, unavailable,
    message: "the place of each element is not known here: write dropLast before filter, or collect with Array(_:)"
  )
  public func dropLast(_ count: Int = 1) -> Self { fatal("unavailable") }

  @available(
    *, unavailable,
    message:
      "the place of each element is not known here: collect with Array(_:), or use last(where:) for the element itself"
  )
  public func lastIndex(where isWanted: @escaping @Sendable (Element) -> Bool) -> Int? { fatal("unavailable") }

  @available(
    *, unavailable,
    message:
      "the place of each element is not known here: collect with Array(_:), or use anyElement(where:) for the element itself"
  )
  public func anyIndex(where isWanted: @escaping @Sendable (Element) -> Bool) -> Int? { fatal("unavailable") }

  @available(
    *, unavailable,
    message: "how many elements there will be is not known here: write inGrowingBlocks before filter"
  )
  public func inGrowingBlocks() -> Self { fatal("unavailable") }

  @available(
    *, unavailable,
    message: "windows are slices of a collection: write windows right after parallel, or collect with Array(_:)"
  )
  public func windows(ofCount count: Int) -> ParallelMap<Self, [Element]> { fatal("unavailable") }
}
