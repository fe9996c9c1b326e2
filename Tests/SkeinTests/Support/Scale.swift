#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Whether the long variants of the tests were asked for.
let isLong = unsafe getenv("SKEIN_LONG_TESTS") != nil

/// Whether the tests run under a sanitizer.
let isSanitized: Bool = unsafe dlsym(nil, "__tsan_init") != nil || dlsym(nil, "__asan_init") != nil

/// How often to repeat something: once in a while under a sanitizer, often in the long variant.
func rounds(_ count: Int, long: Int) -> Int { isLong ? long : isSanitized ? max(1, count / 8) : count }

/// A number of elements: smaller where code is slow.
func elements(_ count: Int) -> Int {
  #if DEBUG
    return isLong ? count : count / (isSanitized ? 10 : 5)
  #else
    return isSanitized ? count / 5 : count
  #endif
}

/// Every size up to a limit; under a sanitizer those at which code takes another turn.
func sizes(upTo limit: Int) -> [Int] {
  isSanitized ? [0, 1, 2, 3, 4, 5, 8, 9, 17, 32, 33, 64, 65, 129, 200].filter { $0 <= limit } : Array(0...limit)
}

/// The thread counts for which everything is claimed; under a sanitizer one.
let threadCounts = isSanitized ? [3] : [1, 2, 4, 8, 16]

/// One thread, one for each processor of a small machine, and more than it has; under a sanitizer one count, for many tests.
let fewThreadCounts = isSanitized ? [3] : [1, 2, 8]
