#define _XOPEN_SOURCE 700

#include <criterion/criterion.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "places.h"

static char home[64];

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
    (void)info, (void)kind, (void)walk;
    return remove(path);
}

static void remove_home(void)
{
    nftw(home, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *places_home(void)
{
    if (home[0] != '\0')
        return home;
    strcpy(home, "/tmp/infoflow-home-XXXXXX");
    cr_assert_not_null(mkdtemp(home));
    atexit(remove_home);
    setenv("HOME", home, 1);
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("XDG_STATE_HOME");
    return home;
}

const char *places_in_home(const char *name)
{
    static char paths[4][256];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", home, name);
    return path;
}

void places_write(const char *path, const void *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");
    cr_assert_not_null(file, "%s", path);
    cr_assert_eq(fwrite(bytes, 1, length, file), length);
    fclose(file);
}

char *places_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    cr_assert_not_null(file, "%s", path);
    char *text = calloc(1 << 20, 1);
    cr_assert_lt(fread(text, 1, 1 << 20, file), (size_t)1 << 20);
    fclose(file);
    return text;
}
