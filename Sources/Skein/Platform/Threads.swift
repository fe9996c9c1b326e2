internal import CSkein

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Tells the processor that this is a waiting loop.
func pause() { skein_pause() }

/// Yields this processor to another thread.
func yieldProcessor() { sched_yield() }

/// An operating system thread.
///
/// SAFETY: a handle that is used once, to join or to detach.
@safe
struct SystemThread: @unchecked Sendable {
  private let handle: pthread_t

  /// The system's reason for not starting a thread.
  struct Refusal: Error {
    let code: Int32

    var reason: String { unsafe String(cString: strerror(code)) }
  }

  /// The smallest stack that a worker can have, in bytes: the system's minimum, and what the library's own frames need,
  /// built without optimisation and with some of the Swift runtime's above them.
  ///
  /// The deepest are those of the stable sort: 20 kilobytes, and 11 for each time that a range is divided (3 when
  /// optimised), at most twice the logarithm of the number of elements times and about once that on most inputs. A
  /// million elements take 240 kilobytes, and every input devised so far to make pivots bad takes less than 512. All
  /// other algorithms take less than 80. Sorts of elements above 64 bytes, and selections among elements above a
  /// kilobyte, keep none on the stack except for the comparison.
  static var minimumStackSize: Int {
    let needed = 512 * 1024
    #if os(Linux)
      return max(needed, Int(sysconf(Int32(_SC_THREAD_STACK_MIN))))
    #else
      return needed
    #endif
  }

  private final class Start: Sendable {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }
  }

  /// Starts a thread, or throws the system's reason for not doing so.
  init(name: String, stackSize: Int, body: @escaping @Sendable () -> Void) throws(Refusal) {
    var attributes = pthread_attr_t()
    var code = unsafe pthread_attr_init(&attributes)
    guard code == 0 else { throw Refusal(code: code) }
    defer { unsafe pthread_attr_destroy(&attributes) }
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    code = unsafe pthread_attr_setstacksize(
      &attributes, min(stackSize, .max - page) / page * page + (stackSize % page == 0 ? 0 : page))
    guard code == 0 else { throw Refusal(code: code) }

    let start = unsafe Unmanaged.passRetained(Start(name: name, body: body))
    #if canImport(Darwin)
      var created: pthread_t?
      code = unsafe pthread_create(&created, &attributes, { unsafe SystemThread.main($0) }, start.toOpaque())
      guard code == 0, let thread = unsafe created else {
        unsafe start.release()
        throw Refusal(code: code)
      }
      unsafe handle = thread
    #else
      var created = pthread_t()
      code = unsafe pthread_create(&created, &attributes, { unsafe SystemThread.main($0!) }, start.toOpaque())
      guard code == 0 else {
        unsafe start.release()
        throw Refusal(code: code)
      }
      handle = created
    #endif
  }

  private static func main(_ argument: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    let start = unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
    unsafe skein_thread_set_name(start.name)
    start.body()
    return nil
  }

  func join() { pthread_join(handle, nil) }
  func detach() { pthread_detach(handle) }
}

/// Pins the calling thread to one processor, where the system supports that.
func pinCurrentThread(to processor: Int) { skein_affinity_set(Int32(processor)) }
