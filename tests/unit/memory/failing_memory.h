/* An allocator that the tests can make fail. Linked into a test program it stands before the C library's, or a
 * sanitizer's, and so sees what every library allocates too. */
#ifndef FAILING_MEMORY_H
#define FAILING_MEMORY_H

#include <stdbool.h>

/* The N-th allocation from now on, counted from 1 over all threads, fails; all after it, too, if `on`. 0: none fails. */
void memory_fail(long at, bool on);
/* Ends that. The allocations there were since, and how many of them were not freed, those apart that the library set
 * aside made. Below 0 where more was freed: a sanitizer takes the memory of some of the C library's functions itself. */
struct memory_use {
    long allocations;
    long kept, kept_aside;
};
struct memory_use memory_end(void);
/* Sets a shared library aside, by a part of its file's name. */
void memory_set_aside(const char *library);

#endif
