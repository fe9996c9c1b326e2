import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

func yieldThread() { _ = sched_yield() }

/// Runs `body` on `count` new threads beside `main` on this one, and adds up what all of them give.
func runThreads(_ count: Int, _ body: (Int) -> Int, beside main: () -> Int) -> Int {
  withoutActuallyEscaping(body) { body in
    let starts = (0..<count).map { index in Start { body(index) } }
    let threads = starts.map { start in
      #if canImport(Darwin)
        var thread: pthread_t?
      #else
        var thread = pthread_t()
      #endif
      let status = pthread_create(
        &thread, nil,
        { argument in
          #if canImport(Darwin)
            let start = Unmanaged<Start>.fromOpaque(argument).takeUnretainedValue()
          #else
            let start = Unmanaged<Start>.fromOpaque(argument!).takeUnretainedValue()
          #endif
          start.sum = start.body()
          return nil
        }, Unmanaged.passUnretained(start).toOpaque())
      precondition(status == 0, "No thread")
      return thread
    }
    var sum = main()
    for (thread, start) in zip(threads, starts) {
      #if canImport(Darwin)
        pthread_join(thread!, nil)
      #else
        pthread_join(thread, nil)
      #endif
      sum &+= start.sum
    }
    return sum
  }
}

/// What a thread is to do, and what came of it; joined before anyone looks.
private final class Start {
  let body: () -> Int
  var sum = 0
  init(_ body: @escaping () -> Int) { self.body = body }
}
