public import CSkein

/// The task-local values of some code, as one word, so that work run on its behalf elsewhere can see them too.
///
/// The values are not copied: the word is the address of the innermost `withValue` around that code (see
/// skein_task_locals.h). So they can be seen elsewhere only while that code waits. Reading the word costs two loads;
/// having no values costs nothing.
///
/// If work elsewhere sets values of its own, they go on top, as if it were called where the word was taken: a
/// `withValue` in a job is seen by that job, and by what that job forks.
///
/// Unless the runtime is found to store the values as expected (`isSupported`), there never are any.
///
/// The items of the list are written before the word is taken and do not change. They are freed when the `withValue`
/// that made them returns.
///
/// SAFETY: every use of the word is over when the items are freed: the caller guarantees to wait.
@safe
@frozen
@usableFromInline
struct TaskLocalValues: Equatable, @unchecked Sendable, BitwiseCopyable {
  @usableFromInline let head: UnsafeMutableRawPointer?

  @inlinable
  @inline(__always)
  init(head: UnsafeMutableRawPointer?) { unsafe self.head = head }

  @inlinable
  static func == (left: TaskLocalValues, right: TaskLocalValues) -> Bool { unsafe left.head == right.head }

  /// No values: every task-local variable has its default.
  @inlinable static var none: TaskLocalValues { unsafe TaskLocalValues(head: nil) }

  /// The values of the calling code: on any thread, in a task or not.
  static var current: TaskLocalValues { TaskLocalPlace.ofThisThread.values }

  /// Whether values can be carried from thread to thread here. The first use takes half a millisecond: the calibration.
  static var isSupported: Bool { TaskLocalCalibration.layout != nil }

  /// Calls a closure with these values and no others, on any thread.
  func withInstalled<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    try TaskLocalPlace.ofThisThread.with(self, body)
  }
}

/// Where the calling thread's task-local values are stored. A worker looks this up once and keeps it.
///
/// SAFETY: used only on the thread that looked it up, so no other thread accesses the words that it points to.
@safe
@frozen
@usableFromInline
struct TaskLocalPlace: BitwiseCopyable {
  @usableFromInline let view: skein_task_locals_view

  init(_ view: skein_task_locals_view) { unsafe self.view = view }

  /// That of the calling thread.
  static var ofThisThread: TaskLocalPlace {
    guard let layout = TaskLocalCalibration.layout else { return nowhere }
    return unsafe TaskLocalPlace(skein_task_locals_view_here(layout))
  }

  /// A place without values, for a thread that has not looked up its own yet.
  static var nowhere: TaskLocalPlace { unsafe TaskLocalPlace(skein_task_locals_nowhere()) }

  /// Whether the running code may have values: quicker than to ask for them.
  @inlinable
  var hasValues: Bool {
    @inline(__always) get { unsafe skein_task_locals_any(view) }
  }

  /// The task that runs on the thread; nil if there is none, and where values cannot be carried.
  @inlinable
  var task: UnsafeMutableRawPointer? {
    @inline(__always) get { unsafe view.task.pointee }
  }

  /// The values of the running code.
  @inlinable
  var values: TaskLocalValues {
    @inline(__always) get { unsafe TaskLocalValues(head: skein_task_locals_head(view)) }
  }

  /// Calls a closure with these values and no others.
  ///
  /// The waiter for the closure is notified only after this has returned: the values that it has lent are then no
  /// longer in use.
  @inlinable
  @inline(__always)
  func with<Result, Failure: Error>(
    _ values: TaskLocalValues, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    // The frame keeps one address until the end, since the runtime uses it as a storage of its own.
    var frame = unsafe skein_task_locals_frame()
    return try unsafe withUnsafeMutablePointer(to: &frame) { frame throws(Failure) in
      unsafe skein_task_locals_begin(view, values.head, frame)
      defer { unsafe skein_task_locals_end(frame) }
      return try body()
    }
  }
}
