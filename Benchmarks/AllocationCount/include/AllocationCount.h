#ifndef ALLOCATION_COUNT_H
#define ALLOCATION_COUNT_H

#include <stdbool.h>
#include <stdint.h>

/// Counts what the whole process requests from the allocator, on all threads and in all libraries. Works with glibc,
/// where a program may provide its own malloc; elsewhere nothing is counted.

/// Whether allocations are counted on this system.
bool allocation_count_is_available(void);

/// The number of blocks allocated or resized since the program started.
uint64_t allocation_count_blocks(void);

/// The number of bytes requested for those blocks.
uint64_t allocation_count_bytes(void);

#endif
