/* What the tables are, and how a file comes to have them. Private to store/. */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include <store/db.h>

#define SCHEMA_APPLICATION_ID 0x49464c57 /* "IFLW", in the file's header */

#define SCHEMA_PART_ID 0x49464c50 /* "IFLP", in that of a part, whose version is the database's */

/* The way from version k to k + 1: SQL texts up to a NULL. */
typedef const char *const *schema_step;

/* The steps of this program, from an empty file (version 0) on; their number is the version it works with. */
extern const schema_step schema_steps[];
extern const size_t schema_n_steps;

/* The tables of a part. */
extern const char *const schema_part[];

/* What the file says it is. */
struct schema_header {
    int64_t application;
    int64_t version;
    bool blank; /* no table, no marks: a file of 0 bytes, or a database nobody has used */
    bool empty; /* of 0 bytes: what is left where the process that was making it was killed */
};
enum ifl_status schema_read_header(struct store *store, struct schema_header *out, struct ifl_error *error);

/* One step with the marks that say it is done, in the caller's transaction. */
enum ifl_status schema_take_step(struct store *store, schema_step step, int application, size_t version,
                                 struct ifl_error *error);

/* Whether the tables and indices are those that the steps make, and no others. IFL_REFUSED names the first that is not.
 * In the caller's transaction. */
enum ifl_status schema_check(struct store *store, const schema_step *steps, size_t count, struct ifl_error *error);

/* Brings the file to version `count`, in one transaction. IFL_REFUSED: a foreign or newer file, one with a schema that
 * is not that of its version, a blank one unless `create` or of 0 bytes. IFL_FAILED: an older one that is read-only. */
enum ifl_status schema_upgrade(struct store *store, const schema_step *steps, size_t count, bool create,
                               struct ifl_error *error);

#endif
