/// A value that is ordered like an unsigned number: `radixKey` ascends with the value.
@usableFromInline
protocol RadixKeyed: SendableMetatype {
  var radixKey: UInt64 { get }
}

// Equal integers are indistinguishable, so a sort by keys does what any stable sort does.

extension RadixKeyed where Self: FixedWidthInteger & UnsignedInteger {
  @inlinable
  var radixKey: UInt64 {
    @inline(__always) get { UInt64(truncatingIfNeeded: self) }
  }
}

extension RadixKeyed where Self: FixedWidthInteger & SignedInteger {
  @inlinable
  var radixKey: UInt64 {
    @inline(__always) get { UInt64(bitPattern: Int64(truncatingIfNeeded: self)) ^ (1 << 63) }
  }
}

extension UInt8: RadixKeyed {}
extension UInt16: RadixKeyed {}
extension UInt32: RadixKeyed {}
extension UInt64: RadixKeyed {}
extension UInt: RadixKeyed {}
extension Int8: RadixKeyed {}
extension Int16: RadixKeyed {}
extension Int32: RadixKeyed {}
extension Int64: RadixKeyed {}
extension Int: RadixKeyed {}

// As with `<`, −0 and +0 are equal; all NaNs are equal to each other and come last, as `Sorting.md` states.

extension Double: RadixKeyed {
  @inlinable
  var radixKey: UInt64 {
    @inline(__always) get {
      let bits = Int64(bitPattern: bitPattern)
      // Sign and magnitude to two's complement, which has one zero.
      let sign = bits >> 63
      let number = ((bits & .max) ^ sign) &- sign
      return isNaN ? .max : UInt64(bitPattern: number) ^ (1 << 63)
    }
  }
}

extension Float: RadixKeyed {
  @inlinable
  var radixKey: UInt64 {
    @inline(__always) get {
      let bits = Int32(bitPattern: bitPattern)
      let sign = bits >> 31
      let number = ((bits & .max) ^ sign) &- sign
      return isNaN ? .max >> 32 : UInt64(UInt32(bitPattern: number) ^ (1 << 31))
    }
  }
}

#if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
  extension Float16: RadixKeyed {
    @inlinable
    var radixKey: UInt64 {
      @inline(__always) get {
        let bits = Int16(bitPattern: bitPattern)
        let sign = bits >> 15
        let number = ((bits & .max) ^ sign) &- sign
        return isNaN ? .max >> 48 : UInt64(UInt16(bitPattern: number) ^ (1 << 15))
      }
    }
  }
#endif
