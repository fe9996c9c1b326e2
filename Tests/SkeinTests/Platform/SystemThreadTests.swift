#if os(Linux)
  import Skein
  import Testing

  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #endif

  /// The threads of this process, by name.
  private func threadNames() -> [String] {
    guard let folder = unsafe opendir("/proc/self/task") else { return [] }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      let identifier = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      guard !identifier.hasPrefix("."), let file = unsafe fopen("/proc/self/task/\(identifier)/comm", "r") else {
        continue
      }
      defer { unsafe fclose(file) }
      var buffer = [UInt8](repeating: 0, count: 64)
      let count = unsafe fread(&buffer, 1, buffer.count, file)
      names.append(String(decoding: buffer[..<count].prefix { $0 != 10 }, as: UTF8.self))
    }
    return names
  }

  extension InTurn {
    /// What the system shows of a pool's threads, and what it refuses.
    @Suite struct SystemThreadTests {
      @Test func threadsHaveNames() throws {
        let pool = try ThreadPool(
          ThreadPool.Configuration(threadCount: 3, threadName: { "a-rather-long-name-\($0)" }))
        let other = try ThreadPool(ThreadPool.Configuration(threadCount: 2, threadName: { "named-\($0)" }))
        _ = (pool.onEachThread { $0 }, other.onEachThread { $0 })
        let names = threadNames()
        #expect(names.count { $0 == "a-rather-long-n" } == 3)
        #expect(names.contains("named-0") && names.contains("named-1"))
        other.shutdown()
        // A thread that has been waited for is listed until the system has tidied up.
        #expect(eventually { !threadNames().contains("named-0") })
      }

      @Test func theNumberOfThreadsFromTheEnvironment() async {
        await #expect(processExitsWith: .success) {
          unsafe setenv("SKEIN_THREADS", "3", 1)
          let count = try ThreadPool.defaultThreadCount()
          precondition(count == 3)
          precondition(ThreadPool.shared.threadCount == 3)
        }
        await #expect(processExitsWith: .success) {
          for text in ["", "0", "-1", "many", "2.5", " 4", "99999999999999999999", "1000000"] {
            unsafe setenv("SKEIN_THREADS", text, 1)
            do throws(ThreadPoolError) {
              _ = try ThreadPool.defaultThreadCount()
              fatalError("accepted '\(text)'")
            } catch { precondition(error == .invalidEnvironment(variable: "SKEIN_THREADS", value: text)) }
          }
        }
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
          unsafe setenv("SKEIN_THREADS", "many", 1)
          _ = ThreadPool.shared
        }
        #expect(message(result).contains("SKEIN_THREADS is 'many', but must be a number from 1"))
      }

      @Test(.disabled(if: isSanitized, "Sanitizers need the address space that this test takes away."))
      func aThreadThatTheSystemRefuses() async {
        await #expect(processExitsWith: .success) {
          limitAddressSpace(toMore: 4 << 30)
          do throws(ThreadPoolError) {
            _ = try ThreadPool(
              ThreadPool.Configuration(threadCount: 1000, stackSize: 64 << 20, threadName: { "one-of-many-\($0)" }))
            fatalError("a thousand threads")
          } catch {
            guard case .threadCreationFailed(let started, 1000, let reason) = error else { fatalError("\(error)") }
            precondition(started > 0 && started < 1000 && !reason.isEmpty)
            precondition("\(error)".contains("the system refused thread \(started + 1) of 1000"))
          }
          precondition(eventually { !threadNames().contains { $0.hasPrefix("one-of-many") } })
          let pool = try ThreadPool(threadCount: 2)
          precondition((0..<100).parallel(in: pool).sum() == 4950)
        }
      }
    }
  }
#endif
