#include "counting.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>

static _Atomic bool isCounting;
static _Atomic uint64_t retains, releases, objects, allocations;

static inline void count(_Atomic uint64_t *counter) {
  if (__builtin_expect(atomic_load_explicit(&isCounting, memory_order_relaxed), 0)) {
    atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
  }
}

// MARK: The Swift runtime

// The runtime exports these variables so that instruments can put themselves in front of its functions. It looks at them
// only while the flag is up. (Swift 6.3 hands a retain on without the bits that mark a small string, and then retains an
// address that is none: no strings while this counts.)
extern void *(*_swift_allocObject)(const void *metadata, size_t size, size_t alignmentMask);
extern void *(*_swift_retain)(void *object);
extern void *(*_swift_retain_n)(void *object, uint32_t n);
extern void *(*_swift_tryRetain)(void *object);
extern void (*_swift_release)(void *object);
extern void (*_swift_release_n)(void *object, uint32_t n);
extern _Atomic bool _swift_enableSwizzlingOfAllocationAndRefCountingFunctions_forInstrumentsOnly;

static void *(*allocObject)(const void *, size_t, size_t);
static void *(*retain)(void *);
static void *(*retain_n)(void *, uint32_t);
static void *(*tryRetain)(void *);
static void (*release)(void *);
static void (*release_n)(void *, uint32_t);

static void *countedAllocObject(const void *metadata, size_t size, size_t alignmentMask) {
  count(&objects);
  return allocObject(metadata, size, alignmentMask);
}
static void *countedRetain(void *object) {
  if (object) count(&retains);
  return retain(object);
}
static void *countedRetain_n(void *object, uint32_t n) {
  if (object) count(&retains);
  return retain_n(object, n);
}
static void *countedTryRetain(void *object) {
  if (object) count(&retains);
  return tryRetain(object);
}
static void countedRelease(void *object) {
  if (object) count(&releases);
  release(object);
}
static void countedRelease_n(void *object, uint32_t n) {
  if (object) count(&releases);
  release_n(object, n);
}

static void install(void) {
  allocObject = _swift_allocObject;
  retain = _swift_retain;
  retain_n = _swift_retain_n;
  tryRetain = _swift_tryRetain;
  release = _swift_release;
  release_n = _swift_release_n;
  _swift_allocObject = countedAllocObject;
  _swift_retain = countedRetain;
  _swift_retain_n = countedRetain_n;
  _swift_tryRetain = countedTryRetain;
  _swift_release = countedRelease;
  _swift_release_n = countedRelease_n;
}

static void uninstall(void) {
  _swift_allocObject = allocObject;
  _swift_retain = retain;
  _swift_retain_n = retain_n;
  _swift_tryRetain = tryRetain;
  _swift_release = release;
  _swift_release_n = release_n;
}

void counting_start(void) {
  install();
  atomic_store(&retains, 0);
  atomic_store(&releases, 0);
  atomic_store(&objects, 0);
  atomic_store(&allocations, 0);
  atomic_store(&_swift_enableSwizzlingOfAllocationAndRefCountingFunctions_forInstrumentsOnly, true);
  atomic_store(&isCounting, true);
}

counting_result counting_stop(void) {
  atomic_store(&isCounting, false);
  // The pointers first: an allocation that meets a foreign one raises the flag again.
  uninstall();
  atomic_store(&_swift_enableSwizzlingOfAllocationAndRefCountingFunctions_forInstrumentsOnly, false);
  return (counting_result){atomic_load(&retains), atomic_load(&releases), atomic_load(&objects), atomic_load(&allocations)};
}

// MARK: The C allocator

#if defined(__GLIBC__)

// glibc keeps its own functions under these names; a program's `malloc` goes before the library's.
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

bool counting_sees_allocations(void) { return true; }

void *malloc(size_t size) {
  count(&allocations);
  return __libc_malloc(size);
}
void *calloc(size_t number, size_t size) {
  count(&allocations);
  return __libc_calloc(number, size);
}
void *realloc(void *memory, size_t size) {
  count(&allocations);
  return __libc_realloc(memory, size);
}
void *aligned_alloc(size_t alignment, size_t size) {
  count(&allocations);
  return __libc_memalign(alignment, size);
}
int posix_memalign(void **memory, size_t alignment, size_t size) {
  count(&allocations);
  *memory = __libc_memalign(alignment, size);
  return *memory ? 0 : ENOMEM;
}

#else

bool counting_sees_allocations(void) { return false; }

#endif
