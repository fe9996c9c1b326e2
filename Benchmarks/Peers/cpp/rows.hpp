// The frame of a peer's program: a list of rows, and a line of JSON for each measurement.
//
// Without arguments a program names its rows; with the name of a row and a divisor for its size it runs that row.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

namespace peers {

// Hides a value from the optimiser.
template <class Value> inline Value opaque(Value value) {
  asm volatile("" : "+r"(value));
  return value;
}

inline constexpr std::uint64_t step = 0x9E3779B97F4A7C15;

// A number all of whose bits depend on all of those of this one.
inline std::uint64_t mixed(std::uint64_t number) {
  number = (number ^ number >> 30) * 0xBF58476D1CE4E5B9;
  number = (number ^ number >> 27) * 0x94D049BB133111EB;
  return number ^ number >> 31;
}

// SplitMix64.
struct Generator {
  std::uint64_t state = 1;
  std::uint64_t next() { return mixed(state += step); }
};

// One row of one program, as it is asked for.
struct Run {
  const char* row;
  std::size_t divisor;

  // A size, made smaller for a quick run.
  std::size_t size(std::size_t full) const { return full / divisor > 0 ? full / divisor : 1; }

  bool is_quick() const { return divisor > 1; }

  // Runs `body` once to warm up and once on time. What `prepare` and `check` do does not count.
  template <class Prepare, class Body, class Check>
  void measure(const char* library, std::size_t items, Prepare prepare, Body body, Check check) const {
    std::uint64_t expected = check(body(prepare()));
    auto input = prepare();
    auto start = std::chrono::steady_clock::now();
    auto output = body(std::move(input));
    auto end = std::chrono::steady_clock::now();
    std::uint64_t answer = check(std::move(output));
    if (answer != expected) {
      std::fprintf(stderr, "%s: %s gives two answers\n", row, library);
      std::exit(1);
    }
    write(library, "", items, std::chrono::duration<double, std::nano>(end - start).count(), "ns", answer);
  }

  // One figure, as `compare` reads it. A second one of the same run stands in a row of its own, named after it.
  void write(const char* library, const char* second, std::size_t items, double figure, const char* unit,
             std::uint64_t answer) const {
    std::printf("{\"row\": \"%s%s\", \"library\": \"%s\", \"items\": %zu, ", row, second, library, items);
    std::printf("\"figure\": %.0f, \"unit\": \"%s\", \"answer\": \"%llu\"}\n", figure, unit,
                static_cast<unsigned long long>(answer));
  }

  // For work on nothing but numbers.
  template <class Body> void sum(const char* library, std::size_t items, Body body) const {
    measure(library, items, [] { return 0; }, [&](int) { return body(); }, [](std::uint64_t sum) { return sum; });
  }
};

struct Row {
  const char* name;
  void (*body)(const Run&);
};

// The main function of every program.
inline int rows(int count, char** arguments, const std::vector<Row>& rows) {
  if (count == 1) {
    for (const Row& row : rows) std::printf("%s\n", row.name);
    return 0;
  }
  if (count != 3) {
    std::fprintf(stderr, "usage: PROGRAM [ROW DIVISOR]\n");
    return 64;
  }
  // A row that this program does not have is no mistake: another peer has it.
  for (const Row& row : rows)
    if (std::strcmp(row.name, arguments[1]) == 0) row.body(Run{row.name, std::strtoull(arguments[2], nullptr, 10)});
  return 0;
}

}  // namespace peers
