/* Rows into arrays that grow. Private to store/. */
#ifndef STORE_ROWS_H
#define STORE_ROWS_H

#include <store/db.h>

/* `items`, perhaps moved, with a zeroed place for one more after its `count`; NULL without memory (`items` is then as
 * it was). The room doubles, so `items` must have grown by these functions alone, an item at a time. */
void *rows_grow(void *items, size_t count, size_t size);
/* The same; a lack of memory sticks in the query. */
void *rows_add(struct query *query, void *items, size_t count, size_t size);

/* Appends the metric whose name and value are the row's columns `column` and `column + 1`. */
void rows_metric(struct query *query, int column, struct metric **metrics, size_t *count);

/* The next run in order of their ids; *id = 0 where there is none. Begun with 0. IFL_REFUSED, *id untouched, where a damaged
 * table leads back. */
enum ifl_status rows_next_run(struct store *store, const char *doing, enum store_among among, int64_t *id,
                              struct ifl_error *error);

/* The texts of an enum in the file. Finding one in a column: the index, anything else is damage. */
#define FIELD_TYPES (FIELD_JSON + 1)
#define ROLES       (IFL_OF_DELTA + 1)
extern const char *const field_type_names[FIELD_TYPES];
extern const char *const role_names[ROLES]; /* of enum ifl_of */
int rows_name(struct query *query, int column, const char *const *names, int count);

#endif
