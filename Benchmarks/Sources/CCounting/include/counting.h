// Counts what the Swift runtime and the C allocator are asked for while a piece of code runs.
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef struct {
  uint64_t retains;      // swift_retain, swift_retain_n, swift_tryRetain, but for calls with null
  uint64_t releases;     // swift_release, swift_release_n
  uint64_t objects;      // swift_allocObject
  uint64_t allocations;  // malloc, calloc, realloc, aligned_alloc, posix_memalign
} counting_result;

/// Whether `allocations` means anything: only where the C library lets a program put its own `malloc` in front.
bool counting_sees_allocations(void);

/// Begins to count, on all threads, from zero.
void counting_start(void);

/// Ends counting.
counting_result counting_stop(void);
