// oneTBB, as `Sources/SkeinBenchmarks/Compared/Scheduling` has it.
#include "rows.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <ctime>
#include <memory>
#include <numeric>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

#include <tbb/blocked_range.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_invoke.h>
#include <tbb/parallel_reduce.h>
#include <tbb/parallel_sort.h>
#include <tbb/task_arena.h>
#include <tbb/task_group.h>

namespace {

using peers::Run;
using Range = tbb::blocked_range<std::size_t>;

const char* const library = "oneTBB";

// Forks at every step.

std::size_t plain_fib(std::size_t n) { return n < 2 ? n : plain_fib(n - 1) + plain_fib(n - 2); }

std::size_t forked_fib(std::size_t n) {
  if (n < 2) return n;
  std::size_t a, b;
  tbb::parallel_invoke([&] { a = forked_fib(n - 1); }, [&] { b = forked_fib(n - 2); });
  return a + b;
}

void fib(const Run& run, tbb::task_arena& arena) {
  std::size_t n = run.is_quick() ? 27 : 34;
  run.sum(library, plain_fib(n + 1) - 1, [&] { return arena.execute([&] { return forked_fib(n); }); });
}

// What the queens so far attack in the next row, as bits, and where the next one may stand.
struct Board {
  std::uint32_t columns, left, right, all;

  explicit Board(unsigned n) : columns(0), left(0), right(0), all((1u << n) - 1) {}

  bool is_complete() const { return columns == all; }
  std::uint32_t free() const { return all & ~(columns | left | right); }

  Board placing(std::uint32_t queen) const {
    Board next = *this;
    next.columns |= queen;
    next.left = (left | queen) << 1;
    next.right = (right | queen) >> 1;
    return next;
  }

  std::size_t placements() const {
    std::size_t count = 0;
    for (std::uint32_t rest = free(); rest != 0; rest &= rest - 1) count += 1 + placing(rest & -rest).placements();
    return count;
  }

  // Solutions with the next queen at one of the places in `rest`.
  std::size_t forked_solutions(std::uint32_t rest) const {
    if (is_complete()) return 1;
    if (rest == 0) return 0;
    std::uint32_t queen = rest & -rest, others = rest ^ queen;
    Board next = placing(queen);
    if (others == 0) return next.forked_solutions(next.free());
    std::size_t a, b;
    tbb::parallel_invoke([&] { a = next.forked_solutions(next.free()); }, [&] { b = forked_solutions(others); });
    return a + b;
  }

  // Solutions, by a group with a task for each place of the next queen.
  std::size_t scoped_solutions() const {
    if (is_complete()) return 1;
    std::size_t counts[32], *end = counts;
    tbb::task_group group;
    for (std::uint32_t places = free(); places != 0; places &= places - 1)
      group.run([next = placing(places & -places), count = end++] { *count = next.scoped_solutions(); });
    group.wait();
    return std::accumulate(counts, end, std::size_t(0));
  }
};

void queens(const Run& run, tbb::task_arena& arena) {
  Board board(run.is_quick() ? 9 : 13);
  run.sum(library, board.placements(),
          [&] { return arena.execute([&] { return board.forked_solutions(board.free()); }); });
}

// A node of a tree that is not there: what is below a node follows from its state.
struct Node {
  std::uint64_t state;
  std::size_t height;

  std::size_t child_count() const { return height == 0 ? 0 : 4 * std::size_t(std::countr_zero(state)); }
  Node child(std::size_t index) const { return {peers::mixed(state + (index + 1) * peers::step), height - 1}; }

  std::size_t count() const {
    std::size_t sum = 1;
    for (std::size_t index = 0, end = child_count(); index < end; index++) sum += child(index).count();
    return sum;
  }

  std::size_t forked_count() const {
    std::size_t children = child_count();
    return children == 0 ? 1 : 1 + forked_count(0, children);
  }

  // The nodes below some of the children.
  std::size_t forked_count(std::size_t low, std::size_t high) const {
    if (high - low == 1) return child(low).forked_count();
    std::size_t middle = (low + high) / 2, a, b;
    tbb::parallel_invoke([&] { a = forked_count(low, middle); }, [&] { b = forked_count(middle, high); });
    return a + b;
  }
};

void uts(const Run& run, tbb::task_arena& arena) {
  Node root{peers::mixed(2), run.is_quick() ? 9u : 11u};
  run.sum(library, root.count(), [&] { return arena.execute([&] { return root.forked_count(); }); });
}

// Loops over arrays.

// Changes when an element changes, and when two change places.
template <class Element> std::uint64_t weighted_sum(const Element* elements, std::size_t count) {
  std::uint64_t sum = 0;
  for (std::size_t index = 0; index < count; index++) sum += std::uint64_t(elements[index]) * (index + 1);
  return sum;
}

double sum_of(const std::vector<double>& values, const Range& range, double sum) {
  return std::accumulate(&values[range.begin()], &values[range.end()], sum);
}

void sum(const Run& run, tbb::task_arena& arena) {
  std::vector<double> values(run.size(50'000'000));
  for (std::size_t index = 0; index < values.size(); index++) values[index] = double(index % 1000);
  run.sum(library, values.size(), [&] {
    return std::uint64_t(arena.execute([&] {
      return tbb::parallel_reduce(
          Range(0, values.size()), 0.0,
          [&](const Range& range, double sum) {
            for (std::size_t index = range.begin(); index < range.end(); index++) sum += values[index] * values[index];
            return sum;
          },
          std::plus<>());
    }));
  });
}

void collect(const Run& run, tbb::task_arena& arena) {
  peers::Generator generator;
  std::vector<std::int32_t> values(run.size(50'000'000));
  for (auto& value : values) value = std::int32_t(generator.next());
  using Result = std::unique_ptr<std::int64_t[]>;
  auto body = [&](int) {
    Result result;
    arena.execute([&] {
      result = std::make_unique_for_overwrite<std::int64_t[]>(values.size());
      tbb::parallel_for(Range(0, values.size()), [&](const Range& range) {
        for (std::size_t index = range.begin(); index < range.end(); index++)
          result[index] = std::int64_t(values[index]) * 3 + 1;
      });
    });
    return result;
  };
  run.measure(library, values.size(), [] { return 0; }, body,
              [&](Result result) { return weighted_sum(result.get(), values.size()); });
}

void sort(const Run& run, tbb::task_arena& arena) {
  using Values = std::vector<std::uint64_t>;
  peers::Generator generator;
  Values values(run.size(20'000'000));
  for (auto& value : values) value = generator.next();
  auto body = [&](Values values) {
    arena.execute([&] { tbb::parallel_sort(values.begin(), values.end()); });
    return values;
  };
  run.measure(library, values.size(), [&] { return values; }, body,
              [](const Values& sorted) { return weighted_sum(sorted.data(), sorted.size()); });
}

// Scopes and spawns.

void queens_scope(const Run& run, tbb::task_arena& arena) {
  Board board(run.is_quick() ? 9 : 12);
  run.sum(library, board.placements(), [&] { return arena.execute([&] { return board.scoped_solutions(); }); });
}

void spawn(const Run& run, tbb::task_arena& arena) {
  std::size_t tasks = run.size(1'000'000);
  run.sum(library, tasks, [&] {
    std::atomic<std::size_t> counter{0};
    arena.execute([&] {
      tbb::task_group group;
      for (std::size_t task = 0; task < tasks; task++)
        group.run([&] { counter.fetch_add(1, std::memory_order_relaxed); });
      group.wait();
    });
    return counter.load();
  });
}

void spawn_outside(const Run& run, tbb::task_arena& arena) {
  std::size_t tasks = run.size(1'000'000);
  std::atomic<std::size_t> rest;
  std::binary_semaphore is_done{0};
  run.sum(library, tasks, [&] {
    rest = tasks;
    for (std::size_t task = 0; task < tasks; task++)
      arena.enqueue([&] {
        if (rest.fetch_sub(1, std::memory_order_acq_rel) == 1) is_done.release();
      });
    is_done.acquire();
    return tasks;
  });
}

// Multiplications each of which needs the last one's result.
[[gnu::noinline]] std::uint64_t chain(std::uint64_t state, std::size_t steps) {
  for (std::size_t step = 0; step < steps; step++) state = (state ^ state >> 29) * peers::step;
  return state;
}

// Calls from a thread outside the arena's workers, which counts as one of the two threads.

// Medians of a hundred batches: many calls one after the other, or one after a pause, as the row says.
template <class Call> void calls(const Run& run, const Call& call) {
  bool is_after_pause = std::string(run.row).ends_with("-after-10ms");
  std::size_t batch = is_after_pause || std::string(run.row) == "outside-work" ? 1 : 500;
  auto call_batch = [&] {
    std::uint64_t sum = 0;
    for (std::size_t index = 0; index < batch; index++) sum += call();
    return sum;
  };
  std::uint64_t sum = call_batch();
  std::vector<double> times;
  for (std::size_t index = 0, count = run.size(100); index < count; index++) {
    if (is_after_pause) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    auto start = std::chrono::steady_clock::now();
    sum += call_batch();
    auto end = std::chrono::steady_clock::now();
    times.push_back(std::chrono::duration<double, std::nano>(end - start).count());
  }
  std::sort(times.begin(), times.end());
  std::size_t middle = times.size() / 2;
  double median = times.size() % 2 == 1 ? times[middle] : (times[middle - 1] + times[middle]) / 2;
  run.write(library, "", batch, median, "ns", sum);
}

void outside(const Run& run) {
  tbb::global_control limit(tbb::global_control::max_allowed_parallelism, 2);
  std::string call = std::string(run.row).substr(std::strlen("outside-"));
  call = call.substr(0, call.find("-after-10ms"));
  if (call == "join") {
    calls(run, [] {
      int a, b;
      tbb::parallel_invoke([&] { a = 1; }, [&] { b = 2; });
      return a + b;
    });
  } else if (call == "loop") {
    std::size_t count = peers::opaque(std::size_t(10));
    calls(run, [&] {
      return tbb::parallel_reduce(
          Range(0, count), std::size_t(0),
          [](const Range& range, std::size_t sum) {
            for (std::size_t index = range.begin(); index < range.end(); index++) sum += index;
            return sum;
          },
          std::plus<>());
    });
  } else if (call == "scope") {
    calls(run, [] {
      tbb::task_group group;
      group.wait();
      return 1;
    });
  } else if (call == "scope-spawn") {
    std::atomic<std::size_t> counter{0};
    calls(run, [&] {
      tbb::task_group group;
      group.run([&] { counter.fetch_add(1, std::memory_order_relaxed); });
      group.wait();
      return counter.exchange(0);
    });
  } else if (call == "work") {
    calls(run, [] {
      return tbb::parallel_reduce(
          Range(0, 1000), std::uint64_t(0),
          [](const Range& range, std::uint64_t sum) {
            for (std::size_t index = range.begin(); index < range.end(); index++) sum += chain(index, 1000);
            return sum;
          },
          std::plus<>());
    });
  } else {
    tbb::task_arena arena(2);
    calls(run, [&] { return arena.execute([] { return 1; }); });
  }
}

// Sequential and parallel phases in turns.

// The processor time of the process so far, in nanoseconds.
double processor_time() {
  std::timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return double(time.tv_sec) * 1e9 + double(time.tv_nsec);
}

template <class Phase> void alternate(const Run& run, const Phase& parallel_phase) {
  tbb::global_control limit(tbb::global_control::max_allowed_parallelism, 2);
  std::size_t count = run.size(20'000);
  double time = 0;
  run.sum(library, count, [&] {
    double start = processor_time();
    std::uint64_t state = 1;
    for (std::size_t turn = 0; turn < count; turn++) state = parallel_phase(chain(state, 10'000));
    time = processor_time() - start;
    return state;
  });
  run.write(library, "-processor", count, time, "ns", 0);
}

void alternate_join(const Run& run) {
  alternate(run, [](std::uint64_t start) {
    std::uint64_t a, b;
    tbb::parallel_invoke([&] { a = chain(start, 5000); }, [&] { b = chain(start + 1, 5000); });
    return a + b;
  });
}

void alternate_loop(const Run& run) {
  alternate(run, [](std::uint64_t start) {
    return tbb::parallel_reduce(
        Range(0, 100), std::uint64_t(0),
        [&](const Range& range, std::uint64_t sum) {
          for (std::size_t index = range.begin(); index < range.end(); index++) sum += chain(start + index, 100);
          return sum;
        },
        std::plus<>());
  });
}

// A loop whose iterations hold memory while another arena works for them.

void two_pools(const Run& run, tbb::task_arena& outer) {
  tbb::task_arena inner(1);
  std::size_t iterations = run.size(200);
  std::atomic<std::size_t> live{0}, most{0};
  auto iteration = [&](std::size_t index) {
    std::size_t now = live.fetch_add(1, std::memory_order_relaxed) + 1, seen = most;
    while (seen < now && !most.compare_exchange_weak(seen, now)) continue;
    double sum;
    {
      std::vector<double> values(1 << 20, double(index & 7) + 1);
      sum = inner.execute([&] {
        return tbb::parallel_reduce(
            Range(0, values.size()), 0.0,
            [&](const Range& range, double sum) { return sum_of(values, range, sum); }, std::plus<>());
      });
    }
    live.fetch_sub(1, std::memory_order_relaxed);
    return sum;
  };
  run.sum(library, iterations, [&] {
    return std::uint64_t(outer.execute([&] {
      return tbb::parallel_reduce(
          Range(0, iterations), 0.0,
          [&](const Range& range, double sum) {
            for (std::size_t index = range.begin(); index < range.end(); index++) sum += iteration(index);
            return sum;
          },
          std::plus<>());
    }));
  });
  run.write(library, "-live", 1, double(most), "vectors", 0);
}

// What runs in an arena, and with how many threads: `fib-2`. The calling thread is one of them but where it stays outside.
struct InArena {
  const char* name;
  std::vector<int> threads;
  void (*workload)(const Run&, tbb::task_arena&);
  bool caller_is_inside = true;
};

const std::vector<int> all{1, 2, 8, 16, 64}, some{1, 2, 8, 64};

const InArena in_arenas[] = {
    {"fib", all, fib},
    {"queens", all, queens},
    {"uts", all, uts},
    {"sum", all, sum},
    {"collect", all, collect},
    {"sort", all, sort},
    {"queens-scope", some, queens_scope},
    {"spawn", some, spawn},
    {"spawn-outside", some, spawn_outside, false},
    {"two-pools", {2, 8}, two_pools},
};

void in_arena(const Run& run) {
  std::string row = run.row;
  std::size_t dash = row.rfind('-');
  int threads = std::stoi(row.substr(dash + 1));
  for (const InArena& in : in_arenas) {
    if (row.substr(0, dash) != in.name) continue;
    tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads + (in.caller_is_inside ? 0 : 1));
    tbb::task_arena arena(threads, in.caller_is_inside ? 1 : 0);
    in.workload(run, arena);
  }
}

}  // namespace

int main(int count, char** arguments) {
  std::vector<peers::Row> rows{{"alternate-join", alternate_join}, {"alternate-loop", alternate_loop}};
  std::vector<std::unique_ptr<std::string>> names;
  auto add = [&](std::string name, void (*body)(const Run&)) {
    rows.push_back({names.emplace_back(std::make_unique<std::string>(std::move(name)))->c_str(), body});
  };
  for (const InArena& in : in_arenas)
    for (int threads : in.threads) add(std::string(in.name) + "-" + std::to_string(threads), in_arena);
  for (std::string call : {"join", "loop", "scope", "scope-spawn", "work", "run"})
    for (std::string pause : {"", "-after-10ms"}) add("outside-" + call + pause, outside);
  return peers::rows(count, arguments, rows);
}
