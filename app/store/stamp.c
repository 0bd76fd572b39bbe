#include <store/stamp.h>

enum ifl_status stamp_tick(struct store *store, const char *doing, struct ifl_error *error)
{
    struct query query = db_query(store, doing, "UPDATE changes SET count = count + 1", error);
    return db_run(&query);
}

enum ifl_status store_stamp(struct store *store, uint64_t *stamp, struct ifl_error *error)
{
    struct query query = db_query(store, "cannot look for changes", "SELECT count FROM changes", error);
    uint64_t count = db_row(&query) ? (uint64_t)db_get_int(&query, 0) : 0;
    enum ifl_status status = db_done(&query);
    if (status == IFL_OK)
        *stamp = count;
    return status;
}
