// The standard library's sorts, oneTBB's and ParlayLib's, as `Sources/SkeinBenchmarks/Compared/Sort/SortRows.swift` has them.
#include "parlay.hpp"
#include "rows.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <tbb/global_control.h>
#include <tbb/parallel_sort.h>

namespace {

using peers::Generator;
using peers::Run;

// Random numbers, sixteen different ones, or ascending ones a fiftieth of which have changed places.
std::vector<std::uint64_t> numbers(std::size_t count, const std::string& order) {
  Generator generator;
  std::vector<std::uint64_t> values(count);
  if (order == "random") {
    for (auto& value : values) value = generator.next();
  } else if (order == "few") {
    for (auto& value : values) value = (generator.next() >> 60) * 0x0F0F0F0F0F0F0F0F;
  } else {
    for (std::size_t index = 0; index < count; index++) values[index] = std::uint64_t(index) << 36;
    for (std::size_t step = 0; step < count / 100; step++) {
      auto i = generator.next() % count, j = generator.next() % count;
      std::swap(values[i], values[j]);
    }
  }
  return values;
}

struct Record {
  std::uint64_t key, value;
};

std::string text(std::uint64_t number) {
  std::string letters;
  for (int place = 0; place < 14; place++) letters += char('a' + (number >> (60 - 4 * place) & 15));
  letters.resize(8 + (number >> 8 & 7) < 14 ? 8 + (number >> 8 & 7) : 14);
  letters.append(number & 7, 'z');
  return letters;
}

template <class Element, class Less, class Hash>
void sort(const Run& run, const std::vector<Element>& elements, bool stable, int threads, Less less, Hash hash) {
  auto prepare = [&] { return elements; };
  auto check = [&](std::vector<Element> sorted) {
    std::uint64_t sum = 0, place = 0;
    for (const auto& element : sorted) sum += hash(element) * ++place;
    return sum;
  };
  using Elements = std::vector<Element>;
  if (threads == 1 && stable)
    run.measure("std::stable_sort", elements.size(), prepare,
                [&](Elements values) { std::stable_sort(values.begin(), values.end(), less); return values; }, check);
  if (threads == 1 && !stable)
    run.measure("std::sort", elements.size(), prepare,
                [&](Elements values) { std::sort(values.begin(), values.end(), less); return values; }, check);
  if (!stable) {
    tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    run.measure("oneTBB parallel_sort", elements.size(), prepare,
                [&](Elements values) { tbb::parallel_sort(values.begin(), values.end(), less); return values; }, check);
  }
  WITH_PARLAYLIB(measure_parlaylib(
      run, threads, elements.size(), prepare,
      [&](Elements values) {
        if (stable) parlay::stable_sort_inplace(values, less); else parlay::sort_inplace(values, less);
        return values;
      },
      check);)
}

void measure(const Run& run) {
  std::vector<std::string> parts{""};
  for (const char* c = run.row; *c; c++)
    if (*c == '-') parts.emplace_back(); else parts.back() += *c;
  bool stable = parts[2] == "stable";
  int threads = parts[3] == "1t" ? 1 : 2;
  if (parts[0] == "u64") {
    sort(run, numbers(run.size(20'000'000), parts[1]), stable, threads, std::less<std::uint64_t>(),
         [](std::uint64_t x) { return x; });
  } else if (parts[0] == "f64") {
    std::vector<double> values;
    for (auto number : numbers(run.size(20'000'000), parts[1])) values.push_back(double(number >> 11) / double(1ull << 53) - 0.5);
    sort(run, values, stable, threads, std::less<double>(), [](double x) {
      std::uint64_t bits;
      std::memcpy(&bits, &x, 8);
      return bits;
    });
  } else if (parts[0] == "record") {
    std::vector<Record> values;
    for (auto number : numbers(run.size(20'000'000), parts[1])) values.push_back({number, values.size()});
    sort(run, values, stable, threads, [](const Record& a, const Record& b) { return a.key < b.key; },
         [stable](const Record& x) { return x.key ^ (stable ? x.value : 0); });
  } else {
    std::vector<std::string> values;
    for (auto number : numbers(run.size(2'000'000), parts[1])) values.push_back(text(number));
    sort(run, values, stable, threads, std::less<std::string>(), [](const std::string& x) {
      std::uint64_t sum = 0;
      for (char c : x) sum += std::uint64_t(static_cast<unsigned char>(c));
      return sum;
    });
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count == 3) {
    std::string row = arguments[1];
    return peers::rows(count, arguments, {{row.c_str(), measure}});
  }
  for (auto kind : {"u64", "f64", "record", "string"})
    for (auto order : {"random", "few", "nearly"})
      for (auto sort : {"stable", "unstable"})
        for (auto threads : {"1t", "2t"}) std::printf("%s-%s-%s-%s\n", kind, order, sort, threads);
  return 0;
}
