// The few things that Swift cannot say: a thread-local word that costs one instruction, the two words of a closure,
// a wait on an address, and the processor's tick counter.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "skein_task_locals.h"

// MARK: The current worker

/// The worker that runs on this thread, or null. Only `skein_worker_set` writes it, on its own thread.
///
/// (The model is for ELF: without it, position-independent code calls a function to find the variable, or keeps its
/// registers free for that call.)
extern _Thread_local void *_Nullable skein_worker __attribute__((tls_model("initial-exec")));

static inline void *_Nullable skein_worker_get(void) { return skein_worker; }
static inline void skein_worker_set(void *_Nullable worker) { skein_worker = worker; }

// MARK: Closures

/// A thick Swift closure of type `() -> Void`: what to call, and the context it is called with.
typedef struct {
  void *_Nonnull function;
  void *_Nullable context;
} skein_closure;

// Called from Swift under its own calling convention: a closure arrives as two words and leaves as two words, or the
// other way round. There are several names, since Swift knows one type of each name.
//
// Swift declares the functions by their names, as taking closures (ClosureWords.swift), and calls those that skein.c
// exports. But where C's own declarations are in use after that in the same file, these definitions are what the names
// stand for, and are inlined: forks and spawns make sure of that by `skein_closure_words_are_inlined`. (A call costs as
// much as everything else about a fork: it is two jumps, and registers have to be saved.)
#if defined(SKEIN_EXPORTS_CLOSURE_WORDS)
#define SKEIN_CLOSURE_WORDS __attribute__((swiftcall))
#else
#define SKEIN_CLOSURE_WORDS static inline __attribute__((swiftcall))
#endif

SKEIN_CLOSURE_WORDS skein_closure skein_closure_words(void *_Nonnull function, void *_Nullable context) {
  return (skein_closure){function, context};
}

SKEIN_CLOSURE_WORDS skein_closure skein_closure_disown(void *_Nonnull function, void *_Nullable context) {
  return (skein_closure){function, context};
}

SKEIN_CLOSURE_WORDS skein_closure skein_closure_own(void *_Nonnull function, void *_Nullable context) {
  return (skein_closure){function, context};
}

/// Does nothing, by a call of each of these.
static inline void skein_closure_words_are_inlined(void) {
  void *function = (void *)skein_closure_words_are_inlined;
  (void)skein_closure_words(function, 0);
  (void)skein_closure_disown(function, 0);
  (void)skein_closure_own(function, 0);
}

/// Calls the closure with Swift's calling convention: no arguments, the context in its own register.
static inline void skein_closure_call(skein_closure closure) {
  typedef __attribute__((swiftcall)) void (*function)(__attribute__((swift_context)) void *_Nullable);
  ((function)closure.function)(closure.context);
}

/// False, but the compiler does not know: what is used when this is true must be kept alive until here.
int skein_never(void);

/// Does nothing, and is no call either: what comes before it is not the last thing that a function does.
static inline void skein_not_last(void) { __asm__ volatile(""); }

/// Does nothing. The compiler places the code that calls it apart from what is run all the time.
__attribute__((cold)) void skein_cold(void);

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
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
#endif
}

/// The same word, which the optimiser now knows nothing about: what is computed from it stays computed, and becomes no branch.
static inline uintptr_t skein_opaque(uintptr_t word) {
  __asm__("" : "+r"(word));
  return word;
}

// MARK: Text

/// Returns the first offset between two, or the end, at which a UTF-8 code unit stands that may begin a newline: LF, VT, FF, CR, or
/// the first unit of NEL and of the separators of lines and paragraphs.
intptr_t skein_newline_candidate(const uint8_t *_Nonnull units, intptr_t start, intptr_t end);

// MARK: Tasks

/// Whether a task has been cancelled; on any thread, as long as the task is there. A function of the runtime, in its interface.
bool skein_task_is_cancelled(void *_Nonnull task);

/// The task that runs on this thread, or null.
void *_Nullable skein_task_current(void);

/// What kind of job it is, as a word that all jobs of one kind have in common: the first word of a Swift object is its type.
static inline uintptr_t skein_job_kind(const void *_Nonnull job) { return *(const uintptr_t *)job; }

// MARK: Threads and processors

/// Names the calling thread; the system cuts the name short.
void skein_thread_set_name(const char *_Nonnull name);

/// How many processors the calling thread may run on, or 0 if the system does not say.
int skein_affinity_count(void);

/// Pins the calling thread to one processor, where the system knows such a thing.
void skein_affinity_set(int processor);

/// The processor that the calling thread runs on at this moment, or -1 if the system does not say.
int skein_processor(void);

/// How many threads of the whole system run or could run at this moment; INT_MAX if the system does not say. Takes microseconds.
int skein_runnable_threads(void);

/// Whether this is a virtual machine, as far as the processor says. (Only where that matters: on x86, on Linux.)
bool skein_is_virtual_machine(void);

/// Whether the process has a filter of system calls (seccomp), which might end it for one that it has not made before.
bool skein_is_filtered(void);

/// Moves the calling thread to another processor if it runs on this one. Does nothing if it may not run on as many processors as
/// stated: then somebody has bound it.
void skein_processor_leave(int processor, int processors);

/// What a thread knows of itself once it has made a parallel call from outside any pool.
typedef struct {
  /// The bounds of its stack; both zero before they are asked for.
  uintptr_t stack_begin, stack_end;
  /// Where its task-local values are found, if that is known.
  skein_task_locals_view view;
  bool has_view;
  /// The place in the shared pool that it had last.
  uint32_t place;
} skein_thread;

/// The calling thread's own.
extern _Thread_local skein_thread skein_this_thread;
static inline skein_thread *_Nonnull skein_thread_here(void) { return &skein_this_thread; }

/// Finds out the bounds of the calling thread's stack. If the system does not say, they are such that nothing is left.
void skein_stack_find(skein_thread *_Nonnull thread);

/// How many bytes the calling thread, whose own `thread` is, has left on its stack; zero if it is not on that stack.
static inline intptr_t skein_stack_left(skein_thread *_Nonnull thread) {
  if (__builtin_expect(thread->stack_end == 0, 0)) skein_stack_find(thread);
  uintptr_t here = (uintptr_t)__builtin_frame_address(0);
  return here > thread->stack_begin && here <= thread->stack_end ? (intptr_t)(here - thread->stack_begin) : 0;
}

/// Where the function that it stands in will return to: the place where that was called.
static inline __attribute__((always_inline)) uintptr_t skein_return_address(void) {
  return (uintptr_t)__builtin_return_address(0);
}

/// Where in the program it was called.
uintptr_t skein_call_site(void);
