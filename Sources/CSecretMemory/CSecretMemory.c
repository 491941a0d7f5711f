// What keeps secrets out of memory that others get to see, and that Swift cannot say: functions for libcrypto, which must be
// in place before its first allocation, a counter for each thread, and prctl, which has a variable number of arguments.
#define _GNU_SOURCE
#include "CSecretMemory.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#ifdef __linux__
#include <malloc.h>
#include <sys/prctl.h>
static size_t size_of(void *block) { return malloc_usable_size(block); }
#else
#include <malloc/malloc.h>
static size_t size_of(void *block) { return malloc_size(block); }
#endif

static _Thread_local unsigned depth;
static bool wipes;

void roadbed_secret_begin(void) { depth++; }
void roadbed_secret_end(void) { depth--; }
bool roadbed_secret_wipes(void) { return wipes; }

static void *allocate(size_t count, const char *file, int line) {
  (void)file, (void)line;
  return count ? malloc(count) : NULL;
}

static void release(void *block, const char *file, int line) {
  (void)file, (void)line;
  if (block && depth) OPENSSL_cleanse(block, size_of(block));
  free(block);
}

static void *reallocate(void *block, size_t count, const char *file, int line) {
  if (!block) return allocate(count, file, line);
  if (!count) {
    release(block, file, line);
    return NULL;
  }
  if (!depth) return realloc(block, count);
  // realloc would leave a copy behind.
  void *next = malloc(count);
  if (!next) return NULL;
  size_t old = size_of(block);
  memcpy(next, block, old < count ? old : count);
  release(block, file, line);
  return next;
}

__attribute__((constructor)) static void take_over(void) {
  wipes = CRYPTO_set_mem_functions(allocate, reallocate, release) == 1;
}

void roadbed_forbid_core_dumps(void) {
  struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
#ifdef __linux__
  // The limit does not hold where the system hands core dumps to a program; this does. Children inherit both.
  int filter = open("/proc/self/coredump_filter", O_WRONLY | O_CLOEXEC);
  if (filter < 0) return;
  if (write(filter, "0", 1) != 1) { /* There is nothing else to try. */
  }
  close(filter);
#endif
}

void roadbed_forbid_inspection(void) {
#ifdef __linux__
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}
