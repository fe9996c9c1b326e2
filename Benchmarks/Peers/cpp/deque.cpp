// oneTBB's concurrent queue, which stands where an injection queue would; as
// Sources/SkeinBenchmarks/Compared/Deque/InjectionRows.swift has it. oneTBB's deques cannot be used on their own.
#include <tbb/concurrent_queue.h>

#include <atomic>
#include <thread>
#include <vector>

#include "rows.hpp"

using Queue = tbb::concurrent_queue<std::size_t>;

static const char* const library = "tbb::concurrent_queue";

static void injection_alone(const peers::Run& run) {
  const std::size_t width = 64, rounds = run.size(150'000);
  run.sum(library, rounds * width, [&] {
    Queue queue;
    std::uint64_t sum = 0;
    for (std::size_t round = 0; round < rounds; round++) {
      for (std::size_t number = 0; number < width; number++) queue.push(round + number);
      std::size_t element = 0;
      while (queue.try_pop(element)) sum += element;
    }
    return sum;
  });
}

// As many pushers as thieves, `count` elements from each; one pusher on this thread.
static void pass_through(const peers::Run& run, std::size_t pairs, std::size_t count) {
  run.sum(library, pairs * count, [&] {
    Queue queue;
    std::atomic<std::size_t> pushing{pairs};
    std::atomic<std::uint64_t> total{0};
    auto push = [&] {
      for (std::size_t number = 0; number < count; number++) queue.push(number);
      pushing.fetch_sub(1, std::memory_order_acq_rel);
    };
    auto steal = [&] {
      std::uint64_t sum = 0;
      std::size_t element = 0;
      while (true) {
        if (queue.try_pop(element)) {
          sum += element;
        } else {
          if (pushing.load(std::memory_order_acquire) == 0 && queue.empty()) break;
          std::this_thread::yield();
        }
      }
      total.fetch_add(sum, std::memory_order_relaxed);
    };
    std::vector<std::thread> threads;
    for (std::size_t index = 0; index < pairs; index++) threads.emplace_back(steal);
    for (std::size_t index = 1; index < pairs; index++) threads.emplace_back(push);
    push();
    for (std::thread& thread : threads) thread.join();
    return total.load();
  });
}

int main(int count, char** arguments) {
  return peers::rows(count, arguments, {
      {"injection-alone", injection_alone},
      {"injection-one-to-one", [](const peers::Run& run) { pass_through(run, 1, run.size(3'000'000)); }},
      {"injection-many-to-many", [](const peers::Run& run) { pass_through(run, 2, run.size(1'500'000)); }},
  });
}
