/// Moves elements to another place, which does not overlap, part by part.
@inlinable
func moveInParallel<Element>(
  _ source: UnsafeMutablePointer<Element>, _ destination: UnsafeMutablePointer<Element>, count: Int
) {
  let parts = Parts(of: Element.self, total: count)
  forEachPart(0..<parts.count) { part in
    let range = parts[part]
    unsafe (destination + range.lowerBound).moveInitialize(from: source + range.lowerBound, count: range.count)
  }
}
