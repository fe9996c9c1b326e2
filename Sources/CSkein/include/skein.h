// The few things that Swift cannot say: a thread-local word that costs one instruction, the two words of a closure,
// a wait on an address, and the processor's tick counter.
#pragma once

#include <stdint.h>

// MARK: The current worker

/// The worker that runs on this thread, or null. Only `skein_worker_set` writes it, on its own thread.
extern _Thread_local void *_Nullable skein_worker;

static inline void *_Nullable skein_worker_get(void) { return skein_worker; }
static inline void skein_worker_set(void *_Nullable worker) { skein_worker = worker; }

// MARK: Closures

/// A thick Swift closure of type `() -> Void`: what to call, and the context it is called with.
typedef struct {
  void *_Nonnull function;
  void *_Nullable context;
} skein_closure;

/// Calls the closure with Swift's calling convention: no arguments, the context in its own register.
static inline void skein_closure_call(skein_closure closure) {
  typedef __attribute__((swiftcall)) void (*function)(__attribute__((swift_context)) void *_Nullable);
  ((function)closure.function)(closure.context);
}

/// False, but the compiler does not know: what is used when this is true must be kept alive until here.
int skein_never(void);

// MARK: Waiting

/// Tells the processor that this is a waiting loop.
static inline void skein_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__) || defined(__arm__)
  __asm__ volatile("yield" ::: "memory");
#endif
}

/// Sleeps while `*word == expected`; may return for no reason. The caller looks again.
void skein_wait(const uint32_t *_Nonnull word, uint32_t expected);

/// The same, for at most so many nanoseconds.
void skein_wait_for(const uint32_t *_Nonnull word, uint32_t expected, uint64_t nanoseconds);

/// Wakes one thread that sleeps in `skein_wait` on this word.
void skein_wake_one(const uint32_t *_Nonnull word);

/// Nanoseconds of the system's clock that is never set back.
uint64_t skein_clock_nanoseconds(void);

/// A counter that rises by about one each nanosecond (within a factor of four), read in a few cycles. Good enough to tell a
/// batch of ten microseconds from one of a hundred; not a clock.
static inline uint64_t skein_ticks(void) {
#if defined(__x86_64__) || defined(__i386__)
  return __builtin_ia32_rdtsc() >> 1;
#elif defined(__aarch64__)
  uint64_t count, frequency;
  __asm__ volatile("mrs %0, cntvct_el0" : "=r"(count));
  __asm__ volatile("mrs %0, cntfrq_el0" : "=r"(frequency));
  // Either quotient is at least 1, whichever side of a gigahertz the counter is on.
  return frequency > 1000000000 ? count / (frequency / 1000000000) : count * (1000000000 / frequency);
#else
  return skein_clock_nanoseconds();
#endif
}

/// The same word, which the optimiser now knows nothing about: what is computed from it stays computed, and becomes no branch.
static inline uintptr_t skein_opaque(uintptr_t word) {
  __asm__("" : "+r"(word));
  return word;
}

// MARK: Threads and processors

/// Names the calling thread; the system cuts the name short.
void skein_thread_set_name(const char *_Nonnull name);

/// How many processors the calling thread may run on, or 0 if the system does not say.
int skein_affinity_count(void);

/// Pins the calling thread to one processor, where the system knows such a thing.
void skein_affinity_set(int processor);

/// Where in the program it was called.
uintptr_t skein_call_site(void);
