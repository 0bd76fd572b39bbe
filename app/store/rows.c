#include <stdlib.h>
#include <string.h>

#include <store/rows.h>

const char *const field_type_names[FIELD_TYPES] = {"null", "bool", "number", "text", "json"};
const char *const role_names[ROLES] = {"X", "Y", "T", "delta"};

void *rows_grow(void *items, size_t count, size_t size)
{
    char *grown = items;
    if ((count & (count - 1)) == 0) { /* 0 or a power of two: full */
        size_t bytes;
        if (count > SIZE_MAX / 2 || !ifl_size_mul(count == 0 ? 1 : 2 * count, size, &bytes))
            return NULL;
        grown = realloc(items, bytes);
        if (grown == NULL)
            return NULL;
    }
    memset(grown + count * size, 0, size);
    return grown;
}

void *rows_add(struct query *query, void *items, size_t count, size_t size)
{
    void *grown = rows_grow(items, count, size);
    if (grown == NULL)
        db_no_memory(query);
    return grown;
}

void rows_metric(struct query *query, int column, struct metric **metrics, size_t *count)
{
    struct metric *grown = rows_add(query, *metrics, *count, sizeof *grown);
    if (grown == NULL)
        return;
    *metrics = grown;
    struct metric *metric = &grown[(*count)++];
    metric->name = db_get_bounded(query, column, STORE_MAX_NAME);
    metric->value = db_get_real(query, column + 1);
}

enum ifl_status rows_next_run(struct store *store, const char *doing, enum store_among among, int64_t *id,
                              struct ifl_error *error)
{
    struct query query = db_query(store, doing,
                                  "SELECT id FROM runs WHERE id > ? AND (deleted IS NOT NULL) BETWEEN ? AND ?"
                                  " ORDER BY id LIMIT 1",
                                  error);
    db_int(&query, *id);
    db_int(&query, among == STORE_DELETED);
    db_int(&query, among != STORE_ALIVE);
    int64_t found = db_row(&query) ? db_get_int(&query, 0) : 0;
    if (found != 0 && found <= *id) /* a damaged tree has an order of its own, and might lead round for ever */
        db_damaged(&query, 0);
    enum ifl_status status = db_done(&query);
    if (status == IFL_OK)
        *id = found;
    return status;
}

int rows_name(struct query *query, int column, const char *const *names, int count)
{
    char *text = db_get_text(query, column);
    int k = 0;
    while (text != NULL && k < count && strcmp(text, names[k]) != 0)
        k++;
    free(text);
    if (k < count)
        return k;
    db_damaged(query, column);
    return 0;
}
