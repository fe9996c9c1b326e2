extension RandomAccessCollection where Self: RangeReplaceableCollection & Sendable, Element: Sendable {
  /// The elements of this collection, to be processed in parallel, or modified in place.
  ///
  /// A change in place copies nothing if the storage is not shared.
  @inlinable
  public var parallel: ParallelElements<Self> {
    get { ParallelElements(self, plan: LoopPlan()) }
    // The storage is moved into the view and back, so that it stays uniquely referenced.
    _modify {
      var view = ParallelElements(self, plan: LoopPlan())
      self = Self()
      defer { self = view.base }
      yield &view
    }
  }
}
