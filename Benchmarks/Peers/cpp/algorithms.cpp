// The standard library's algorithms, sequential and parallel (libstdc++'s run on oneTBB), oneTBB's scan, and ParlayLib's
// algorithms, as `Sources/SkeinBenchmarks/Compared/Algorithms/AlgorithmRows.swift` has them.
#include "parlay.hpp"
#include "rows.hpp"

#include <algorithm>
#include <execution>
#include <iterator>
#include <numeric>
#include <string>
#include <vector>

#include <tbb/blocked_range.h>
#include <tbb/global_control.h>
#include <tbb/parallel_scan.h>

namespace {

using peers::Generator;
using peers::Run;
using Numbers = std::vector<std::uint64_t>;

Numbers random_numbers(std::size_t count, std::uint64_t seed = 1) {
  Generator generator{seed};
  Numbers values(count);
  for (auto& value : values) value = generator.next();
  return values;
}

Numbers sorted_numbers(std::size_t count, std::uint64_t seed) {
  // Small enough that a tenth of one sequence is in the other, too.
  auto values = random_numbers(count, seed);
  for (auto& value : values) value %= 10 * count;
  std::sort(values.begin(), values.end());
  return values;
}

std::uint64_t weighted_sum(const auto& values) {
  std::uint64_t sum = 0, place = 0;
  for (auto value : values) sum += value * ++place;
  return sum;
}

bool is_even(std::uint64_t value) { return value % 2 == 0; }

int threads_of(const Run& run) { return run.row[std::strlen(run.row) - 1] - '0'; }

const auto nothing = [] { return 0; };
const auto same = [](std::uint64_t answer) { return answer; };
const auto weighted = [](const auto& values) { return weighted_sum(values); };

// Runs `body` with a policy: sequentially if there is one thread, and in parallel.
template <class Prepare, class Body, class Check>
void measure(const Run& run, std::size_t items, Prepare prepare, Body body, Check check) {
  int threads = threads_of(run);
  if (threads == 1)
    run.measure("std::", items, prepare, [&](auto input) { return body(std::execution::seq, std::move(input)); }, check);
  tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
  run.measure("std::par", items, prepare, [&](auto input) { return body(std::execution::par, std::move(input)); }, check);
}

// What changes an array, or only looks at it.
template <class Body> void change(const Run& run, const Numbers& values, Body body) {
  measure(
      run, values.size(), [&] { return values; },
      [&](const auto& policy, Numbers input) {
        body(policy, input);
        return input;
      },
      weighted);
}

template <class Body> void look(const Run& run, std::size_t items, Body body) {
  measure(run, items, nothing, [&](const auto& policy, int) { return body(policy); }, same);
}

void scan(const Run& run) {
  auto values = random_numbers(run.size(50'000'000));
  measure(
      run, values.size(), nothing,
      [&](const auto& policy, int) {
        Numbers sums(values.size());
        std::inclusive_scan(policy, values.begin(), values.end(), sums.begin());
        return sums;
      },
      weighted);
  tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads_of(run));
  run.measure(
      "oneTBB parallel_scan", values.size(), nothing,
      [&](int) {
        Numbers sums(values.size());
        tbb::parallel_scan(
            tbb::blocked_range<std::size_t>(0, values.size()), std::uint64_t(0),
            [&](const tbb::blocked_range<std::size_t>& range, std::uint64_t sum, bool is_final) {
              for (auto index = range.begin(); index < range.end(); index++) {
                sum += values[index];
                if (is_final) sums[index] = sum;
              }
              return sum;
            },
            std::plus<std::uint64_t>());
        return sums;
      },
      weighted);
  WITH_PARLAYLIB(measure_parlaylib(
      run, threads_of(run), values.size(), nothing, [&](int) { return parlay::scan_inclusive(values); }, weighted);)
}

// Returns the two sequences.
template <class Combine> std::pair<Numbers, Numbers> combine(const Run& run, Combine combine) {
  auto count = run.size(10'000'000);
  auto left = sorted_numbers(count, 1), right = sorted_numbers(count, 2);
  measure(
      run, 2 * count, nothing,
      [&](const auto& policy, int) {
        Numbers result(2 * count);
        result.erase(combine(policy, left, right, result), result.end());
        return result;
      },
      weighted);
  return {std::move(left), std::move(right)};
}

void merge(const Run& run) {
  [[maybe_unused]] auto [left, right] = combine(run, [](const auto& policy, const Numbers& a, const Numbers& b, Numbers& result) {
    return std::merge(policy, a.begin(), a.end(), b.begin(), b.end(), result.begin());
  });
  WITH_PARLAYLIB(measure_parlaylib(
      run, threads_of(run), left.size() + right.size(), nothing,
      [&left = left, &right = right](int) { return parlay::merge(left, right); }, weighted);)
}

void set_union(const Run& run) {
  combine(run, [](const auto& policy, const Numbers& a, const Numbers& b, Numbers& result) {
    return std::set_union(policy, a.begin(), a.end(), b.begin(), b.end(), result.begin());
  });
}

void set_intersection(const Run& run) {
  combine(run, [](const auto& policy, const Numbers& a, const Numbers& b, Numbers& result) {
    return std::set_intersection(policy, a.begin(), a.end(), b.begin(), b.end(), result.begin());
  });
}

void set_difference(const Run& run) {
  combine(run, [](const auto& policy, const Numbers& a, const Numbers& b, Numbers& result) {
    return std::set_difference(policy, a.begin(), a.end(), b.begin(), b.end(), result.begin());
  });
}

// The order within the halves is each library's own, so only the place of the border is compared.
void partition(const Run& run) {
  auto values = random_numbers(run.size(20'000'000));
  measure(
      run, values.size(), [&] { return values; },
      [&](const auto& policy, Numbers input) {
        return std::partition(policy, input.begin(), input.end(), [](auto x) { return !is_even(x); }) - input.begin();
      },
      [](std::ptrdiff_t border) { return std::uint64_t(border); });
}

void stable_partition(const Run& run) {
  change(run, random_numbers(run.size(20'000'000)), [](const auto& policy, Numbers& values) {
    std::stable_partition(policy, values.begin(), values.end(), [](auto x) { return !is_even(x); });
  });
}

void remove_half(const Run& run) {
  auto values = random_numbers(run.size(20'000'000));
  change(run, values, [](const auto& policy, Numbers& values) {
    values.erase(std::remove_if(policy, values.begin(), values.end(), is_even), values.end());
  });
  // Into a new sequence.
  WITH_PARLAYLIB(measure_parlaylib(
                     run, threads_of(run), values.size(), nothing,
                     [&](int) { return parlay::filter(values, [](auto x) { return !is_even(x); }); }, weighted);)
}

void reverse(const Run& run) {
  auto values = random_numbers(run.size(20'000'000));
  change(run, values,
         [](const auto& policy, Numbers& values) { std::reverse(policy, values.begin(), values.end()); });
  WITH_PARLAYLIB(measure_parlaylib(
                     run, threads_of(run), values.size(), [&] { return values; },
                     [](Numbers input) {
                       parlay::reverse_inplace(input);
                       return input;
                     },
                     weighted);)
}

void rotate(const Run& run) {
  auto values = random_numbers(run.size(20'000'000));
  change(run, values, [](const auto& policy, Numbers& values) {
    std::rotate(policy, values.begin(), values.begin() + std::ptrdiff_t(values.size() / 3), values.end());
  });
  // Into a new sequence.
  WITH_PARLAYLIB(measure_parlaylib(
                     run, threads_of(run), values.size(), nothing,
                     [&](int) { return parlay::rotate(values, values.size() / 3); }, weighted);)
}

void median(const Run& run) {
  auto values = random_numbers(run.size(20'000'000));
  measure(
      run, values.size(), [&] { return values; },
      [&](const auto& policy, Numbers input) {
        auto middle = input.begin() + std::ptrdiff_t(input.size() / 2);
        std::nth_element(policy, input.begin(), middle, input.end());
        return *middle;
      },
      same);
  WITH_PARLAYLIB(measure_parlaylib(
                     run, threads_of(run), values.size(), [&] { return values; },
                     [](Numbers input) { return *parlay::kth_smallest(input, input.size() / 2); }, same);)
}

void min_and_max(const Run& run) {
  auto values = random_numbers(run.size(50'000'000));
  look(run, values.size(), [&](const auto& policy) {
    auto [least, most] = std::minmax_element(policy, values.begin(), values.end());
    return *least ^ *most;
  });
  WITH_PARLAYLIB(measure_parlaylib(
      run, threads_of(run), values.size(), nothing,
      [&](int) {
        auto [least, most] = parlay::minmax_element(values);
        return *least ^ *most;
      },
      same);)
}

void is_sorted(const Run& run) {
  Numbers values(run.size(50'000'000));
  std::iota(values.begin(), values.end(), 0);
  look(run, values.size(), [&](const auto& policy) {
    return std::uint64_t(std::is_sorted(policy, values.begin(), values.end()));
  });
  WITH_PARLAYLIB(measure_parlaylib(
      run, threads_of(run), values.size(), nothing, [&](int) { return std::uint64_t(parlay::is_sorted(values)); }, same);)
}

void equal(const Run& run) {
  auto left = random_numbers(run.size(20'000'000));
  auto right = left;
  look(run, left.size(), [&](const auto& policy) {
    return std::uint64_t(std::equal(policy, left.begin(), left.end(), right.begin(), right.end()));
  });
  WITH_PARLAYLIB(measure_parlaylib(
      run, threads_of(run), left.size(), nothing, [&](int) { return std::uint64_t(parlay::equal(left, right)); }, same);)
}

// The pattern is found at the end.
void search(const Run& run) {
  auto values = random_numbers(run.size(20'000'000));
  for (auto& value : values) value >>= 62;
  auto pattern = Numbers(32, 4);
  for (std::size_t place = 0; place < 31; place++) pattern[place] = values[values.size() - 32 + place];
  values.back() = 4;
  look(run, values.size(), [&](const auto& policy) {
    return std::uint64_t(std::search(policy, values.begin(), values.end(), pattern.begin(), pattern.end()) - values.begin());
  });
  WITH_PARLAYLIB(measure_parlaylib(
      run, threads_of(run), values.size(), nothing,
      [&](int) { return std::uint64_t(parlay::search(values, pattern) - values.begin()); }, same);)
}

}  // namespace

int main(int count, char** arguments) {
  std::vector<peers::Row> rows;
  std::vector<std::pair<std::string, void (*)(const Run&)>> all{
      {"scan", scan}, {"merge", merge}, {"set-union", set_union}, {"set-intersection", set_intersection},
      {"set-difference", set_difference}, {"partition", partition}, {"stable-partition", stable_partition},
      {"remove-half", remove_half}, {"reverse", reverse}, {"rotate", rotate}, {"median", median},
      {"min-and-max", min_and_max}, {"is-sorted", is_sorted}, {"equal", equal}, {"search", search},
  };
  std::vector<std::string> names;
  for (const auto& [name, body] : all)
    for (auto threads : {"-1", "-2"}) names.push_back(name + threads);
  for (std::size_t index = 0; index < names.size(); index++) rows.push_back({names[index].c_str(), all[index / 2].second});
  return peers::rows(count, arguments, rows);
}
