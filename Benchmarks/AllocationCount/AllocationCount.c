#include "AllocationCount.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

#if defined(__GLIBC__)

#include <stdatomic.h>

static _Atomic uint64_t blocks;
static _Atomic uint64_t bytes;

// The order of the counts does not matter, only that none is lost. Two such additions cost a few nanoseconds, which are
// part of the measured time of each allocation.
static inline void count(size_t size) {
  atomic_fetch_add_explicit(&blocks, 1, memory_order_relaxed);
  atomic_fetch_add_explicit(&bytes, size, memory_order_relaxed);
}

bool allocation_count_is_available(void) { return true; }

uint64_t allocation_count_blocks(void) { return atomic_load_explicit(&blocks, memory_order_relaxed); }

uint64_t allocation_count_bytes(void) { return atomic_load_explicit(&bytes, memory_order_relaxed); }

// glibc lets a program replace malloc by defining it ("Replacing malloc" in its manual) and keeps its own under these
// names. The blocks remain glibc's own, so its free is not replaced.
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t number, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size) {
  count(size);
  return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
  count(number * size);
  return __libc_calloc(number, size);
}

void *realloc(void *block, size_t size) {
  count(size);
  return __libc_realloc(block, size);
}

void *memalign(size_t alignment, size_t size) {
  count(size);
  return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  count(size);
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
  if (alignment % sizeof(void *) != 0 || alignment == 0 || (alignment & (alignment - 1)) != 0) return EINVAL;
  count(size);
  void *block = __libc_memalign(alignment, size);
  if (block == NULL) return ENOMEM;
  *result = block;
  return 0;
}

#else

bool allocation_count_is_available(void) { return false; }

uint64_t allocation_count_blocks(void) { return 0; }

uint64_t allocation_count_bytes(void) { return 0; }

#endif
