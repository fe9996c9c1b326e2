// An object without locks that is used by every iteration would be used by several threads at once.

import Skein

final class Formatter {
  var used = 0
  func string(_ number: Int) -> String {
    used += 1
    return "\(number)"
  }
}

func strings(_ numbers: [Int]) -> [String] {
  #if CONTROL
    return Array(numbers.parallel.map { number in Formatter().string(number) })
  #else
    let formatter = Formatter()
    // expected: capture of 'formatter' with non-Sendable type 'Formatter'
    return Array(numbers.parallel.map { number in formatter.string(number) })
  #endif
}
