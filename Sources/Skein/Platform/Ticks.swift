public import CSkein

/// Returns a time in units of roughly a nanosecond; see `skein_ticks`.
@inlinable
@inline(__always)
func ticks() -> UInt64 { skein_ticks() }
