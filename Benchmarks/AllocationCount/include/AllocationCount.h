#ifndef ALLOCATION_COUNT_H
#define ALLOCATION_COUNT_H

#include <stdbool.h>
#include <stdint.h>

/// Counts what the whole process asks the allocator for, on all threads and in all libraries. Works with glibc, where a
/// program may bring its own malloc; elsewhere nothing is counted.

/// Whether this system's allocations are counted at all.
bool allocation_count_is_available(void);

/// Blocks that were allocated, or given another size, since the program started.
uint64_t allocation_count_blocks(void);

/// The bytes that were asked for with them.
uint64_t allocation_count_bytes(void);

#endif
