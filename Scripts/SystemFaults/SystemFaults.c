// Faults between a program and its system, for tests on real processes. Loaded with LD_PRELOAD, it takes the place of the
// calls below. Linux only. Scripts/system-faults builds it. Environment:
//
//   SYSTEM_FAULTS_UNDER=DIR       the calls that concern files in this folder, whose path is absolute, are affected
//   SYSTEM_FAULTS_FAIL=CALL:ERROR:K
//                                 the K-th call and all after it fail. CALL: open, write, sync, rename, allocate.
//                                 ERROR: EIO, ENOSPC, EMFILE
//   SYSTEM_FAULTS_LIE=K:JOURNAL   after the K-th sync (0: at once), each sync only claims to have happened, and each change is noted in
//                                 JOURNAL before it is made
//   SYSTEM_FAULTS_UNDO=JOURNAL    before the program begins, takes back what a journal notes: what a power failure would
//                                 have taken. Then removes the journal
//   SYSTEM_FAULTS_DELAY=SEED      sleeps at random before syncs, writes and the taking of locks, up to 2 ms
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum call { CALL_OPEN, CALL_WRITE, CALL_SYNC, CALL_RENAME, CALL_ALLOCATE, CALLS };
static const char *const call_names[CALLS] = {"open", "write", "sync", "rename", "allocate"};

static char folder[4096];
static int failing_call = -1, failing_error;
static long failing_from, lying_after = -1;
static char journal_path[4096];
static int journal = -1;
static uint64_t delay_seed;
static long counts[CALLS];
static long saved;
// Guards what is above, and keeps a change and its note together. Taken only by system calls on the folder.
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) \
  static __typeof__(name) *real; \
  if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

static int take(pthread_mutex_t *mutex) {
  REAL(pthread_mutex_lock);
  return real(mutex);
}

static void die(const char *what) {
  fprintf(stderr, "system-faults: %s: %s\n", what, strerror(errno));
  _exit(99);
}

// MARK: Delays

static void delay(void) {
  static __thread uint64_t state;
  if (!delay_seed) return;
  if (!state) state = delay_seed * 0x9E3779B97F4A7C15u + (uint64_t)syscall(SYS_gettid);
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  if (state % 64) return;
  struct timespec time = {0, (long)((state >> 8) % 2000000)};
  syscall(SYS_nanosleep, &time, NULL);
}

int pthread_mutex_lock(pthread_mutex_t *mutex) {
  delay();
  return take(mutex);
}

// MARK: The journal

enum change { CHANGE_BYTES = 1, CHANGE_CREATE, CHANGE_RENAME, CHANGE_REMOVE };

struct note {
  uint32_t change, path, other, unused;
  // The bytes that a write replaces, and the file's size before.
  uint64_t offset, count, size;
  // The number of the copy under which the file, or the target, is kept. 0: it did not exist.
  uint64_t copy;
};

static void copy_path(char *out, size_t room, uint64_t number) {
  snprintf(out, room, "%s.%llu", journal_path, (unsigned long long)number);
}

// Keeps another link of the file; 0 if there is no such file.
static uint64_t keep(const char *path) {
  char name[4200];
  copy_path(name, sizeof name, (uint64_t)++saved);
  syscall(SYS_unlinkat, AT_FDCWD, name, 0);
  if (syscall(SYS_linkat, AT_FDCWD, path, AT_FDCWD, name, 0) == 0) return (uint64_t)saved;
  if (errno != ENOENT) die("cannot keep a file; is the journal on the same file system?");
  return 0;
}

static void put(const void *bytes, size_t count) {
  const char *at = bytes;
  while (count) {
    long done = syscall(SYS_write, journal, at, count);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) die("cannot write the journal");
    at += done, count -= (size_t)done;
  }
}

static void note(struct note note, const char *path, const char *other, const void *bytes) {
  note.path = (uint32_t)strlen(path);
  note.other = other ? (uint32_t)strlen(other) : 0;
  size_t total = sizeof note + note.path + note.other + note.count;
  char *text = malloc(total), *at = text;
  if (!text) die("no memory");
  memcpy(at, &note, sizeof note), at += sizeof note;
  memcpy(at, path, note.path), at += note.path;
  if (other) memcpy(at, other, note.other), at += note.other;
  if (note.count) memcpy(at, bytes, note.count);
  put(text, total);
  free(text);
}

static void note_bytes(int descriptor, const char *path, off_t offset, size_t count) {
  struct stat status;
  if (fstat(descriptor, &status) != 0) die(path);
  uint64_t size = (uint64_t)status.st_size, from = (uint64_t)offset;
  uint64_t old = from >= size ? 0 : size - from < count ? size - from : count;
  char *bytes = old ? malloc(old) : NULL;
  if (old) {
    // The program's descriptor may be for writing only.
    int reader = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    if (reader < 0 || !bytes || syscall(SYS_pread64, reader, bytes, old, offset) != (long)old) die(path);
    syscall(SYS_close, reader);
  }
  note((struct note){.change = CHANGE_BYTES, .offset = from, .count = old, .size = size}, path, NULL, bytes);
  free(bytes);
}

static void undo_one(const struct note *note, const char *path, const char *other, const char *bytes) {
  char name[4200];
  copy_path(name, sizeof name, note->copy);
  struct stat status;
  switch (note->change) {
  case CHANGE_BYTES: {
    int file = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CLOEXEC, 0);
    if (file < 0) return;
    if (note->count && syscall(SYS_pwrite64, file, bytes, note->count, note->offset) != (long)note->count) die(path);
    if (syscall(SYS_ftruncate, file, note->size) != 0) die(path);
    syscall(SYS_close, file);
    return;
  }
  case CHANGE_RENAME:
    // If the first name is still there, the program was killed before the change.
    if (stat(path, &status) == 0) break;
    if (syscall(SYS_renameat, AT_FDCWD, other, AT_FDCWD, path) != 0) die(other);
    if (note->copy && syscall(SYS_renameat, AT_FDCWD, name, AT_FDCWD, other) != 0) die(other);
    return;
  case CHANGE_CREATE: syscall(SYS_unlinkat, AT_FDCWD, path, 0); /* fall through */
  case CHANGE_REMOVE:
    if (note->copy && stat(path, &status) != 0 && syscall(SYS_renameat, AT_FDCWD, name, AT_FDCWD, path) != 0) die(path);
    break;
  }
  if (note->copy) syscall(SYS_unlinkat, AT_FDCWD, name, 0);
}

static void undo(const char *path) {
  snprintf(journal_path, sizeof journal_path, "%s", path);
  FILE *file = fopen(path, "r");
  // A program that never began to lie has no journal.
  if (!file) return;
  fseek(file, 0, SEEK_END);
  size_t size = (size_t)ftell(file);
  rewind(file);
  char *text = malloc(size + 1);
  if (!text || fread(text, 1, size, file) != size) die(path);
  fclose(file);
  size_t *starts = calloc(size / sizeof(struct note) + 1, sizeof *starts), count = 0, at = 0;
  if (!starts) die("no memory");
  // Whatever follows the last whole note was not done.
  while (size - at >= sizeof(struct note)) {
    struct note note;
    memcpy(&note, text + at, sizeof note);
    size_t rest = (size_t)note.path + note.other + note.count;
    if (size - at - sizeof note < rest) break;
    starts[count++] = at;
    at += sizeof note + rest;
  }
  while (count--) {
    struct note note;
    char first[4096], second[4096];
    const char *body = text + starts[count] + sizeof note;
    memcpy(&note, text + starts[count], sizeof note);
    snprintf(first, sizeof first, "%.*s", (int)note.path, body);
    snprintf(second, sizeof second, "%.*s", (int)note.other, body + note.path);
    undo_one(&note, first, second, body + note.path + note.other);
  }
  free(starts), free(text);
  syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

// MARK: Set up

static void begin_to_lie(void) {
  journal = (int)syscall(SYS_openat, AT_FDCWD, journal_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (journal < 0) die(journal_path);
}

__attribute__((constructor)) static void begin(void) {
  const char *text;
  if ((text = getenv("SYSTEM_FAULTS_UNDO"))) undo(text);
  if ((text = getenv("SYSTEM_FAULTS_DELAY"))) delay_seed = strtoull(text, NULL, 10);
  if ((text = getenv("SYSTEM_FAULTS_UNDER"))) snprintf(folder, sizeof folder, "%s/", text);
  if ((text = getenv("SYSTEM_FAULTS_FAIL"))) {
    char call[16], error[16];
    if (sscanf(text, "%15[a-z]:%15[A-Z]:%ld", call, error, &failing_from) != 3) errno = EINVAL, die(text);
    for (int one = 0; one < CALLS; one++)
      if (!strcmp(call, call_names[one])) failing_call = one;
    failing_error = !strcmp(error, "EIO") ? EIO : !strcmp(error, "ENOSPC") ? ENOSPC : !strcmp(error, "EMFILE") ? EMFILE : 0;
    if (failing_call < 0 || !failing_error) errno = EINVAL, die(text);
  }
  if ((text = getenv("SYSTEM_FAULTS_LIE")) && sscanf(text, "%ld:%4000s", &lying_after, journal_path) != 2)
    errno = EINVAL, die(text);
  if (lying_after == 0) begin_to_lie();
}

// MARK: What a call does

static int is_affected(const char *path) {
  size_t count = strlen(folder);
  // The folder itself is affected, too: its sync makes names durable.
  return count && (!strncmp(path, folder, count) || (strlen(path) == count - 1 && !strncmp(path, folder, count - 1)));
}

static int descriptor_path(int descriptor, char *out) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  long count = syscall(SYS_readlinkat, AT_FDCWD, link, out, 4095);
  if (count < 0) return 0;
  out[count] = 0;
  return 1;
}

// The absolute path of a name; false if it cannot be found.
static int absolute(int base, const char *name, char *out) {
  if (name[0] == '/') return snprintf(out, 4096, "%s", name) < 4096;
  if (base == AT_FDCWD) {
    if (!getcwd(out, 4096)) return 0;
  } else if (!descriptor_path(base, out)) {
    return 0;
  }
  size_t count = strlen(out);
  return snprintf(out + count, 4096 - count, "/%s", name) < (int)(4096 - count);
}

// The error of this call, or 0. Called with the guard.
static int fault(enum call call) {
  long number = ++counts[call];
  return (int)call == failing_call && number >= failing_from ? failing_error : 0;
}

static int is_lying(void) { return journal >= 0; }

static int open_file(int base, const char *name, int flags, mode_t mode) {
  char path[4096];
  if (!folder[0] || !absolute(base, name, path) || !is_affected(path) || (flags & O_DIRECTORY))
    return (int)syscall(SYS_openat, base, name, flags, mode);
  take(&guard);
  int error = fault(CALL_OPEN), result = -1;
  if (!error) {
    if (is_lying() && (flags & (O_CREAT | O_TRUNC))) {
      struct stat status;
      int exists = stat(path, &status) == 0;
      if (!exists || (flags & O_TRUNC)) {
        note((struct note){.change = CHANGE_CREATE, .copy = exists ? keep(path) : 0}, path, NULL, NULL);
        if (exists) syscall(SYS_unlinkat, AT_FDCWD, path, 0), flags |= O_CREAT;
      }
    }
    result = (int)syscall(SYS_openat, base, name, flags, mode);
    error = errno;
  }
  pthread_mutex_unlock(&guard);
  if (result < 0) errno = error;
  return result;
}

#define OPEN_MODE(flags) \
  mode_t mode = 0; \
  if ((flags) & (O_CREAT | O_TMPFILE)) { \
    va_list list; \
    va_start(list, flags); \
    mode = va_arg(list, mode_t); \
    va_end(list); \
  }

int open(const char *name, int flags, ...) {
  OPEN_MODE(flags)
  return open_file(AT_FDCWD, name, flags, mode);
}
int open64(const char *name, int flags, ...) {
  OPEN_MODE(flags)
  return open_file(AT_FDCWD, name, flags, mode);
}
int openat(int base, const char *name, int flags, ...) {
  OPEN_MODE(flags)
  return open_file(base, name, flags, mode);
}
int openat64(int base, const char *name, int flags, ...) {
  OPEN_MODE(flags)
  return open_file(base, name, flags, mode);
}

// A change of a file's bytes: `offset` -1 is the current one. `size` >= 0 changes the size instead.
static long change(enum call call, int descriptor, const void *bytes, size_t count, off_t offset, off_t size) {
  char path[4096];
  int isAffected = folder[0] && descriptor_path(descriptor, path) && is_affected(path);
  if (isAffected) {
    delay();
    take(&guard);
    int error = fault(call);
    if (!error && is_lying()) {
      off_t from = offset >= 0 ? offset : lseek(descriptor, 0, SEEK_CUR);
      if (size < 0) note_bytes(descriptor, path, from, count);
      else {
        struct stat status;
        if (fstat(descriptor, &status) != 0) die(path);
        off_t lost = status.st_size > size ? status.st_size - size : 0;
        note_bytes(descriptor, path, size, (size_t)lost);
      }
    }
    if (error) {
      pthread_mutex_unlock(&guard);
      errno = error;
      return -1;
    }
  }
  long result = size >= 0 ? syscall(SYS_ftruncate, descriptor, size)
    : offset >= 0         ? syscall(SYS_pwrite64, descriptor, bytes, count, offset)
                          : syscall(SYS_write, descriptor, bytes, count);
  if (isAffected) {
    int error = errno;
    pthread_mutex_unlock(&guard);
    errno = error;
  }
  return result;
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
  return change(CALL_WRITE, descriptor, bytes, count, -1, -1);
}
ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
  return change(CALL_WRITE, descriptor, bytes, count, offset, -1);
}
ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off_t offset) {
  return change(CALL_WRITE, descriptor, bytes, count, offset, -1);
}
int ftruncate(int descriptor, off_t size) { return (int)change(CALL_ALLOCATE, descriptor, NULL, 0, 0, size); }
int ftruncate64(int descriptor, off_t size) { return (int)change(CALL_ALLOCATE, descriptor, NULL, 0, 0, size); }

int posix_fallocate(int descriptor, off_t offset, off_t count) {
  REAL(posix_fallocate);
  char path[4096];
  if (!folder[0] || !descriptor_path(descriptor, path) || !is_affected(path)) return real(descriptor, offset, count);
  take(&guard);
  int error = fault(CALL_ALLOCATE);
  if (!error) {
    if (is_lying()) note_bytes(descriptor, path, offset + count, 0);
    error = real(descriptor, offset, count);
  }
  pthread_mutex_unlock(&guard);
  return error;
}

static int sync_file(int descriptor, long number) {
  char path[4096];
  if (!folder[0] || !descriptor_path(descriptor, path) || !is_affected(path)) return (int)syscall(number, descriptor);
  delay();
  take(&guard);
  int error = fault(CALL_SYNC);
  int isTrue = !error && !is_lying();
  pthread_mutex_unlock(&guard);
  int result = error ? -1 : isTrue ? (int)syscall(number, descriptor) : 0;
  if (error) errno = error;
  if (result == 0 && isTrue && lying_after >= 0 && counts[CALL_SYNC] >= lying_after) {
    take(&guard);
    if (journal < 0) begin_to_lie();
    pthread_mutex_unlock(&guard);
  }
  return result;
}

int fsync(int descriptor) { return sync_file(descriptor, SYS_fsync); }
int fdatasync(int descriptor) { return sync_file(descriptor, SYS_fdatasync); }

int renameat(int base, const char *name, int target_base, const char *target) {
  char path[4096], other[4096];
  if (!folder[0] || !absolute(base, name, path) || !absolute(target_base, target, other) || !is_affected(path))
    return (int)syscall(SYS_renameat, base, name, target_base, target);
  take(&guard);
  int error = fault(CALL_RENAME), result = -1;
  if (!error) {
    if (is_lying()) note((struct note){.change = CHANGE_RENAME, .copy = keep(other)}, path, other, NULL);
    result = (int)syscall(SYS_renameat, base, name, target_base, target);
    error = errno;
  }
  pthread_mutex_unlock(&guard);
  if (result < 0) errno = error;
  return result;
}
int rename(const char *name, const char *target) { return renameat(AT_FDCWD, name, AT_FDCWD, target); }

int unlinkat(int base, const char *name, int flags) {
  char path[4096];
  if (!folder[0] || flags || !is_lying() || !absolute(base, name, path) || !is_affected(path))
    return (int)syscall(SYS_unlinkat, base, name, flags);
  take(&guard);
  uint64_t copy = keep(path);
  if (copy) note((struct note){.change = CHANGE_REMOVE, .copy = copy}, path, NULL, NULL);
  int result = (int)syscall(SYS_unlinkat, base, name, flags), error = errno;
  pthread_mutex_unlock(&guard);
  errno = error;
  return result;
}
int unlink(const char *name) { return unlinkat(AT_FDCWD, name, 0); }
