import Skein

// Chains whose closures capture values, are handed them, or are loops over spans.

extension Chain {
  static let capturing: [Chain] = [
    Chain(
      "map by k, sum",
      loop: { (i: Input) -> Int in
        let k = i.factor
        var sum = 0
        for x in i.numbers { sum &+= x &* k }
        return sum
      },
      lazy: { (i: Input) -> Int in
        let k = i.factor
        return i.numbers.lazy.map { $0 &* k }.reduce(0, &+)
      },
      chain: { (i: Input) -> Int in
        let k = i.factor
        return i.numbers.parallel.map { $0 &* k }.sum()
      },
      with: { (i: Input) -> Int in i.numbers.parallel.map(with: i.factor) { $0 &* $1 }.sum() },
      batch: { (i: Input) -> Int in
        let k = i.factor
        return i.numbers.parallel.inEachBatch { batch in batch.map { $0 &* k }.sum() }
      },
      spans: { (i: Input) -> Int in
        let k = i.factor
        return i.numbers.parallel.reduceSpans(into: 0) { sum, span, _ in
          for index in span.indices { sum &+= span[index] &* k }
        } combine: {
          $0 &+= $1
        }
      }),
    Chain(
      "map, filter, map by k, sum",
      loop: { (i: Input) -> Int in
        let k = i.factor
        var sum = 0
        for x in i.numbers {
          let y = x &* k
          if y != k { sum &+= y ^ k }
        }
        return sum
      },
      lazy: { (i: Input) -> Int in
        let k = i.factor
        return i.numbers.lazy.map { $0 &* k }.filter { $0 != k }.map { $0 ^ k }.reduce(0, &+)
      },
      chain: { (i: Input) -> Int in
        let k = i.factor
        return i.numbers.parallel.map { $0 &* k }.filter { $0 != k }.map { $0 ^ k }.sum()
      },
      with: { (i: Input) -> Int in
        let k = i.factor
        let kept = i.numbers.parallel.map(with: k) { $0 &* $1 }.filter(with: k) { $0 != $1 }
        return kept.map(with: k) { $0 ^ $1 }.sum()
      },
      batch: { (i: Input) -> Int in
        let k = i.factor
        return i.numbers.parallel.inEachBatch { batch in
          batch.map { $0 &* k }.filter { $0 != k }.map { $0 ^ k }.sum()
        }
      },
      spans: { (i: Input) -> Int in
        let k = i.factor
        return i.numbers.parallel.reduceSpans(into: 0) { sum, span, _ in
          for index in span.indices {
            let y = span[index] &* k
            if y != k { sum &+= y ^ k }
          }
        } combine: {
          $0 &+= $1
        }
      }),
    Chain(
      "weights, sum",
      loop: { (i: Input) -> Int in
        let weights = i.weights
        var sum = 0
        for x in i.numbers { sum &+= x &* weights[x & 3] }
        return sum
      },
      lazy: { (i: Input) -> Int in
        let weights = i.weights
        return i.numbers.lazy.map { $0 &* weights[$0 & 3] }.reduce(0, &+)
      },
      chain: { (i: Input) -> Int in
        let weights = i.weights
        return i.numbers.parallel.map { $0 &* weights[$0 & 3] }.sum()
      },
      with: { (i: Input) -> Int in i.numbers.parallel.map(with: i.weights) { $0 &* $1[$0 & 3] }.sum() },
      batch: { (i: Input) -> Int in
        let weights = i.weights
        return i.numbers.parallel.inEachBatch { batch in batch.map { $0 &* weights[$0 & 3] }.sum() }
      },
      spans: { (i: Input) -> Int in
        let weights = i.weights
        return i.numbers.parallel.reduceSpans(into: 0) { sum, span, _ in
          for index in span.indices { sum &+= span[index] &* weights[span[index] & 3] }
        } combine: {
          $0 &+= $1
        }
      }),
    Chain(
      "map by k, Array",
      loop: { (i: Input) -> Int in
        let k = i.factor
        var result: [Int] = []
        result.reserveCapacity(i.numbers.count)
        for x in i.numbers { result.append(x &* k) }
        return result.count
      },
      lazy: { (i: Input) -> Int in
        let k = i.factor
        return Array(i.numbers.lazy.map { $0 &* k }).count
      },
      chain: { (i: Input) -> Int in
        let k = i.factor
        return Array(i.numbers.parallel.map { $0 &* k }).count
      },
      with: { (i: Input) -> Int in Array(i.numbers.parallel.map(with: i.factor) { $0 &* $1 }).count },
      spans: { (i: Input) -> Int in
        let k = i.factor
        return i.numbers.parallel.mapSpans { (span, output: inout OutputSpan<Int>) in
          for index in span.indices { output.append(span[index] &* k) }
        }.count
      }),
    Chain(
      "filter by k, Array",
      loop: { (i: Input) -> Int in
        let k = i.factor
        var result: [Int] = []
        for x in i.numbers where x != k { result.append(x) }
        return result.count
      },
      lazy: { (i: Input) -> Int in
        let k = i.factor
        return Array(i.numbers.lazy.filter { $0 != k }).count
      },
      chain: { (i: Input) -> Int in
        let k = i.factor
        return Array(i.numbers.parallel.filter { $0 != k }).count
      },
      with: { (i: Input) -> Int in Array(i.numbers.parallel.filter(with: i.factor) { $0 != $1 }).count }),
    Chain(
      "doubles by k, sum",
      loop: { (i: Input) -> Int in
        let k = i.scale
        var sum = 0.0
        for x in i.doubles { sum += x * k }
        return Int(sum)
      },
      lazy: { (i: Input) -> Int in
        let k = i.scale
        return Int(i.doubles.lazy.map { $0 * k }.reduce(0, +))
      },
      chain: { (i: Input) -> Int in
        let k = i.scale
        return Int(i.doubles.parallel.map { $0 * k }.sum())
      },
      with: { (i: Input) -> Int in Int(i.doubles.parallel.map(with: i.scale) { $0 * $1 }.sum()) },
      batch: { (i: Input) -> Int in
        let k = i.scale
        return Int(i.doubles.parallel.inEachBatch { batch in batch.map { $0 * k }.sum() })
      },
      spans: { (i: Input) -> Int in
        let k = i.scale
        return Int(
          i.doubles.parallel.reduceSpans(into: 0.0) { sum, span, _ in
            for index in span.indices { sum += span[index] * k }
          } combine: {
            $0 += $1
          })
      }),
    Chain(
      "map, reduce(into:) by k",
      loop: { (i: Input) -> Int in
        let k = i.factor
        var sum = 0
        for x in i.numbers { sum &+= (x ^ 3) &* k }
        return sum
      },
      lazy: { (i: Input) -> Int in
        let k = i.factor
        return i.numbers.lazy.map { $0 ^ 3 }.reduce(into: 0) { $0 &+= $1 &* k }
      },
      chain: { (i: Input) -> Int in
        let k = i.factor
        return i.numbers.parallel.map { $0 ^ 3 }.reduce(into: 0) {
          $0 &+= $1 &* k
        } combine: {
          $0 &+= $1
        }
      },
      with: { (i: Input) -> Int in
        i.numbers.parallel.map { $0 ^ 3 }.reduce(into: 0, with: i.factor) {
          $0 &+= $1 &* $2
        } combine: {
          $0 &+= $1
        }
      }),
    Chain(
      "8 maps by k, sum",
      loop: { (i: Input) -> Int in
        let k = i.factor
        var sum = 0
        for x in i.numbers { sum &+= (((((((x &* k) ^ k) &+ 9) ^ 77) &+ 13) ^ 1) &- 9) ^ 3 }
        return sum
      },
      lazy: { (i: Input) -> Int in
        let k = i.factor
        let four = i.numbers.lazy.map { $0 &* k }.map { $0 ^ k }.map { $0 &+ 9 }.map { $0 ^ 77 }
        return four.map { $0 &+ 13 }.map { $0 ^ 1 }.map { $0 &- 9 }.map { $0 ^ 3 }.reduce(0, &+)
      },
      chain: { (i: Input) -> Int in
        let k = i.factor
        let four = i.numbers.parallel.map { $0 &* k }.map { $0 ^ k }.map { $0 &+ 9 }.map { $0 ^ 77 }
        return four.map { $0 &+ 13 }.map { $0 ^ 1 }.map { $0 &- 9 }.map { $0 ^ 3 }.sum()
      },
      with: { (i: Input) -> Int in
        let k = i.factor
        let two = i.numbers.parallel.map(with: k) { $0 &* $1 }.map(with: k) { $0 ^ $1 }
        return two.map { $0 &+ 9 }.map { $0 ^ 77 }.map { $0 &+ 13 }.map { $0 ^ 1 }.map { $0 &- 9 }.map { $0 ^ 3 }.sum()
      },
      batch: { (i: Input) -> Int in
        let k = i.factor
        return i.numbers.parallel.inEachBatch { batch in
          let four = batch.map { $0 &* k }.map { $0 ^ k }.map { $0 &+ k }.map { $0 ^ 77 }
          return four.map { $0 &+ k }.map { $0 ^ 1 }.map { $0 &- k }.map { $0 ^ 3 }.sum()
        }
      }),
    Chain(
      "contains k",
      loop: { (i: Input) -> Int in
        let k = i.factor
        for x in i.numbers where x == k { return 1 }
        return 0
      },
      lazy: { (i: Input) -> Int in
        let k = i.factor
        return i.numbers.lazy.contains { $0 == k } ? 1 : 0
      },
      chain: { (i: Input) -> Int in
        let k = i.factor
        return i.numbers.parallel.contains { $0 == k } ? 1 : 0
      },
      with: { (i: Input) -> Int in i.numbers.parallel.contains(with: i.factor) { $0 == $1 } ? 1 : 0 },
      batch: { (i: Input) -> Int in
        let k = i.factor
        return i.numbers.parallel.inEachBatch { batch in batch.contains { $0 == k } } ? 1 : 0
      }),
    Chain(
      "modifyEach by k",
      loop: { (i: Input) -> Int in
        let k = i.factor
        var numbers = i.numbers
        for index in numbers.indices { numbers[index] &*= k }
        return numbers[0]
      },
      chain: { (i: Input) -> Int in
        let k = i.factor
        var numbers = i.numbers
        numbers.parallel.modifyEach { $0 &*= k }
        return numbers[0]
      },
      spans: { (i: Input) -> Int in
        let k = i.factor
        var numbers = i.numbers
        numbers.parallel.modifyEachSpan { span, _ in
          for index in span.indices { span[index] &*= k }
        }
        return numbers[0]
      }),
  ]
}
