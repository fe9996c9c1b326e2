/// The result of a stage for an element.
public enum Processed<Element, Failure: Error> {
  /// An element.
  case element(Element)
  /// No element.
  case nothing
  /// The error of a closure.
  case failure(Failure)
}

/// A parallel sequence that makes, by closures, at most one element from each element of another one.
///
/// A chain of stages is its *root*, the sequence at its bottom, and one closure, which each stage composes from its own
/// closure and that of the stage before when the chain is written. If no closure of the chain captures anything, the
/// composed one is a constant: a loop runs the leaf of the root, with all stages inlined, however many they are. (If
/// instead the leaves of stages called each other, with nested closures for each, the optimiser would give up at four
/// stages.)
///
/// If some closure has captures, the loop runs `forEachElement`, which borrows the closures and calls each of them
/// directly: the composed one would be a call within a call for each stage.
///
/// Values that are passed to closures, instead of being captured, are stored beside the root's source.
public protocol ParallelStage: ParallelSequence {
  /// Makes an element of this sequence, nothing or an error from an element of the root.
  typealias Process = @Sendable (ChainRoot.Element, HandedValues) -> Processed<Element, Failure>

  /// The components of a stage. The last one lends the closures of this stage and of those before.
  ///
  /// It is a tuple for the optimiser's sake, which handles values of at most six fields, and does not count the
  /// functions and references of a tuple: so a chain has as many fields as its root, however long it is.
  typealias StageParts = (root: ChainRoot, values: HandedValues, process: Process, lender: ClosureLender)

  /// The components of this stage.
  var parts: StageParts { get }
}

extension ParallelStage {
  @inlinable
  @inline(__always)
  public var chainRoot: ChainRoot { parts.root }

  @inlinable
  @inline(__always)
  public var handedValues: HandedValues { parts.values }

  @inlinable
  @inline(__always)
  public var processElement: Process { parts.process }

  @inlinable
  @inline(__always)
  public func lendClosures() -> ClosureLender { parts.lender }

  @inlinable public var knownCount: Int? { Self.isOneForOne ? chainRoot.knownCount : nil }

  @inlinable public var plan: LoopPlan { chainRoot.plan }
  @inlinable public var positionCount: Int { chainRoot.positionCount }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result { unsafe chainRoot.withSource(body) }

  @inlinable public static var isSupplied: Bool { ChainRoot.isSupplied }

  @inlinable
  public static func supply(from source: UnsafeRawPointer, upTo end: Int) -> Int {
    unsafe ChainRoot.supply(from: source, upTo: end)
  }

  @inlinable
  public static func turn(_ source: UnsafeRawPointer) { unsafe ChainRoot.turn(source) }

  @inlinable
  @inline(__always)
  public static func isExhausted(_ source: UnsafeRawPointer) -> Bool { unsafe ChainRoot.isExhausted(source) }
}

// MARK: - Sequences that are no stages

extension ParallelSequence {
  @inlinable public static var isOneForOne: Bool { true }
}

extension ParallelSequence where ChainRoot == Self {
  /// This sequence itself, since it is not a stage.
  @inlinable
  @inline(__always)
  public var chainRoot: Self { self }
}

extension ParallelSequence where HandedValues == Void {
  /// No values.
  @inlinable
  @inline(__always)
  public var handedValues: Void { () }
}

extension ParallelSequence where ChainRoot == Self, HandedValues == Void {
  @inlinable
  @inline(__always)
  public var processElement: @Sendable (Element, Void) -> Processed<Element, Failure> {
    { element, _ in .element(element) }
  }
}

/// The closure, held so that captures in the chain can be seen; see `ClosureLender`.
@usableFromInline
struct ProcessLink<Element, HandedValues, Outcome>: ~Copyable {
  @usableFromInline let process: (Element, HandedValues) -> Outcome
  @usableFromInline let root: ClosureLender

  @inlinable
  init(_ process: @escaping (Element, HandedValues) -> Outcome, _ root: @escaping ClosureLender) {
    self.process = process
    self.root = root
  }
}
