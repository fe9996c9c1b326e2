/// A number with a fixed count of digits after the point, whatever the locale.
func fixed(_ value: Double, digits: Int) -> String {
  guard value.isFinite, value.magnitude < 1e15 else { return "\(value)" }
  var scale = 1
  for _ in 0..<digits { scale *= 10 }
  let scaled = Int((value.magnitude * Double(scale)).rounded())
  let sign = value < 0 && scaled != 0 ? "-" : ""
  guard digits > 0 else { return sign + "\(scaled)" }
  let fraction = String(scaled % scale)
  return sign + "\(scaled / scale)." + String(repeating: "0", count: digits - fraction.count) + fraction
}

/// A duration in at most eight characters, if it is less than eleven days: "1.23 s", "56.7 ms", "8.9 us".
func duration(_ seconds: Double) -> String {
  // Just under each bound the rounded number is the bound, and would be a character too long.
  switch seconds {
  case ..<999.95e-6: fixed(seconds * 1e6, digits: 1) + " us"
  case ..<999.95e-3: fixed(seconds * 1e3, digits: 1) + " ms"
  case ..<999.995: fixed(seconds, digits: 2) + " s"
  case ..<9999.95: fixed(seconds, digits: 1) + " s"
  default: fixed(seconds, digits: 0) + " s"
  }
}

/// A count with its digits in groups of three: "10 000".
func grouped(_ value: Int) -> String {
  let digits = Array(String(value.magnitude))
  var text = value < 0 ? "-" : ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index).isMultiple(of: 3) { text += " " }
    text.append(digit)
  }
  return text
}

/// A count with what it counts: "1 thread", "2 threads".
func counted(_ count: Int, _ noun: String) -> String {
  "\(grouped(count)) \(noun)\(count == 1 ? "" : "s")"
}

/// A size in binary units: "512 KiB", "8 MiB", "1.5 GiB".
func size(_ bytes: Int) -> String {
  let units = ["B", "KiB", "MiB", "GiB", "TiB"]
  var value = Double(bytes)
  var unit = 0
  while value >= 1024, unit + 1 < units.count {
    value /= 1024
    unit += 1
  }
  let digits = value < 10 && value != value.rounded() ? 1 : 0
  return "\(fixed(value, digits: digits)) \(units[unit])"
}

/// How many times longer `reference` took, with three digits: "1.98x", "12.3x"; a dash if that is too short a time to compare.
func ratio(_ reference: Double, over seconds: Double) -> String {
  guard reference >= 0.001 && seconds > 0 else { return "-" }
  let ratio = reference / seconds
  return fixed(ratio, digits: ratio < 9.995 ? 2 : ratio < 99.95 ? 1 : 0) + "x"
}

/// What a table says of a result that was compared with the one it must be.
func verdict(_ isRight: Bool) -> String { isRight ? "right" : "WRONG" }
