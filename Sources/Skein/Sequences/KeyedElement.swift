/// An element with its key; only keys are compared.
@usableFromInline
struct KeyedElement<Key: Sendable, Element: Sendable>: Sendable {
  @usableFromInline let key: Key
  @usableFromInline let element: Element

  @inlinable
  init(_ key: Key, _ element: Element) {
    self.key = key
    self.element = element
  }
}

extension KeyedElement: Equatable where Key: Equatable {
  @inlinable
  @inline(__always)
  static func == (left: KeyedElement, right: KeyedElement) -> Bool { left.key == right.key }
}

extension KeyedElement: Comparable where Key: Comparable {
  @inlinable
  @inline(__always)
  static func < (left: KeyedElement, right: KeyedElement) -> Bool { left.key < right.key }

  @inlinable
  @inline(__always)
  static func >= (left: KeyedElement, right: KeyedElement) -> Bool { left.key >= right.key }
}
