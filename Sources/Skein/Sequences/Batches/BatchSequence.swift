/// The elements of one batch of a parallel loop, or the results of a chain for them.
///
/// ``ParallelSequence/inEachBatch(_:)`` passes it to a closure, on the thread that runs the batch. Nothing happens
/// before a terminal runs the chain, there and then, from the first element to the last. The closures belong to the
/// batch alone, so they need not be `@Sendable`, and become parts of one loop whatever they capture.
public protocol BatchSequence<Element, Failure> {
  /// The type of the elements.
  associatedtype Element
  /// The type of the errors of its closures.
  associatedtype Failure: Error = Never

  /// Passes the elements to `receive`, in order, until that returns false.
  /// - Returns: The error that ended it, if one did.
  func run<State>(_ state: inout State, _ receive: (Element, inout State) -> Bool) -> Failure?
}

/// The elements of one batch of a parallel loop.
///
/// SAFETY: The pointers are valid while the closure runs that receives the batch. It cannot keep the batch: it returns
/// a `BatchResult`, whose value is `Sendable`, and a batch is not.
@safe
public struct ParallelBatch<Source: ParallelSequence>: BatchSequence where Source.Failure == Never {
  public typealias Element = Source.Element
  public typealias Failure = Never

  @usableFromInline let source: UnsafeRawPointer
  @usableFromInline let closures: LentClosures
  @usableFromInline let positions: Range<Int>

  @inlinable
  @inline(__always)
  init(_ source: UnsafeRawPointer, _ closures: LentClosures, _ positions: Range<Int>) {
    unsafe self.source = unsafe source
    self.closures = closures
    self.positions = positions
  }

  @inlinable
  @inline(__always)
  public func run<State>(_ state: inout State, _ receive: (Element, inout State) -> Bool) -> Never? {
    _ = unsafe Source.forEachElement(
      from: source, at: positions, closures: closures, state: &state, receive: receive, fail: { _, _ in })
    return nil
  }
}

/// The results of a closure for the elements of a batch: at most one for each.
public struct BatchStage<Source: ParallelSequence, Element, Failure: Error>: BatchSequence
where Source.Failure == Never {
  @usableFromInline let parts: (batch: ParallelBatch<Source>, process: (Source.Element) -> Processed<Element, Failure>)

  @inlinable
  @inline(__always)
  init(_ batch: ParallelBatch<Source>, _ process: @escaping (Source.Element) -> Processed<Element, Failure>) {
    parts = (batch, process)
  }

  @inlinable
  @inline(__always)
  public func run<State>(_ state: inout State, _ receive: (Element, inout State) -> Bool) -> Failure? {
    var both: (state: State, failure: Failure?) = (state, nil)
    _ = parts.batch.run(&both) { element, both in
      switch parts.process(element) {
      case .element(let element):
        return receive(element, &both.state)
      case .nothing:
        return true
      case .failure(let error):
        both.failure = error
        return false
      }
    }
    state = both.state
    return both.failure
  }
}

// MARK: - Stages

extension ParallelBatch {
  /// Returns each element transformed by a closure.
  @inlinable
  @inline(__always)
  public func map<New>(_ transform: @escaping (Element) -> New) -> BatchStage<Source, New, Never> {
    BatchStage(self) { .element(transform($0)) }
  }

  /// Returns each element transformed by a closure that may throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func map<New, E>(_ transform: @escaping (Element) throws(E) -> New) -> BatchStage<Source, New, E> {
    BatchStage(self) { element in
      do throws(E) {
        return .element(try transform(element))
      } catch {
        return .failure(error)
      }
    }
  }

  /// Returns the elements that satisfy a condition.
  @inlinable
  @inline(__always)
  public func filter(_ isIncluded: @escaping (Element) -> Bool) -> BatchStage<Source, Element, Never> {
    BatchStage(self) { isIncluded($0) ? .element($0) : .nothing }
  }

  /// Returns the elements that satisfy a condition that may throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func filter<E>(_ isIncluded: @escaping (Element) throws(E) -> Bool) -> BatchStage<Source, Element, E> {
    compactMap { (element) throws(E) in try isIncluded(element) ? element : nil }
  }

  /// Returns the non-nil results of a closure for each element.
  @inlinable
  @inline(__always)
  public func compactMap<New>(_ transform: @escaping (Element) -> New?) -> BatchStage<Source, New, Never> {
    BatchStage(self) { transform($0).map { .element($0) } ?? .nothing }
  }

  /// Returns the non-nil results of a closure for each element, which may throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func compactMap<New, E>(_ transform: @escaping (Element) throws(E) -> New?) -> BatchStage<Source, New, E> {
    BatchStage(self) { element in
      do throws(E) {
        if let new = try transform(element) { return .element(new) }
        return .nothing
      } catch {
        return .failure(error)
      }
    }
  }
}

extension BatchStage {
  /// Returns each element transformed by a closure.
  @inlinable
  @inline(__always)
  public func map<New>(_ transform: @escaping (Element) -> New) -> BatchStage<Source, New, Failure> {
    let process = parts.process
    return BatchStage<Source, New, Failure>(parts.batch) { element in
      switch process(element) {
      case .element(let element): .element(transform(element))
      case .nothing: .nothing
      case .failure(let error): .failure(error)
      }
    }
  }

  /// Returns each element transformed by a closure that may throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func map<New, E>(
    _ transform: @escaping (Element) throws(E) -> New
  ) -> BatchStage<Source, New, E> where Failure == Never {
    let process = parts.process
    return BatchStage<Source, New, E>(parts.batch) { element in
      switch process(element) {
      case .element(let element):
        do throws(E) {
          return .element(try transform(element))
        } catch {
          return .failure(error)
        }
      case .nothing: return .nothing
      }
    }
  }

  /// Returns the elements that satisfy a condition.
  @inlinable
  @inline(__always)
  public func filter(_ isIncluded: @escaping (Element) -> Bool) -> BatchStage {
    let process = parts.process
    return BatchStage(parts.batch) { element in
      switch process(element) {
      case .element(let element): isIncluded(element) ? .element(element) : .nothing
      case .nothing: .nothing
      case .failure(let error): .failure(error)
      }
    }
  }

  /// Returns the elements that satisfy a condition that may throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func filter<E>(
    _ isIncluded: @escaping (Element) throws(E) -> Bool
  ) -> BatchStage<Source, Element, E> where Failure == Never {
    compactMap { (element) throws(E) in try isIncluded(element) ? element : nil }
  }

  /// Returns the non-nil results of a closure for each element.
  @inlinable
  @inline(__always)
  public func compactMap<New>(_ transform: @escaping (Element) -> New?) -> BatchStage<Source, New, Failure> {
    let process = parts.process
    return BatchStage<Source, New, Failure>(parts.batch) { element in
      switch process(element) {
      case .element(let element):
        if let new = transform(element) { .element(new) } else { .nothing }
      case .nothing: .nothing
      case .failure(let error): .failure(error)
      }
    }
  }

  /// Returns the non-nil results of a closure for each element, which may throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func compactMap<New, E>(
    _ transform: @escaping (Element) throws(E) -> New?
  ) -> BatchStage<Source, New, E> where Failure == Never {
    let process = parts.process
    return BatchStage<Source, New, E>(parts.batch) { element in
      switch process(element) {
      case .element(let element):
        do throws(E) {
          if let new = try transform(element) { return .element(new) }
          return .nothing
        } catch {
          return .failure(error)
        }
      case .nothing: return .nothing
      }
    }
  }
}
