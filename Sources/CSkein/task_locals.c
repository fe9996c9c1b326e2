#if defined(__linux__)
#define _GNU_SOURCE
#endif
#include "skein_task_locals.h"

// Both words are null and stay so: `skein_task_locals_begin` writes only when there is a head, here or there.
static void *no_task;
static void *no_storage;

skein_task_locals_view skein_task_locals_nowhere(void) { return (skein_task_locals_view){&no_task, &no_storage, 0}; }

// Elsewhere there is nobody to try it. The Darwin runtime keeps the two words in reserved keys of `pthread_getspecific`, so there a
// view would come from the keys, not from a thread-local block; nor is there a promise that the keys stay what they are.
#if defined(__linux__) && !defined(__ANDROID__) && (defined(__x86_64__) || defined(__aarch64__)) && defined(__LP64__)

#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

// How the compiler asks the system for the address of a thread-local variable of another library. A program that is linked
// statically, down to the C library, may be without it: all its variables have a fixed distance from the thread's own pointer.
typedef struct {
  unsigned long module, offset;
} tls_index;
extern __attribute__((weak)) void *__tls_get_addr(tls_index *index);

static char *thread_pointer(void) {
  char *pointer;
#if defined(__x86_64__)
  __asm__("movq %%fs:0, %0" : "=r"(pointer));
#else
  __asm__("mrs %0, tpidr_el0" : "=r"(pointer));
#endif
  return pointer;
}

// A function of the runtime, in its interface.
extern __attribute__((swiftcall)) void *swift_task_getCurrent(void);

void *skein_task_locals_current_task(void) { return swift_task_getCurrent(); }

static char *block_here(size_t module, ptrdiff_t distance) {
  return __tls_get_addr ? __tls_get_addr(&(tls_index){module, 0}) : thread_pointer() + distance;
}

skein_task_locals_view skein_task_locals_view_here(skein_task_locals_layout layout) {
  char *block = block_here(layout.module, layout.distance);
  return (skein_task_locals_view){(void **)(block + layout.task), (void **)(block + layout.storage), layout.head};
}

// Looks if this library holds the runtime; ends the search if so.
static int look(struct dl_phdr_info *info, size_t size, void *result) {
  if (size < offsetof(struct dl_phdr_info, dlpi_tls_data) + sizeof info->dlpi_tls_data) return 0;
  uintptr_t function = (uintptr_t)&swift_task_getCurrent;
  size_t bytes = 0;
  bool holds = false;
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
    if (segment->p_type == PT_LOAD) holds |= function - (info->dlpi_addr + segment->p_vaddr) < segment->p_memsz;
    if (segment->p_type == PT_TLS) bytes = segment->p_memsz;
  }
  if (!holds) return 0;
  char *block = info->dlpi_tls_data;
  if (bytes == 0 || info->dlpi_tls_modid == 0 || !block || (uintptr_t)block % sizeof(void *) != 0) return 1;
  // The system says the same in two ways, or we do not know what it says.
  ptrdiff_t distance = (ptrdiff_t)((uintptr_t)block - (uintptr_t)thread_pointer());
  if (block == block_here(info->dlpi_tls_modid, distance))
    *(skein_task_locals_block *)result =
        (skein_task_locals_block){info->dlpi_tls_modid, distance, (void **)block, bytes / sizeof(void *)};
  return 1;
}

skein_task_locals_block skein_task_locals_block_here(void) {
  skein_task_locals_block block = {0};
  (void)swift_task_getCurrent();  // a thread's block may be made when it is first used
  dl_iterate_phdr(look, &block);
  return block;
}

bool skein_task_locals_is_memory(uintptr_t address, size_t size) {
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  uintptr_t first = address / page * page;
  if (address < page || address + size < address) return false;
  size_t pages = (address + size - first + page - 1) / page;
  unsigned char resident[4];
  return pages <= sizeof resident && mincore((void *)first, pages * page, resident) == 0;
}

#else

void *skein_task_locals_current_task(void) { return NULL; }
skein_task_locals_view skein_task_locals_view_here(skein_task_locals_layout layout) {
  (void)layout;
  return skein_task_locals_nowhere();
}
skein_task_locals_block skein_task_locals_block_here(void) { return (skein_task_locals_block){0}; }
bool skein_task_locals_is_memory(uintptr_t address, size_t size) {
  (void)address, (void)size;
  return false;
}

#endif
