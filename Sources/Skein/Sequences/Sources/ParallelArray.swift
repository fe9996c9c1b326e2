extension Array where Element: Sendable {
  /// The elements of this array, to be processed in parallel, or modified in place.
  @inlinable
  public var parallel: ParallelElements<[Element]> {
    get { ParallelElements(self, plan: LoopPlan()) }
    // The storage moves into the view and back, so that it stays uniquely referenced.
    _modify {
      var view = ParallelElements(self, plan: LoopPlan())
      self = []
      defer { self = view.base }
      yield &view
    }
  }
}

extension ContiguousArray where Element: Sendable {
  /// The elements of this array, to be processed in parallel, or modified in place.
  @inlinable
  public var parallel: ParallelElements<ContiguousArray<Element>> {
    get { ParallelElements(self, plan: LoopPlan()) }
    _modify {
      var view = ParallelElements(self, plan: LoopPlan())
      self = []
      defer { self = view.base }
      yield &view
    }
  }
}

extension ArraySlice where Element: Sendable {
  /// The elements of this slice, to be processed in parallel, or modified in place.
  @inlinable
  public var parallel: ParallelElements<ArraySlice<Element>> {
    get { ParallelElements(self, plan: LoopPlan()) }
    _modify {
      var view = ParallelElements(self, plan: LoopPlan())
      self = []
      defer { self = view.base }
      yield &view
    }
  }
}
