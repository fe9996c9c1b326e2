/// The results of expanding something recursively, in parallel: the pieces of a ``ParallelSplitting``, or the nodes of
/// a tree.
///
/// Their number is not known beforehand. So when a terminal runs it, the first expansions are made level by level, in
/// parallel, until there are about two thousand nodes to expand; the loop divides these, and one thread expands each to
/// its end. So it pays when no single one of them is most of the work. The order is that of the recursion, and does not
/// depend on the threads.
public struct ParallelExpansion<Node: Sendable, Failure: Error>: ParallelSequence {
  public typealias Element = Node

  @usableFromInline let root: Node
  public let plan: LoopPlan
  @usableFromInline let expand: @Sendable (Node, inout [Growth<Node, Failure>]) throws(Failure) -> Void

  @inlinable
  init(
    _ root: Node, plan: LoopPlan,
    _ expand: @escaping @Sendable (Node, inout [Growth<Node, Failure>]) throws(Failure) -> Void
  ) {
    self.root = root
    self.plan = plan
    self.expand = expand
  }

  /// The first expansions are cut into this many parts, whatever their number.
  @inlinable public var positionCount: Int { 4096 }

  @inlinable
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    unsafe firstExpansions().withUnsafeBufferPointer { first in
      unsafe withUnsafePointer(to: first) { unsafe body(UnsafeRawPointer($0)) }
    }
  }

  /// Expands level by level until there is enough to divide.
  @inlinable
  func firstExpansions() -> [Growth<Node, Failure>] {
    var level: [Growth<Node, Failure>] = [.open(root)]
    let expand = expand
    // Levels of a few nodes may go on for ever, in which case there is little to divide.
    for _ in 0..<64 where level.count < 2048 {
      guard level.contains(where: { if case .open = $0 { true } else { false } }) else { break }
      let plan = LoopPlan(pool: plan.pool)
      level = Array(
        ParallelElements(level, plan: plan).flatMap { growth in
          guard case .open(let node) = growth else { return [growth] }
          var next: [Growth<Node, Failure>] = []
          do throws(Failure) {
            try expand(node, &next)
          } catch {
            next = [.failed(error)]
          }
          next.reverse()
          return next
        })
    }
    return level
  }

  /// The closures lent to a leaf.
  @usableFromInline
  struct Link: ~Copyable {
    @usableFromInline let expand: (Node, inout [Growth<Node, Failure>]) throws(Failure) -> Void

    @inlinable
    init(expand: @escaping (Node, inout [Growth<Node, Failure>]) throws(Failure) -> Void) { self.expand = expand }
  }

  @inlinable
  @inline(__always)
  public func lendClosures() -> ClosureLender {
    let expand = expand
    return { body in lend(Link(expand: expand), to: body) }
  }

  @inlinable
  @inline(__always)
  public static func forEachElement<State>(
    from source: UnsafeRawPointer, at positions: Range<Int>, closures: LentClosures, state: inout State,
    receive: (Element, inout State) -> Bool, fail: (Failure, inout State) -> Void
  ) -> Bool {
    let first = unsafe source.assumingMemoryBound(to: UnsafeBufferPointer<Growth<Node, Failure>>.self).pointee
    let start = positions.lowerBound * first.count / 4096
    let end = positions.upperBound * first.count / 4096
    if start == end { return true }
    return closures.withLink(as: Link.self) { link in
      // The pending nodes, the next one at the end.
      var stack: [Growth<Node, Failure>] = []
      var endurance = Endurance()
      for index in start..<end {
        unsafe stack.append(first[index])
        while let next = stack.popLast() {
          if endurance.isOver() { return false }
          switch next {
          case .complete(let node):
            if !receive(node, &state) { return false }
          case .open(let node):
            do throws(Failure) {
              try link.expand(node, &stack)
            } catch {
              fail(error, &state)
              return false
            }
          case .failed(let error):
            fail(error, &state)
            return false
          }
        }
      }
      return true
    }
  }
}

/// A node that is complete, is still to be expanded, or could not be.
@usableFromInline
enum Growth<Node: Sendable, Failure: Error>: Sendable {
  /// An element.
  case complete(Node)
  /// A node to be expanded; its results take its place.
  case open(Node)
  /// The error of a node that could not be expanded.
  case failed(Failure)
}
