/// The value that a batch of a loop computes, how far the batch came, and the error that ended it, if any.
@usableFromInline
struct LeafState<Value, Failure: Error> {
  @usableFromInline var value: Value
  @usableFromInline var error: Failure?
  /// The first position not done, left to the batch that continues; `.min` if positions that have not been begun yield
  /// nothing any more.
  @usableFromInline var reached: Int

  @inlinable
  @inline(__always)
  init(_ value: Value, at positions: Range<Int>) {
    self.value = value
    error = nil
    reached = positions.upperBound
  }
}

/// A sequential loop over some positions that ends with them, or when its watch ends it.
@usableFromInline
typealias Leaf<State> = (
  _ source: UnsafeRawPointer, _ closures: LentClosures, _ positions: Range<Int>, _ state: inout State,
  _ watch: UnsafeMutablePointer<BatchWatch>?
) -> Void

/// A leaf that cannot be copied where it is lent, so that no batch counts a reference to it.
///
/// SAFETY: It is called with a source and closures that are lent as long as it is.
@unsafe
@usableFromInline
struct LentLeaf<Value, Failure: Error>: ~Copyable {
  @usableFromInline let leaf: Leaf<LeafState<Value, Failure>>

  @inlinable
  @inline(__always)
  init(_ leaf: @escaping Leaf<LeafState<Value, Failure>>) { unsafe self.leaf = unsafe leaf }

  @inlinable
  @inline(__always)
  borrowing func run(
    _ source: UnsafeRawPointer, _ closures: LentClosures, _ positions: Range<Int>,
    _ state: inout LeafState<Value, Failure>, _ watch: UnsafeMutablePointer<BatchWatch>?
  ) {
    unsafe leaf(source, closures, positions, &state, watch)
  }
}

/// A leaf with the source it reads from and the closures it calls, for the batches of a loop.
///
/// SAFETY: All pointers are valid until `withLeaf` returns, and the loop runs inside it.
@safe
@usableFromInline
struct BoundLeaf<Value, Failure: Error> {
  @usableFromInline let leaf: UnsafePointer<LentLeaf<Value, Failure>>
  @usableFromInline let source: UnsafeRawPointer
  @usableFromInline let closures: LentClosures

  @inlinable
  init(_ leaf: UnsafePointer<LentLeaf<Value, Failure>>, _ source: UnsafeRawPointer, _ closures: LentClosures) {
    unsafe self.leaf = leaf
    unsafe self.source = source
    self.closures = closures
  }

  /// Runs the leaf over positions that are the units of the loop. An error is noted for the loop and ends the batch.
  /// - Returns: The first position not done, or nil if a closure threw.
  @inlinable
  @inline(__always)
  func run(
    _ positions: Range<Int>, _ value: inout Value, _ control: borrowing LoopControl<Failure>,
    _ watch: inout BatchWatch
  ) -> Int? {
    unsafe run(positions, &value, control, at: positions.lowerBound, &watch)
  }

  /// Runs the leaf over all positions of a unit. An error is noted for the loop and ends the batch.
  /// - Returns: Whether no closure threw.
  @inlinable
  @inline(__always)
  func runWhole(
    _ positions: Range<Int>, _ value: inout Value, _ control: borrowing LoopControl<Failure>, at unit: Int
  ) -> Bool {
    unsafe run(positions, &value, control, at: unit, nil) != nil
  }

  @inlinable
  @inline(__always)
  func run(
    _ positions: Range<Int>, _ value: inout Value, _ control: borrowing LoopControl<Failure>, at unit: Int,
    _ watch: UnsafeMutablePointer<BatchWatch>?
  ) -> Int? {
    var outcome = unsafe withUnsafeMutablePointer(to: &value) { value -> (reached: Int, error: Failure?) in
      // SAFETY: the value is moved out and back in, so that nothing else holds a reference to its storage; nothing in
      // between throws.
      var state = LeafState<Value, Failure>(unsafe value.move(), at: positions)
      unsafe leaf.pointee.run(source, closures, positions, &state, watch)
      unsafe value.initialize(to: state.value)
      return (state.reached, state.error)
    }
    if outcome.reached == .min {
      control.finishEverywhere()
      outcome.reached = positions.upperBound
    }
    guard let error = outcome.error else { return outcome.reached }
    control.note(error, at: unit)
    return nil
  }
}

extension ParallelSequence {
  /// Calls `body` with a leaf of this sequence that passes each element to `receive`.
  ///
  /// The leaf is made where the chain's closures can still be seen, outside any other closure; see `ClosureLender` for the two kinds.
  /// - Parameter prepare: Called with the value before the loop, in the same function, if no closure captures anything.
  @_alwaysEmitIntoClient
  @inline(__always)
  func withLeaf<Value, Result>(
    _ receive: @escaping (Element, inout Value) throws(Failure) -> Bool,
    prepare: @escaping (inout Value) -> Void = { _ in }, run body: (BoundLeaf<Value, Failure>) -> Result
  ) -> Result {
    let process = processElement
    let lendRoot = chainRoot.lendClosures()
    let isConstant = capturesNothing { body in lend(ProcessLink(process, lendRoot), to: body) }
    let leaf: Leaf<LeafState<Value, Failure>> =
      if isConstant {
        { source, values, positions, state, watch in
          lendRoot { closures in
            unsafe Self.run(source, closures, values, positions, &state, watch, process, receive, prepare)
            if unsafe Self.isExhausted(source) { state.reached = .min }
          }
        }
      } else {
        { source, closures, positions, state, watch in
          unsafe Self.run(source, closures, positions, &state, watch, receive)
          if unsafe Self.isExhausted(source) { state.reached = .min }
        }
      }
    let lender = lendClosures()
    let lentLeaf = unsafe LentLeaf(leaf)
    let values = Lent(handedValues)
    return unsafe chainRoot.withSource { source in
      unsafe withUnsafePointer(to: lentLeaf) { leaf in
        unsafe withUnsafePointer(to: values) { values in
          var result: Result?
          lender { closures in
            result = unsafe body(BoundLeaf(leaf, source, isConstant ? LentClosures(values) : closures))
          }
          return result!
        }
      }
    }
  }

  /// Runs the leaf of the root, whose elements are processed by a constant closure.
  @inlinable
  @inline(__always)
  static func run<Value>(
    _ source: UnsafeRawPointer, _ closures: LentClosures, _ values: LentClosures, _ positions: Range<Int>,
    _ state: inout LeafState<Value, Failure>, _ watch: UnsafeMutablePointer<BatchWatch>?,
    _ process: (ChainRoot.Element, HandedValues) -> Processed<Element, Failure>,
    _ receive: (Element, inout Value) throws(Failure) -> Bool, _ prepare: (inout Value) -> Void
  ) {
    values.withLink(as: Lent<HandedValues>.self) { values in
      unsafe runSlices(of: positions, &state, watch, by: .plain, prepare) { slice, state in
        unsafe ChainRoot.forEachElement(
          from: source, at: slice, closures: closures, state: &state,
          receive: { element, state in
            switch process(element, values.value) {
            case .element(let element):
              do throws(Failure) {
                return try receive(element, &state.value)
              } catch {
                state.error = error
                return false
              }
            case .nothing:
              return true
            case .failure(let error):
              state.error = error
              return false
            }
          },
          // Either the root cannot throw, or its errors are those of the chain.
          fail: { $1.error = ($0 as! Failure) })
      }
    }
  }

  /// Runs the leaf of this sequence, which calls the closures lent to it.
  @inlinable
  @inline(__always)
  static func run<Value>(
    _ source: UnsafeRawPointer, _ closures: LentClosures, _ positions: Range<Int>,
    _ state: inout LeafState<Value, Failure>, _ watch: UnsafeMutablePointer<BatchWatch>?,
    _ receive: (Element, inout Value) throws(Failure) -> Bool
  ) {
    unsafe runSlices(of: positions, &state, watch, by: .calls, { _ in }) { slice, state in
      unsafe forEachElement(
        from: source, at: slice, closures: closures, state: &state,
        receive: { element, state in
          do throws(Failure) {
            return try receive(element, &state.value)
          } catch {
            state.error = error
            return false
          }
        },
        fail: { $1.error = $0 })
    }
  }
}

/// Runs a leaf over slices of a batch until its watch ends it.
/// - Parameters:
///   - kind: What a slice consists of.
///   - prepare: Called with the value before that.
@_alwaysEmitIntoClient
@inline(__always)
func runSlices<Value, Failure>(
  of positions: Range<Int>, _ state: inout LeafState<Value, Failure>, _ watch: UnsafeMutablePointer<BatchWatch>?,
  by kind: BatchWatch.SliceKind, _ prepare: (inout Value) -> Void,
  _ run: (Range<Int>, inout LeafState<Value, Failure>) -> Bool
) {
  withLocal(&state) { state in
    prepare(&state.value)
    var start = positions.lowerBound
    while true {
      let slice = unsafe watch.map { unsafe $0.pointee.length(of: kind) } ?? .max
      let end = slice < positions.upperBound - start ? start + slice : positions.upperBound
      let isComplete = run(start..<end, &state)
      if !isComplete || end == positions.upperBound { return }
      if let watch = unsafe watch, unsafe watch.pointee.ends(before: end) {
        state.reached = end
        return
      }
      start = end
    }
  }
}

/// A value that cannot be copied where it is lent, so that its references are not counted.
@usableFromInline
struct Lent<Value>: ~Copyable {
  @usableFromInline let value: Value
  // A value of no size need not have an address.
  @usableFromInline let size: UInt8 = 1

  @inlinable
  @inline(__always)
  init(_ value: Value) { self.value = value }
}

/// Moves a state into a local variable for the duration of a loop, so that it can live in registers: nothing else
/// points to it.
@_alwaysEmitIntoClient
@inline(__always)
func withLocal<State, Result>(_ state: inout State, _ body: (inout State) -> Result) -> Result {
  unsafe withUnsafeMutablePointer(to: &state) { pointer in
    // SAFETY: the state is moved out and back in; `body` cannot throw.
    var local = unsafe pointer.move()
    let result = body(&local)
    unsafe pointer.initialize(to: local)
    return result
  }
}
