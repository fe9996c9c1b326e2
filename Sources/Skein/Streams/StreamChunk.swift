public import Synchronization

/// A stretch of a stream, in order: places in which elements are put, and in which outcomes take their turn.
///
/// A place belongs to one after the other: to the feeder until it is published, to the window until it is claimed, to a runner until its outcome is
/// done, to the consumer. So one allocation serves many elements, and nobody hands a single one on with a lock.
///
/// SAFETY: `published` and `done` say whose a place is, and order what is in it. `claimed` and `number` are changed under the window's lock.
@usableFromInline
class StreamChunk: @unchecked Sendable {
  @usableFromInline final let capacity: Int
  /// How many places have been filled. Only the feeder writes it.
  @usableFromInline final let published = Atomic<Int>(0)
  private final let padding = CachePadding()
  /// A bit for each place with an outcome.
  @usableFromInline final let done = Atomic<UInt64>(0)
  /// How many of the places have been claimed.
  @usableFromInline final var claimed = 0
  /// The number of the first element.
  final var number = 0

  /// How many places a chunk has in a stream with this limit.
  @usableFromInline
  static func capacity(_ limit: Int) -> Int { Swift.max(8, Swift.min(64, limit)) }

  @inlinable
  init(capacity: Int) { self.capacity = capacity }

  @inlinable
  final func isDone(_ place: Int) -> Bool {
    // Acquiring what the runner has written; in one order with the look of a runner at whether the consumer sleeps.
    done.load(ordering: .sequentiallyConsistent) & 1 << UInt64(place) != 0
  }

  /// How many places are filled and not claimed. Under the lock.
  final var available: Int {
    published.load(ordering: .sequentiallyConsistent) - claimed  // pairs with the store in `StreamFeed.put`
  }

  /// Destroys elements that have been claimed and not begun.
  @usableFromInline
  func drop(_ places: Range<Int>) {}
}

/// A chunk as the consumer knows it.
///
/// SAFETY: see `StreamChunk`.
@safe
@usableFromInline
class StreamOutcomes<Outcome: Sendable>: StreamChunk, @unchecked Sendable {
  @usableFromInline final let outcomes: UnsafeMutablePointer<Outcome>
  /// What the elements count for; nil if each counts for one.
  @usableFromInline final let weights: UnsafeMutablePointer<Int>?
  /// A bit for each place whose outcome has been taken. Only the consumer writes it.
  @usableFromInline final var taken: UInt64 = 0

  @inlinable
  init(capacity: Int, weighs: Bool) {
    unsafe outcomes = .allocate(capacity: capacity)
    unsafe weights = weighs ? .allocate(capacity: capacity) : nil
    super.init(capacity: capacity)
  }

  /// A single outcome, which is there.
  @inlinable
  convenience init(_ outcome: Outcome) {
    self.init(capacity: 1, weighs: false)
    unsafe outcomes.initialize(to: outcome)
    published.store(1, ordering: .relaxed)
    done.store(1, ordering: .releasing)
  }

  deinit {
    // Nobody else has it any more.
    var left = done.load(ordering: .acquiring) & ~taken
    while left != 0 {
      unsafe (outcomes + left.trailingZeroBitCount).deinitialize(count: 1)
      left &= left - 1
    }
    unsafe outcomes.deallocate()
    unsafe weights?.deallocate()
  }

  /// Takes an outcome out. The place is done, and the consumer's.
  @inlinable
  final func take(_ place: Int) -> (outcome: Outcome, weight: Int) {
    taken |= 1 << UInt64(place)
    return unsafe ((outcomes + place).move(), weights.map { unsafe $0[place] } ?? 1)
  }
}

/// A chunk as the feeder and the runners know it.
///
/// SAFETY: see `StreamChunk`.
@safe
@usableFromInline
final class StreamElements<Element: Sendable, Outcome: Sendable>: StreamOutcomes<Outcome>, @unchecked Sendable {
  @usableFromInline let elements: UnsafeMutablePointer<Element>

  @inlinable
  override init(capacity: Int, weighs: Bool) {
    unsafe elements = .allocate(capacity: capacity)
    super.init(capacity: capacity, weighs: weighs)
  }

  deinit {
    drop(claimed..<published.load(ordering: .acquiring))
    unsafe elements.deallocate()
  }

  @usableFromInline
  override func drop(_ places: Range<Int>) {
    unsafe (elements + places.lowerBound).deinitialize(count: places.count)
  }

  /// Fills the next place. It is nobody else's until it is published.
  @inlinable
  func fill(_ place: Int, with element: consuming Element, weight: Int) {
    unsafe (elements + place).initialize(to: element)
    if let weights = unsafe weights { unsafe (weights + place).initialize(to: weight) }
  }

  /// Makes the outcomes of the claimed elements, one after the other, and shows each. Before an outcome is shown, its element is gone.
  /// - Parameter make: Makes an outcome, and says whether nothing is wanted that comes after it.
  @inlinable
  func run(
    _ claim: StreamClaim, _ watch: inout StreamWatch, _ make: (Element) -> (outcome: Outcome, isLast: Bool)
  ) -> StreamClaim.End {
    var place = claim.places.lowerBound
    while true {
      let isLast = perform(place, make)
      // In one order with the look at whether the consumer sleeps, in `look`.
      done.bitwiseOr(1 << UInt64(place), ordering: .sequentiallyConsistent)
      watch.note(self, place)
      place += 1
      let look = isLast ? .drop : place == claim.places.upperBound ? .goOn : watch.look()
      switch look {
      case .goOn: if place < claim.places.upperBound, watch.begin(place) { continue }
      case .giveBack: if watch.takeRest(from: place, of: claim) { return StreamClaim.End(place, .givenBack) }
      case .drop: if watch.takeRest(from: place, of: claim) { drop(place..<claim.places.upperBound) }
      }
      return StreamClaim.End(place, isLast ? .last : .done)
    }
  }

  /// Transforms the claimed elements.
  @inlinable
  func map<Transformed, Failure>(
    _ claim: StreamClaim, _ watch: inout StreamWatch, _ transform: (Element) throws(Failure) -> Transformed
  ) -> StreamClaim.End where Outcome == Result<Transformed, Failure> {
    run(claim, &watch) { element in
      do throws(Failure) { return (.success(try transform(element)), false) } catch { return (.failure(error), true) }
    }
  }

  @inlinable
  @inline(__always)
  func perform(_ place: Int, _ make: (Element) -> (outcome: Outcome, isLast: Bool)) -> Bool {
    let (outcome, isLast) = unsafe make((elements + place).move())
    unsafe (outcomes + place).initialize(to: outcome)
    return isLast
  }
}

/// Some elements of a chunk that a runner is to make outcomes of.
@usableFromInline
struct StreamClaim: Sendable {
  @usableFromInline let chunk: StreamChunk
  @usableFromInline let places: Range<Int>

  init(_ chunk: StreamChunk, _ places: Range<Int>) {
    self.chunk = chunk
    self.places = places
  }

  /// The number of its first element.
  var number: Int { chunk.number + places.lowerBound }

  /// How a runner left it.
  @usableFromInline
  struct End {
    @usableFromInline
    enum Reason {
      /// The rest, if there is any, is gone, or somebody else's.
      case done
      /// As `done`, and the last one that was made is also the last one that is wanted.
      case last
      /// The rest is to be claimed by others too.
      case givenBack
    }

    /// Up to where it has been done.
    let place: Int
    let reason: Reason

    @usableFromInline
    init(_ place: Int, _ reason: Reason) {
      self.place = place
      self.reason = reason
    }
  }
}

/// What a runner is at, so that others can take the rest from it if an element takes long.
///
/// SAFETY: `claim` and `seen` are changed under the window's lock.
@usableFromInline
final class StreamRun: @unchecked Sendable {
  /// The next place that it is going to begin. Whoever moves it on to the end of the claim has the rest.
  //
  // Relaxed, all accesses: what is in the places has been there since before they were claimed.
  @usableFromInline let next = Atomic<Int>(0)
  var claim: StreamClaim?
  /// Where it was when somebody last looked.
  var seen: Int?

  func begin(_ claim: StreamClaim) {
    self.claim = claim
    seen = nil
    next.store(claim.places.lowerBound + 1, ordering: .relaxed)
  }

  var hasRest: Bool { claim.map { next.load(ordering: .relaxed) < $0.places.upperBound } ?? false }

  /// The rest of the claim, if somebody has looked before and the runner is where it was then.
  func takeRestIfLate() -> StreamClaim? {
    guard let claim else { return nil }
    let place = next.load(ordering: .relaxed)
    guard place < claim.places.upperBound else { return nil }
    if seen != place {
      seen = place
      return nil
    }
    guard
      next.compareExchange(expected: place, desired: claim.places.upperBound, ordering: .relaxed).exchanged
    else { return nil }
    return StreamClaim(claim.chunk, place..<claim.places.upperBound)
  }
}
