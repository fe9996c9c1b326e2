import Skein

// Chains whose closures capture nothing.

extension Chain {
  static let constant: [Chain] = sums + collections + reductions

  private static let sums: [Chain] = [
    Chain(
      "sum", loop: { (i: Input) -> Int in i.numbers.reduce(0, &+) },
      lazy: { (i: Input) -> Int in i.numbers.lazy.reduce(0, &+) },
      chain: { (i: Input) -> Int in i.numbers.parallel.sum() }),
    Chain(
      "map, sum",
      loop: { (i: Input) -> Int in
        var sum = 0
        for x in i.numbers { sum &+= x &* 3 }
        return sum
      },
      lazy: { (i: Input) -> Int in i.numbers.lazy.map { $0 &* 3 }.reduce(0, &+) },
      chain: { (i: Input) -> Int in i.numbers.parallel.map { $0 &* 3 }.sum() }),
    Chain(
      "filter, sum",
      loop: { (i: Input) -> Int in
        var sum = 0
        for x in i.numbers where x != 77 { sum &+= x }
        return sum
      },
      lazy: { (i: Input) -> Int in i.numbers.lazy.filter { $0 != 77 }.reduce(0, &+) },
      chain: { (i: Input) -> Int in i.numbers.parallel.filter { $0 != 77 }.sum() }),
    Chain(
      "map, filter, map, sum",
      loop: { (i: Input) -> Int in
        var sum = 0
        for x in i.numbers {
          let y = x &* 3
          if y != 77 { sum &+= y ^ 7 }
        }
        return sum
      },
      lazy: { (i: Input) -> Int in i.numbers.lazy.map { $0 &* 3 }.filter { $0 != 77 }.map { $0 ^ 7 }.reduce(0, &+) },
      chain: { (i: Input) -> Int in i.numbers.parallel.map { $0 &* 3 }.filter { $0 != 77 }.map { $0 ^ 7 }.sum() }),
    Chain(
      "4 maps, sum",
      loop: { (i: Input) -> Int in
        var sum = 0
        for x in i.numbers { sum &+= (((x &* 3) ^ 5) &+ 9) ^ 77 }
        return sum
      },
      lazy: { (i: Input) -> Int in
        let two = i.numbers.lazy.map { $0 &* 3 }.map { $0 ^ 5 }
        return two.map { $0 &+ 9 }.map { $0 ^ 77 }.reduce(0, &+)
      },
      chain: { (i: Input) -> Int in
        let two = i.numbers.parallel.map { $0 &* 3 }.map { $0 ^ 5 }
        return two.map { $0 &+ 9 }.map { $0 ^ 77 }.sum()
      }),
    Chain(
      "8 maps, sum",
      loop: { (i: Input) -> Int in
        var sum = 0
        for x in i.numbers { sum &+= (((((((x &* 3) ^ 5) &+ 9) ^ 77) &+ 13) ^ 1) &- 9) ^ 3 }
        return sum
      },
      lazy: { (i: Input) -> Int in
        let four = i.numbers.lazy.map { $0 &* 3 }.map { $0 ^ 5 }.map { $0 &+ 9 }.map { $0 ^ 77 }
        return four.map { $0 &+ 13 }.map { $0 ^ 1 }.map { $0 &- 9 }.map { $0 ^ 3 }.reduce(0, &+)
      },
      chain: { (i: Input) -> Int in
        let four = i.numbers.parallel.map { $0 &* 3 }.map { $0 ^ 5 }.map { $0 &+ 9 }.map { $0 ^ 77 }
        return four.map { $0 &+ 13 }.map { $0 ^ 1 }.map { $0 &- 9 }.map { $0 ^ 3 }.sum()
      }),
    Chain(
      "4 maps and 4 filters, sum",
      loop: { (i: Input) -> Int in
        var sum = 0
        for x in i.numbers {
          let first = x &* 3
          if first == 4 { continue }
          let second = first ^ 3
          if second == 5 { continue }
          let third = second ^ 9
          if third == 6 { continue }
          let fourth = third ^ 11
          if fourth != 7 { sum &+= fourth }
        }
        return sum
      },
      lazy: { (i: Input) -> Int in
        let four = i.numbers.lazy.map { $0 &* 3 }.filter { $0 != 4 }.map { $0 ^ 3 }.filter { $0 != 5 }
        return four.map { $0 ^ 9 }.filter { $0 != 6 }.map { $0 ^ 11 }.filter { $0 != 7 }.reduce(0, &+)
      },
      chain: { (i: Input) -> Int in
        let four = i.numbers.parallel.map { $0 &* 3 }.filter { $0 != 4 }.map { $0 ^ 3 }.filter { $0 != 5 }
        return four.map { $0 ^ 9 }.filter { $0 != 6 }.map { $0 ^ 11 }.filter { $0 != 7 }.sum()
      }),
    Chain(
      "range, map, sum",
      loop: { (i: Input) -> Int in
        var sum = 0
        for x in 0..<i.numbers.count { sum &+= x &* 3 }
        return sum
      },
      lazy: { (i: Input) -> Int in (0..<i.numbers.count).lazy.map { $0 &* 3 }.reduce(0, &+) },
      chain: { (i: Input) -> Int in (0..<i.numbers.count).parallel.map { $0 &* 3 }.sum() }),
    Chain(
      "slice, map, map, sum",
      loop: { (i: Input) -> Int in
        var sum = 0
        for x in i.numbers[1...] { sum &+= (x &* 3) ^ 5 }
        return sum
      },
      lazy: { (i: Input) -> Int in i.numbers[1...].lazy.map { $0 &* 3 }.map { $0 ^ 5 }.reduce(0, &+) },
      chain: { (i: Input) -> Int in i.numbers[1...].parallel.map { $0 &* 3 }.map { $0 ^ 5 }.sum() }),
    Chain(
      "zip of two maps, map, sum",
      loop: { (i: Input) -> Int in
        var sum = 0
        for k in i.numbers.indices { sum &+= (i.numbers[k] ^ 3) &* (i.numbers[k] &+ 1) }
        return sum
      },
      lazy: { (i: Input) -> Int in
        let pairs = zip(i.numbers.lazy.map { $0 ^ 3 }, i.numbers.lazy.map { $0 &+ 1 }).lazy
        return pairs.map { $0.0 &* $0.1 }.reduce(0, &+)
      },
      chain: { (i: Input) -> Int in
        let pairs = zip(i.numbers.parallel.map { $0 ^ 3 }, i.numbers.parallel.map { $0 &+ 1 })
        return pairs.map { $0.0 &* $0.1 }.sum()
      }),
    Chain(
      "map, enumerated, map, sum",
      loop: { (i: Input) -> Int in
        var sum = 0
        for k in i.numbers.indices { sum &+= k &* (i.numbers[k] ^ 3) }
        return sum
      },
      lazy: { (i: Input) -> Int in
        i.numbers.lazy.map { $0 ^ 3 }.enumerated().lazy.map { $0.offset &* $0.element }.reduce(0, &+)
      },
      chain: { (i: Input) -> Int in
        i.numbers.parallel.map { $0 ^ 3 }.enumerated().map { $0.offset &* $0.element }.sum()
      }),
    Chain(
      "map, reversed, map, sum",
      loop: { (i: Input) -> Int in
        var sum = 0
        for k in i.numbers.indices.reversed() { sum &+= (i.numbers[k] ^ 3) &* 3 }
        return sum
      },
      lazy: { (i: Input) -> Int in i.numbers.lazy.map { $0 ^ 3 }.reversed().lazy.map { $0 &* 3 }.reduce(0, &+) },
      chain: { (i: Input) -> Int in i.numbers.parallel.map { $0 ^ 3 }.reversed().map { $0 &* 3 }.sum() }),
    Chain(
      "throwing map, 3 maps, sum",
      loop: { (i: Input) -> Int in
        var sum = 0
        for x in i.numbers {
          if x == 77 { return 0 }
          sum &+= (((x &* 3) ^ 5) &+ 9) ^ 77
        }
        return sum
      },
      chain: { (i: Input) -> Int in
        let first = i.numbers.parallel.map { (x) throws(Refusal) in
          if x == 77 { throw Refusal() }
          return x &* 3
        }
        return (try? first.map { $0 ^ 5 }.map { $0 &+ 9 }.map { $0 ^ 77 }.sum()) ?? 0
      }),
  ]

  private static let collections: [Chain] = [
    Chain(
      "map, Array",
      loop: { (i: Input) -> Int in
        var result: [Int] = []
        result.reserveCapacity(i.numbers.count)
        for x in i.numbers { result.append(x &* 3) }
        return result.count
      },
      lazy: { (i: Input) -> Int in Array(i.numbers.lazy.map { $0 &* 3 }).count },
      chain: { (i: Input) -> Int in Array(i.numbers.parallel.map { $0 &* 3 }).count }),
    Chain(
      "8 maps, Array",
      loop: { (i: Input) -> Int in
        var result: [Int] = []
        result.reserveCapacity(i.numbers.count)
        for x in i.numbers { result.append((((((((x &* 3) ^ 5) &+ 9) ^ 77) &+ 13) ^ 1) &- 9) ^ 3) }
        return result.count
      },
      lazy: { (i: Input) -> Int in
        let four = i.numbers.lazy.map { $0 &* 3 }.map { $0 ^ 5 }.map { $0 &+ 9 }.map { $0 ^ 77 }
        return Array(four.map { $0 &+ 13 }.map { $0 ^ 1 }.map { $0 &- 9 }.map { $0 ^ 3 }).count
      },
      chain: { (i: Input) -> Int in
        let four = i.numbers.parallel.map { $0 &* 3 }.map { $0 ^ 5 }.map { $0 &+ 9 }.map { $0 ^ 77 }
        return Array(four.map { $0 &+ 13 }.map { $0 ^ 1 }.map { $0 &- 9 }.map { $0 ^ 3 }).count
      }),
    Chain(
      "Int32 to Int64, Array",
      loop: { (i: Input) -> Int in
        var result: [Int64] = []
        result.reserveCapacity(i.narrow.count)
        for x in i.narrow { result.append(Int64(x) &* 3) }
        return result.count
      },
      lazy: { (i: Input) -> Int in Array(i.narrow.lazy.map { Int64($0) &* 3 }).count },
      chain: { (i: Input) -> Int in Array(i.narrow.parallel.map { Int64($0) &* 3 }).count }),
    Chain(
      "filter, Array",
      loop: { (i: Input) -> Int in
        var result: [Int] = []
        for x in i.numbers where x != 77 { result.append(x) }
        return result.count
      },
      lazy: { (i: Input) -> Int in Array(i.numbers.lazy.filter { $0 != 77 }).count },
      chain: { (i: Input) -> Int in Array(i.numbers.parallel.filter { $0 != 77 }).count }),
    Chain(
      "modifyEach",
      loop: { (i: Input) -> Int in
        var numbers = i.numbers
        for k in numbers.indices { numbers[k] &*= 3 }
        return numbers[0]
      },
      chain: { (i: Input) -> Int in
        var numbers = i.numbers
        numbers.parallel.modifyEach { $0 &*= 3 }
        return numbers[0]
      }),
  ]

  private static let reductions: [Chain] = [
    Chain(
      "doubles, map, sum",
      loop: { (i: Input) -> Int in
        var sum = 0.0
        for x in i.doubles { sum += x * 3 }
        return Int(sum)
      },
      lazy: { (i: Input) -> Int in Int(i.doubles.lazy.map { $0 * 3 }.reduce(0, +)) },
      chain: { (i: Input) -> Int in Int(i.doubles.parallel.map { $0 * 3 }.sum()) }),
    Chain(
      "map, reduce(into:)",
      loop: { (i: Input) -> Int in
        var sum = 0
        for x in i.numbers { sum &+= (x ^ 3) &* 5 }
        return sum
      },
      lazy: { (i: Input) -> Int in i.numbers.lazy.map { $0 ^ 3 }.reduce(into: 0) { $0 &+= $1 &* 5 } },
      chain: { (i: Input) -> Int in
        i.numbers.parallel.map { $0 ^ 3 }.reduce(into: 0) {
          $0 &+= $1 &* 5
        } combine: {
          $0 &+= $1
        }
      }),
    Chain(
      "count(where:)",
      loop: { (i: Input) -> Int in
        var sum = 0
        for x in i.numbers where x & 4 == 0 { sum &+= 1 }
        return sum
      },
      lazy: { (i: Input) -> Int in i.numbers.lazy.filter { $0 & 4 == 0 }.count },
      chain: { (i: Input) -> Int in i.numbers.parallel.count { $0 & 4 == 0 } }),
    Chain(
      "map, max",
      loop: { (i: Input) -> Int in
        var most = Int.min
        for x in i.numbers { most = max(most, x ^ 5) }
        return most
      },
      lazy: { (i: Input) -> Int in i.numbers.lazy.map { $0 ^ 5 }.max()! },
      chain: { (i: Input) -> Int in i.numbers.parallel.map { $0 ^ 5 }.max()! }),
    Chain(
      "contains(where:)",
      loop: { (i: Input) -> Int in
        for x in i.numbers where x == 77 { return 1 }
        return 0
      },
      lazy: { (i: Input) -> Int in i.numbers.lazy.contains { $0 == 77 } ? 1 : 0 },
      chain: { (i: Input) -> Int in i.numbers.parallel.contains { $0 == 77 } ? 1 : 0 }),
  ]
}

struct Refusal: Error {}
