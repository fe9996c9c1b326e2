/// What a stage makes of an element.
public enum Processed<Element, Failure: Error> {
  /// This element.
  case element(Element)
  /// Nothing.
  case nothing
  /// The error of a closure.
  case failure(Failure)
}

/// A parallel sequence that makes, by closures, at most one element of each element of another one.
///
/// A chain of stages is its *root*, the sequence at its bottom, and one closure, which each stage makes of its own closure and that of the
/// stage before as soon as the chain is written. If no closure of the chain captures anything, that is a constant: the leaf that a loop
/// runs is the root's, with all stages inlined, however many they are. (The leaves of stages that call each other, with a closure in
/// a closure for each of them, are more than the optimiser follows when there are four.)
///
/// If some closure does capture, the loop runs `forEachElement`, which is lent the closures and calls each of them directly: the composed one would be a
/// call within a call for each stage.
///
/// Values that closures are handed, instead of capturing them, travel with the root's source.
public protocol ParallelStage: ParallelSequence {
  /// What makes an element of one of the root.
  typealias Process = @Sendable (ChainRoot.Element, HandedValues) -> Processed<Element, Failure>

  /// What a stage consists of. The last of it lends the closures of this stage and of those before.
  ///
  /// It is a tuple for the optimiser's sake, which sees through a value of at most six fields, and does not count the functions and
  /// references of a tuple: so a chain has as many as its root, however long it is.
  typealias StageParts = (root: ChainRoot, values: HandedValues, process: Process, lender: ClosureLender)

  /// What this stage consists of.
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
  /// This sequence itself: it is no stage.
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

/// What shows whether the closures of a chain capture anything; see `ClosureLender`.
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
