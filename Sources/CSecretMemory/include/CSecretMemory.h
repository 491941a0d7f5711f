#ifndef ROADBED_CSECRETMEMORY_H
#define ROADBED_CSECRETMEMORY_H

#include <stdbool.h>

// Between these two calls, memory that libcrypto frees on this thread is wiped first. They nest.
void roadbed_secret_begin(void);
void roadbed_secret_end(void);

// Whether libcrypto took the functions that wipe. It does not if something in the process used it before main.
bool roadbed_secret_wipes(void);

// No memory of this process goes into a core dump, also not into one that the system hands to a program.
void roadbed_forbid_core_dumps(void);

// No other process of the same user may look into this one.
void roadbed_forbid_inspection(void);

#endif
