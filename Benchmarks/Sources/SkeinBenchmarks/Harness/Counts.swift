import CCounting

/// What some code asks of the runtime and of the allocator, counted by hooks.
struct Counts {
  var retains: Double
  var releases: Double
  var objects: Double
  var allocations: Double

  /// What `body` asked for, all threads together.
  ///
  /// A call of its own, into which the optimiser moves nothing: the hooks cannot stand strings.
  @inline(never)
  @_optimize(none)
  init(_ body: () -> Void) {
    counting_start()
    body()
    let result = counting_stop()
    retains = Double(result.retains)
    releases = Double(result.releases)
    objects = Double(result.objects)
    allocations = Double(result.allocations)
  }

  static func - (left: Counts, right: Counts) -> Counts {
    var result = left
    result.retains -= right.retains
    result.releases -= right.releases
    result.objects -= right.objects
    result.allocations -= right.allocations
    return result
  }

  static func / (left: Counts, divisor: Int) -> Counts {
    var result = left
    result.retains /= Double(divisor)
    result.releases /= Double(divisor)
    result.objects /= Double(divisor)
    result.allocations /= Double(divisor)
    return result
  }

  var most: Double { max(retains, releases, objects, allocations) }

  static func table() -> Table {
    Table("Counts", ["what", "number", "retains each", "releases each", "objects each", "allocations each"])
  }

  func row(_ name: String, _ number: Int) -> [Table.Cell] {
    [
      .text(name), .number(Double(number)), .number(retains), .number(releases), .number(objects),
      counting_sees_allocations() ? .number(allocations) : .none,
    ]
  }
}
