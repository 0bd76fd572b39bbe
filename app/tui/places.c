/* Where the user's own files are, by the XDG base directories. */
#ifndef _XOPEN_SOURCE
#define _XOPEN_SOURCE 700 /* realpath */
#endif

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <base/text.h>
#include <base/text_width.h>

#include "config.h"

static char *joined(const char *a, const char *b, const char *c)
{
    size_t size = strlen(a) + strlen(b) + strlen(c) + 1;
    char *text = ifl_alloc(size, 1);
    if (text != NULL)
        snprintf(text, size, "%s%s%s", a, b, c);
    return text;
}

/* As `joined`, of a new string that may be NULL. */
static char *joined_to(char *a, const char *b, const char *c)
{
    char *text = a != NULL ? joined(a, b, c) : NULL;
    free(a);
    return text;
}

static char *folder(const char *variable, const char *in_home)
{
    const char *base = getenv(variable), *home = getenv("HOME");
    if (base != NULL && base[0] == '/') /* a relative one is to be ignored, says the specification */
        return joined(base, "/infoflow", "");
    return home != NULL && home[0] == '/' ? joined(home, in_home, "/infoflow") : NULL;
}

char *config_folder(void)
{
    return folder("XDG_CONFIG_HOME", "/.config");
}

char *state_folder(void)
{
    return folder("XDG_STATE_HOME", "/.local/state");
}

char *config_path(void)
{
    return joined_to(config_folder(), "/config", "");
}

char *history_path(void)
{
    return joined_to(state_folder(), "/history", "");
}

char *path_expand(const char *path)
{
    const char *home = getenv("HOME");
    if (path[0] == '~' && (path[1] == '/' || path[1] == '\0') && home != NULL && home[0] == '/')
        return joined(home, path + 1, "");
    return joined(path, "", "");
}

/* ---- sessions ---- */

/* The real path; of what is not there, its folder's with the name behind it. */
static char *real_path(const char *path)
{
    char *real = realpath(path, NULL);
    if (real != NULL)
        return real;
    const char *slash = strrchr(path, '/');
    char *parent = slash == NULL ? joined(".", "", "") : joined(path, "", "");
    if (parent != NULL && slash != NULL)
        parent[slash == path ? 1 : slash - path] = '\0';
    real = parent != NULL ? realpath(parent, NULL) : NULL;
    free(parent);
    return real != NULL ? joined_to(real, "/", slash != NULL ? slash + 1 : path) : joined(path, "", "");
}

/* FNV-1a: a name, not a secret. */
static uint64_t hash(const char *text)
{
    uint64_t value = 0xCBF29CE484222325u;
    for (; *text != '\0'; text++)
        value = (value ^ (unsigned char)*text) * 0x100000001B3u;
    return value;
}

char *session_path(const char *database)
{
    char *real = real_path(database);
    if (real == NULL)
        return NULL;
    char name[40];
    snprintf(name, sizeof name, "/session-%016llx", (unsigned long long)hash(real));
    free(real);
    return joined_to(state_folder(), name, "");
}

/* ---- saved views ---- */

static bool is_view_name(const char *name)
{
    size_t length = strlen(name);
    if (length == 0 || length > VIEW_NAME || name[0] == '.' || name[0] == ' ' || name[length - 1] == ' ')
        return false;
    unsigned codepoint;
    for (int bytes; (bytes = text_decode(name, &codepoint)) != 0; name += bytes)
        if (bytes < 0 || codepoint == '/' || text_codepoint_width(codepoint) < 0)
            return false;
    return true;
}

enum ifl_status view_path(const char *name, char **out, struct ifl_error *error)
{
    if (!is_view_name(name))
        return ifl_fail(error, IFL_INVALID, "`%.80s` is no name for a view: 1 to %d bytes, no slash, no dot first",
                        name, VIEW_NAME);
    char *views = config_folder();
    if (views == NULL)
        return ifl_fail(error, IFL_FAILED, "no place for saved views: $HOME is needed");
    char *path = joined_to(views, "/views/", name);
    if (path == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "%s: out of memory", name);
    *out = path;
    return IFL_OK;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void view_names_read(struct view_names *out)
{
    enum { VIEWS_MOST = 1000 };
    *out = (struct view_names){NULL, 0};
    char *path = joined_to(config_folder(), "/views", "");
    DIR *views = path != NULL ? opendir(path) : NULL;
    free(path);
    if (views == NULL)
        return;
    out->items = ifl_alloc(VIEWS_MOST, sizeof *out->items);
    for (struct dirent *entry; out->items != NULL && out->count < VIEWS_MOST && (entry = readdir(views)) != NULL;) {
        char *name = is_view_name(entry->d_name) ? joined(entry->d_name, "", "") : NULL;
        if (name != NULL)
            out->items[out->count++] = name;
    }
    closedir(views);
    if (out->items != NULL)
        qsort(out->items, out->count, sizeof *out->items, by_name);
}

void view_names_release(struct view_names *names)
{
    for (size_t k = 0; k < names->count; k++)
        free(names->items[k]);
    free(names->items);
    *names = (struct view_names){NULL, 0};
}
