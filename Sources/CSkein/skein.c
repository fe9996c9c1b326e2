#if defined(__linux__)
#define _GNU_SOURCE
#endif
#define SKEIN_EXPORTS_CLOSURE_WORDS
#include "skein.h"

_Thread_local void *_Nullable skein_worker;
_Thread_local skein_thread skein_this_thread;

__attribute__((swiftcall)) const void *_Nullable skein_closure_context(void *_Nonnull function, void *_Nullable context) {
  (void)function;
  return context;
}

__attribute__((noinline)) uintptr_t skein_call_site(void) { return (uintptr_t)__builtin_return_address(0); }

int skein_never(void) { return 0; }
void skein_cold(void) {}

extern __attribute__((swiftcall)) bool swift_task_isCancelled(void *_Nonnull task);
extern __attribute__((swiftcall)) void *_Nullable swift_task_getCurrent(void);

bool skein_task_is_cancelled(void *_Nonnull task) { return swift_task_isCancelled(task); }
void *_Nullable skein_task_current(void) { return swift_task_getCurrent(); }

#if defined(__linux__)

#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

void skein_stack_find(skein_thread *thread) {
  thread->stack_begin = thread->stack_end = UINTPTR_MAX;
  pthread_attr_t attributes;
  void *begin;
  size_t size;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return;
  if (pthread_attr_getstack(&attributes, &begin, &size) == 0) {
    thread->stack_begin = (uintptr_t)begin;
    thread->stack_end = (uintptr_t)begin + size;
  }
  pthread_attr_destroy(&attributes);
}

void skein_wait(const uint32_t *word, uint32_t expected) {
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, (void *)0, (void *)0, 0);
}

void skein_wait_for(const uint32_t *word, uint32_t expected, uint64_t nanoseconds) {
  struct timespec limit = {(time_t)(nanoseconds / 1000000000u), (long)(nanoseconds % 1000000000u)};
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, &limit, (void *)0, 0);
}

void skein_wake_one(const uint32_t *word) {
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, (void *)0, (void *)0, 0);
}

void skein_thread_set_name(const char *name) {
  char head[16] = {0};  // the kernel's limit, with the closing zero
  strncpy(head, name, sizeof head - 1);
  pthread_setname_np(pthread_self(), head);
}

int skein_affinity_count(void) {
  cpu_set_t set;
  return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 0;
}

void skein_affinity_set(int processor) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(processor, &set);
  sched_setaffinity(0, sizeof set, &set);
}

int skein_processor(void) { return sched_getcpu(); }

bool skein_is_filtered(void) { return prctl(PR_GET_SECCOMP) != 0; }

// The open file, or -1. It stays open, so that the program finds its descriptors as it left them. It may have been closed,
// as daemons do with all that they find open, and its number be another file's by now: so it is compared with what was
// opened before it is read.
static int load_file;
static struct stat load_status;

static void open_load_file(void) {
  load_file = open("/proc/loadavg", O_RDONLY | O_CLOEXEC);
  if (load_file >= 0 && fstat(load_file, &load_status) != 0) load_file = -1;
}

int skein_runnable_threads(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  struct stat status;
  char text[128];
  pthread_once(&once, open_load_file);
  if (load_file < 0 || fstat(load_file, &status) != 0) return INT_MAX;
  if (status.st_dev != load_status.st_dev || status.st_ino != load_status.st_ino) return INT_MAX;
  ssize_t length = pread(load_file, text, sizeof text - 1, 0);
  if (length <= 0) return INT_MAX;
  text[length] = 0;
  // Three averages, and then, for example, 3/159.
  const char *at = text;
  for (int skipped = 0; skipped < 3 && at != NULL; skipped++) {
    at = strchr(at, ' ');
    if (at != NULL) at++;
  }
  return at != NULL && strchr(at, '/') != NULL ? atoi(at) : INT_MAX;
}

bool skein_is_virtual_machine(void) {
#if defined(__x86_64__)
  unsigned a, b, c, d;
  return __get_cpuid(1, &a, &b, &c, &d) && (c & 1u << 31) != 0;
#else
  return false;
#endif
}

void skein_processor_leave(int processor, int processors) {
  cpu_set_t all, others;
  if (processor < 0 || processor >= CPU_SETSIZE || processors < 2) return;
  if (sched_getaffinity(0, sizeof all, &all) != 0 || CPU_COUNT(&all) < processors) return;
  // No signal handler is to see what follows, nor a process that it forks.
  sigset_t every, before;
  sigfillset(&every);
  if (pthread_sigmask(SIG_BLOCK, &every, &before) != 0) return;
  others = all;
  CPU_CLR(processor, &others);
  // Whatever the mask is now, for the processors of the process may have changed meanwhile: the thread must not keep this
  // one. That somebody else has bound it in these microseconds cannot be told apart.
  if (sched_setaffinity(0, sizeof others, &others) == 0) sched_setaffinity(0, sizeof all, &all);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

#elif defined(__APPLE__)

#include <limits.h>
#include <os/os_sync_wait_on_address.h>
#include <pthread.h>

void skein_thread_set_name(const char *name) { pthread_setname_np(name); }

void skein_stack_find(skein_thread *thread) {
  thread->stack_end = (uintptr_t)pthread_get_stackaddr_np(pthread_self());
  thread->stack_begin = thread->stack_end - pthread_get_stacksize_np(pthread_self());
}

int skein_affinity_count(void) { return 0; }
void skein_affinity_set(int processor) { (void)processor; }
int skein_processor(void) { return -1; }
int skein_runnable_threads(void) { return INT_MAX; }
bool skein_is_virtual_machine(void) { return false; }
bool skein_is_filtered(void) { return true; }
void skein_processor_leave(int processor, int processors) {
  (void)processor;
  (void)processors;
}

void skein_wait(const uint32_t *word, uint32_t expected) {
  os_sync_wait_on_address((void *)word, expected, sizeof(uint32_t), OS_SYNC_WAIT_ON_ADDRESS_NONE);
}

void skein_wait_for(const uint32_t *word, uint32_t expected, uint64_t nanoseconds) {
  os_sync_wait_on_address_with_timeout(
      (void *)word, expected, sizeof(uint32_t), OS_SYNC_WAIT_ON_ADDRESS_NONE, OS_CLOCK_MACH_ABSOLUTE_TIME, nanoseconds);
}

void skein_wake_one(const uint32_t *word) {
  os_sync_wake_by_address_any((void *)word, sizeof(uint32_t), OS_SYNC_WAKE_BY_ADDRESS_NONE);
}

#else
#error "Skein needs a way to wait on an address: Linux and Apple platforms have one."
#endif
