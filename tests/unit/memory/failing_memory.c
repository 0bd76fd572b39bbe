#define _GNU_SOURCE /* RTLD_NEXT */
#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "failing_memory.h"

static struct {
    void *(*malloc)(size_t size);
    void *(*calloc)(size_t count, size_t size);
    void *(*realloc)(void *block, size_t size);
    void (*free)(void *block);
} next;

static long fail_at;
static bool fail_on;
static atomic_bool watched;
static atomic_long allocations, kept;
static uintptr_t aside_from, aside_to; /* its code */

/* What dlsym itself allocates comes from here, and is never given back. */
static _Alignas(max_align_t) char early[4096];
static size_t early_used;
static bool finding;

static void *take_early(size_t size)
{
    void *block = early + early_used;
    early_used += (size + 15) / 16 * 16;
    return early_used <= sizeof early ? block : NULL;
}

static bool is_early(const void *block)
{
    return (const char *)block >= early && (const char *)block < early + sizeof early;
}

static void find_next(void)
{
    finding = true;
    *(void **)&next.malloc = dlsym(RTLD_NEXT, "malloc");
    *(void **)&next.calloc = dlsym(RTLD_NEXT, "calloc");
    *(void **)&next.realloc = dlsym(RTLD_NEXT, "realloc");
    *(void **)&next.free = dlsym(RTLD_NEXT, "free");
    finding = false;
}

static bool fails(void)
{
    if (next.free == NULL)
        find_next();
    if (!atomic_load(&watched))
        return false;
    long now = atomic_fetch_add(&allocations, 1) + 1;
    bool failing = fail_at != 0 && (fail_on ? now >= fail_at : now == fail_at);
    if (failing)
        errno = ENOMEM;
    return failing;
}

/* The blocks of the library set aside, for one thread: that it freed them does not show where its call is its last. */
static void *aside[1024];
static size_t n_aside;

static void note_new(const void *caller, void *block)
{
    if (block == NULL || !atomic_load(&watched))
        return;
    if ((uintptr_t)caller >= aside_from && (uintptr_t)caller < aside_to && n_aside < sizeof aside / sizeof *aside)
        aside[n_aside++] = block;
    else
        atomic_fetch_add(&kept, 1);
}

static void note_freed(const void *block)
{
    size_t k = 0;
    if (!atomic_load(&watched))
        return;
    while (k < n_aside && aside[k] != block)
        k++;
    if (k < n_aside)
        aside[k] = aside[--n_aside];
    else
        atomic_fetch_sub(&kept, 1);
}

#define CALLER __builtin_return_address(0)

void *malloc(size_t size)
{
    if (finding)
        return take_early(size);
    void *block = fails() ? NULL : next.malloc(size);
    note_new(CALLER, block);
    return block;
}

void *calloc(size_t items, size_t size)
{
    if (finding)
        return take_early(items * size);
    void *block = fails() ? NULL : next.calloc(items, size);
    note_new(CALLER, block);
    return block;
}

void *realloc(void *block, size_t size)
{
    if (fails())
        return NULL;
    void *grown = next.realloc(block, size);
    if (grown != NULL && block != NULL)
        note_freed(block);
    note_new(CALLER, grown);
    return grown;
}

void free(void *block)
{
    if (block == NULL || is_early(block))
        return;
    note_freed(block);
    next.free(block);
}

/* A sanitizer's own would take memory behind our back. */
char *strndup(const char *text, size_t most)
{
    size_t length = strnlen(text, most);
    char *copy = malloc(length + 1);
    if (copy == NULL)
        return NULL;
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

char *strdup(const char *text)
{
    return strndup(text, strlen(text));
}

void memory_fail(long at, bool on)
{
    fail_at = at;
    fail_on = on;
    atomic_store(&allocations, 0);
    atomic_store(&kept, 0);
    n_aside = 0;
    atomic_store(&watched, true);
}

struct memory_use memory_end(void)
{
    atomic_store(&watched, false);
    return (struct memory_use){atomic_load(&allocations), atomic_load(&kept), (long)n_aside};
}

static int find_library(struct dl_phdr_info *library, size_t size, void *name)
{
    (void)size;
    if (strstr(library->dlpi_name, name) == NULL)
        return 0;
    for (int k = 0; k < library->dlpi_phnum; k++)
        if (library->dlpi_phdr[k].p_type == PT_LOAD && (library->dlpi_phdr[k].p_flags & PF_X) != 0) {
            aside_from = library->dlpi_addr + library->dlpi_phdr[k].p_vaddr;
            aside_to = aside_from + library->dlpi_phdr[k].p_memsz;
        }
    return 1;
}

void memory_set_aside(const char *library)
{
    char name[64];
    strncpy(name, library, sizeof name - 1);
    name[sizeof name - 1] = '\0';
    dl_iterate_phdr(find_library, name);
}
