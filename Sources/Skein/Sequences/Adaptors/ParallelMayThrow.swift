/// A parallel sequence whose closures do not throw, as one whose error type is `Failure`.
public struct ParallelMayThrow<Base: ParallelSequence, Failure: Error>: ParallelStage where Base.Failure == Never {
  public typealias Element = Base.Element

  public typealias ChainRoot = Base.ChainRoot
  public typealias HandedValues = Base.HandedValues

  public let parts: StageParts

  @inlinable public static var isOneForOne: Bool { Base.isOneForOne }

  @inlinable
  @inline(__always)
  init(_ base: Base) {
    let processBase = base.processElement
    let process: Process = { element, values in
      switch processBase(element, values) {
      case .element(let element): .element(element)
      case .nothing: .nothing
      }
    }
    let lender: ClosureLender = base.lendClosures()
    parts = (base.chainRoot, base.handedValues, process, lender)
  }

  @inlinable
  @inline(__always)
  public static func forEachElement<State>(
    from source: UnsafeRawPointer, at positions: Range<Int>, closures: LentClosures, state: inout State,
    receive: (Element, inout State) -> Bool, fail: (Failure, inout State) -> Void
  ) -> Bool {
    unsafe Base.forEachElement(
      from: source, at: positions, closures: closures, state: &state, receive: receive, fail: { _, _ in })
  }
}

extension ParallelMayThrow: ParallelCollection where Base: ParallelCollection {
  @inlinable
  @inline(__always)
  public static func element(at position: Int, from source: UnsafeRawPointer, closures: LentClosures) -> Element {
    unsafe Base.element(at: position, from: source, closures: closures)
  }
}

extension ParallelSequence where Failure == Never {
  /// Returns the same elements, as a sequence of this error type.
  @_alwaysEmitIntoClient
  @inline(__always)
  func mayThrow<E: Error>(_: E.Type) -> ParallelMayThrow<Self, E> { ParallelMayThrow(self) }
}
