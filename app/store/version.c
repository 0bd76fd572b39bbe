#include <store/db.h>

enum ifl_status store_version(struct store *store, int64_t *version, struct ifl_error *error)
{
    struct query query = db_query(store, "cannot look for changes", "PRAGMA data_version", error);
    int64_t found = db_row(&query) ? db_get_int(&query, 0) : 0;
    enum ifl_status status = db_done(&query);
    if (status == IFL_OK)
        *version = found;
    return status;
}
