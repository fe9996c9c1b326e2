#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What the command line asks for.
struct Options {
  var rounds = 5
  /// Run only benchmarks whose name contains one of these.
  var only: [String] = []
  var threads = [1, 2]
  /// The numbers of threads of the waiting benchmarks.
  var waitingThreads = [2, 4, 8]
  /// Measures the processor time that the process takes and not the time that passes.
  var usesProcessorTime = false
  var writesJSON = false
  var listsOnly = false
  /// Divides the sizes of inputs.
  var divisor = 1

  static let usage = """
    usage: skein-benchmarks [--rounds N] [--only NAME]… [--threads A,B,…] [--quick] [--processor-time]
                            [--json] [--list]

      --rounds N       how often each variant runs, taking turns with the others (5)
      --only NAME      only benchmarks whose name contains NAME; may be repeated
      --threads A,B    the thread counts (1,2; for `waiting` 2,4,8)
      --quick          a tenth of the input: to try the programs, not to compare
      --processor-time the processor time of all threads in place of the clock: for one thread on a busy machine
      --json           one JSON object instead of tables
      --list           names the benchmarks and what each one shows
    """

  init(_ arguments: [String]) {
    var rest = arguments[...]
    func value(of option: String) -> String {
      guard let value = rest.popFirst() else { Options.fail("\(option) needs a value") }
      return value
    }
    func positive(_ text: String) -> Int {
      guard let number = Int(text), number > 0 else { Options.fail("'\(text)' is not a positive number") }
      return number
    }
    while let option = rest.popFirst() {
      switch option {
      case "--rounds": rounds = positive(value(of: option))
      case "--only": only.append(value(of: option))
      case "--threads":
        threads = value(of: option).split(separator: ",").map { positive(String($0)) }
        waitingThreads = threads
      case "--quick": divisor = 10
      case "--processor-time": usesProcessorTime = true
      case "--json": writesJSON = true
      case "--list": listsOnly = true
      case "--help", "-h":
        print(Options.usage)
        exit(0)
      default: Options.fail("unknown option '\(option)'")
      }
    }
    if threads.isEmpty { Options.fail("--threads needs at least one number") }
  }

  static func fail(_ message: String) -> Never {
    let text = "skein-benchmarks: \(message)\n"
    _ = text.withCString { write(2, $0, strlen($0)) }
    exit(64)
  }
}
