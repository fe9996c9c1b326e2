/// The pieces of something that is split in two recursively, in parallel.
///
///     let total = ParallelSplitting(triangle) { $0.area < 1 ? ($0, nil) : $0.halves }.map { $0.integral }.sum()
///
/// See ``ParallelExpansion`` for how the work is divided.
public typealias ParallelSplitting = ParallelExpansion

extension ParallelExpansion where Failure == Never {
  /// Creates the sequence of the pieces of `data`, from left to right.
  ///
  /// - Parameters:
  ///   - data: The value to split.
  ///   - pool: The pool to run in. By default the current one, or `ThreadPool.shared` outside any.
  ///   - split: Returns two pieces; or, if its argument is not to be split any more, the argument or a part of it, and
  ///     nil.
  @inlinable
  public init(
    _ data: Node, in pool: ThreadPool? = nil, by split: @escaping @Sendable (Node) -> (Node, Node?)
  ) {
    self.init(data, plan: LoopPlan(pool: pool)) { data, pieces in append(split(data), to: &pieces) }
  }
}

extension ParallelExpansion {
  /// Creates the sequence of the pieces of `data`, from left to right, split by a closure that may throw.
  @inlinable
  @_disfavoredOverload
  public init(
    _ data: Node, in pool: ThreadPool? = nil, by split: @escaping @Sendable (Node) throws(Failure) -> (Node, Node?)
  ) {
    self.init(data, plan: LoopPlan(pool: pool)) { (data, pieces) throws(Failure) in
      append(try split(data), to: &pieces)
    }
  }
}

@inlinable
func append<Node, Failure>(_ halves: (Node, Node?), to pieces: inout [Growth<Node, Failure>]) {
  guard let right = halves.1 else { return pieces.append(.complete(halves.0)) }
  pieces.append(.open(right))
  pieces.append(.open(halves.0))
}

/// Returns the nodes of a tree, in parallel and in preorder: each node before its descendants, children in order.
///
///     let bytes = parallelTraversal(from: folder) { $0.subfolders }.map { $0.size }.sum()
///
/// See ``ParallelExpansion`` for how the work is divided.
///
/// - Parameters:
///   - root: The root of the tree; the first element.
///   - pool: The pool to run in. By default the current one, or `ThreadPool.shared` outside any.
///   - children: Returns the children of a node, in order. It is called once for each node, on several threads at once.
@inlinable
public func parallelTraversal<Node: Sendable, Children: Sequence<Node> & SendableMetatype>(
  from root: Node, in pool: ThreadPool? = nil, children: @escaping @Sendable (Node) -> Children
) -> ParallelExpansion<Node, Never> {
  ParallelExpansion(root, plan: LoopPlan(pool: pool)) { node, nodes in
    append(node, children(node), to: &nodes)
  }
}

/// Like `parallelTraversal`, with a closure that may throw.
@inlinable
@_disfavoredOverload
public func parallelTraversal<Node: Sendable, Children: Sequence<Node> & SendableMetatype, E>(
  from root: Node, in pool: ThreadPool? = nil, children: @escaping @Sendable (Node) throws(E) -> Children
) -> ParallelExpansion<Node, E> {
  ParallelExpansion(root, plan: LoopPlan(pool: pool)) { (node, nodes) throws(E) in
    append(node, try children(node), to: &nodes)
  }
}

@inlinable
func append<Node, Failure>(_ node: Node, _ children: some Sequence<Node>, to nodes: inout [Growth<Node, Failure>]) {
  let start = nodes.count
  for child in children { nodes.append(.open(child)) }
  nodes[start...].reverse()
  nodes.append(.complete(node))
}
