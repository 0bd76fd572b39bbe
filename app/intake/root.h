/* The folder that is followed: itself a run, or the folders in it. Private to intake/. */
#ifndef INTAKE_ROOT_H
#define INTAKE_ROOT_H

#include <intake/followed.h>
#include <intake/notify.h>

struct root {
    char *path;
    int watch;  /* -1: none */
    bool dirty; /* to be listed again */
    bool there, told;
    uint64_t said;             /* text_hash of what was last said of it */
    struct followed **folders; /* by path */
    size_t n_folders;
};

enum ifl_status root_init(struct root *out, const char *path, struct ifl_error *error);
void root_release(struct root *root);

/* Brings the folders up to what is there, keeping what is known of those that stay. That the root is not there, or
 * there again, is told. *full as notify_watch's. */
enum ifl_status root_list(struct root *root, struct notify *notify, const struct following *following, bool *full,
                          struct ifl_error *error);

/* Marks what a notification is of as dirty. */
void root_notified(struct root *root, const struct notified *notified);

#endif
