/* File operations that the tests can make fail, as on a disk that is going. Linked into a test program they stand
 * before the C library's, for libzip too. */
#ifndef FAILING_READS_H
#define FAILING_READS_H

#include <stdbool.h>

/* The N-th stat, open, seek or read from now on, counted from 1, fails with EIO; all after it, too, if `on`. 0: none.
 */
void reads_fail(long at, bool on);
/* Ends that: how many there were. */
long reads_end(void);

#endif
