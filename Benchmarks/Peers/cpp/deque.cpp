// oneTBB's concurrent queue, which stands where an injection queue would; as
// Sources/SkeinBenchmarks/Compared/DequeRows.swift has it. oneTBB's deques cannot be used on their own.
#include <tbb/concurrent_queue.h>

#include "rows.hpp"

using Queue = tbb::concurrent_queue<std::size_t>;

static void injection_alone(const peers::Run& run) {
  const std::size_t width = 64, rounds = run.size(150'000);
  run.measure(
      "tbb::concurrent_queue", rounds * width, [] { return 0; },
      [&](int) {
        Queue queue;
        std::uint64_t sum = 0;
        for (std::size_t round = 0; round < rounds; round++) {
          for (std::size_t number = 0; number < width; number++) queue.push(round + number);
          std::size_t element = 0;
          while (queue.try_pop(element)) sum += element;
        }
        return sum;
      },
      [](std::uint64_t sum) { return sum; });
}

int main(int count, char** arguments) { return peers::rows(count, arguments, {{"injection-alone", injection_alone}}); }
