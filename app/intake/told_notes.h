/* Which notes of a reader were passed on: each is wanted once in a run, not once in each of its thousands of files.
 * Private to intake/. */
#ifndef INTAKE_TOLD_NOTES_H
#define INTAKE_TOLD_NOTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOLD_NOTES_MOST 32

struct told_notes {
    uint64_t hashes[TOLD_NOTES_MOST]; /* text_hash of each, without the path it begins with */
    size_t count;
};

/* Whether `text`, said while `path` was read, is a new one and there is room; then it is one that was passed on. */
bool told_notes_add(struct told_notes *told, const char *text, const char *path);

#endif
