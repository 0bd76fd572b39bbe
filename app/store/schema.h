/* What the tables are, and how a file comes to have them. Private to store/. */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include <store/db.h>

#define SCHEMA_APPLICATION_ID 0x49464c57 /* "IFLW", in the file's header */

/* The way from version k to k + 1: SQL texts up to a NULL. */
typedef const char *const *schema_step;

/* The steps of this program, from an empty file (version 0) on; their number is the version it works with. */
extern const schema_step schema_steps[];
extern const size_t schema_n_steps;

/* Brings the file to version `count`, each step in a transaction of its own. IFL_REFUSED: a foreign or newer file,
 * an empty one unless `create`, one to be migrated that is read-only. */
enum ifl_status schema_upgrade(struct store *store, const schema_step *steps, size_t count, bool create,
                               struct ifl_error *error);

#endif
