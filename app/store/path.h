/* Paths of database files. Private to store/. */
#ifndef STORE_PATH_H
#define STORE_PATH_H

#include <infoflow/status.h>

/* Makes the folders that `path` is in, as far as they are missing. */
enum ifl_status path_make_folders(const char *path, struct ifl_error *error);

/* The pieces one after the other as a new string (free()), or NULL without memory. */
char *path_join(const char *a, const char *b);

#endif
