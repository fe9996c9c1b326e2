public import CSkein

/// About how many nanoseconds have passed; see `skein_ticks`.
@inlinable
@inline(__always)
func ticks() -> UInt64 { skein_ticks() }
