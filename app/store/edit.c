/* Runs changed after the fact: into the bin and out of it, names, tags, notes. */
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <time.h>

#include <base/text.h>
#include <store/rows.h>
#include <store/stamp.h>

/* One change of one run. */
struct edit {
    struct store *store;
    const char *doing;
    int64_t run;
    const char *key, *text; /* of a tag; a name and a note are text */
    struct ifl_error *error;
};

static enum ifl_status check_run(const struct edit *edit)
{
    struct query query = db_query(edit->store, edit->doing, "SELECT 1 FROM runs WHERE id = ?", edit->error);
    db_int(&query, edit->run);
    bool found = db_row(&query);
    enum ifl_status status = db_done(&query);
    if (status == IFL_OK && !found)
        status = ifl_fail(edit->error, IFL_NOT_FOUND, "%s: no run with id %" PRId64, edit->store->path, edit->run);
    return status;
}

/* Makes the change in a transaction of its own. */
static enum ifl_status make(const struct edit *edit, enum ifl_status (*change)(const struct edit *edit))
{
    enum ifl_status status = db_begin_write(edit->store, edit->doing, edit->error);
    if (status != IFL_OK)
        return status;
    status = check_run(edit);
    if (status == IFL_OK)
        status = change(edit);
    if (status == IFL_OK)
        status = stamp_tick(edit->store, edit->doing, edit->error);
    return db_end(edit->store, edit->doing, status, edit->error);
}

static enum ifl_status check_length(const struct edit *edit, const char *what, const char *text, size_t least,
                                    size_t most)
{
    size_t length = strlen(text);
    if (length < least)
        return ifl_fail(edit->error, IFL_INVALID, "%s: %s: the %s is empty", edit->store->path, edit->doing, what);
    if (length > most)
        return ifl_fail(edit->error, IFL_INVALID, "%s: %s: the %s is longer than %zu bytes", edit->store->path,
                        edit->doing, what, most);
    return IFL_OK;
}

/* ---- the bin ---- */

static enum ifl_status put_in_bin(const struct edit *edit)
{
    struct query query =
        db_query(edit->store, edit->doing, "UPDATE runs SET deleted = ? WHERE id = ? AND deleted IS NULL", edit->error);
    db_int(&query, (int64_t)time(NULL));
    db_int(&query, edit->run);
    return db_run(&query);
}

enum ifl_status store_delete_run(struct store *store, int64_t id, struct ifl_error *error)
{
    struct edit edit = {.store = store, .doing = "cannot delete the run", .run = id, .error = error};
    return make(&edit, put_in_bin);
}

static enum ifl_status take_from_bin(const struct edit *edit)
{
    struct query query = db_query(edit->store, edit->doing, "UPDATE runs SET deleted = NULL WHERE id = ?", edit->error);
    db_int(&query, edit->run);
    return db_run(&query);
}

enum ifl_status store_restore_run(struct store *store, int64_t id, struct ifl_error *error)
{
    struct edit edit = {.store = store, .doing = "cannot restore the run", .run = id, .error = error};
    return make(&edit, take_from_bin);
}

static enum ifl_status purge(const struct edit *edit)
{
    struct query query = db_query(edit->store, edit->doing, "DELETE FROM runs WHERE id = ?", edit->error);
    db_int(&query, edit->run);
    return db_run(&query);
}

enum ifl_status store_purge_run(struct store *store, int64_t id, struct ifl_error *error)
{
    struct edit edit = {.store = store, .doing = "cannot delete the run", .run = id, .error = error};
    return make(&edit, purge);
}

/* ---- name ---- */

static enum ifl_status check_free(const struct edit *edit)
{
    struct query query = db_query(edit->store, edit->doing,
                                  "SELECT deleted IS NOT NULL FROM runs WHERE name = ? AND id <> ?", edit->error);
    db_text(&query, edit->text);
    db_int(&query, edit->run);
    bool taken = db_row(&query), deleted = taken && db_get_int(&query, 0) != 0;
    enum ifl_status status = db_done(&query);
    if (status == IFL_OK && taken)
        status = ifl_fail(edit->error, IFL_REFUSED, "%s: %s: %s: the name of another run%s", edit->store->path,
                          edit->doing, edit->text, deleted ? ", a deleted one" : "");
    return status;
}

static enum ifl_status rename_run(const struct edit *edit)
{
    enum ifl_status status = check_free(edit);
    if (status != IFL_OK)
        return status;
    struct query query = db_query(edit->store, edit->doing, "UPDATE runs SET name = ? WHERE id = ?", edit->error);
    db_text(&query, edit->text);
    db_int(&query, edit->run);
    return db_run(&query);
}

enum ifl_status store_rename_run(struct store *store, int64_t id, const char *name, struct ifl_error *error)
{
    struct edit edit = {.store = store, .doing = "cannot rename the run", .run = id, .text = name, .error = error};
    enum ifl_status status = check_length(&edit, "name", name, 1, STORE_MAX_NAME);
    return status == IFL_OK ? make(&edit, rename_run) : status;
}

/* ---- tags ---- */

static enum ifl_status remove_tag(const struct edit *edit)
{
    struct query query = db_query(edit->store, edit->doing, "DELETE FROM tags WHERE run = ? AND key = ?", edit->error);
    db_int(&query, edit->run);
    db_text(&query, edit->key);
    return db_run(&query);
}

static enum ifl_status write_tag(const struct edit *edit, const char *sql, bool adds)
{
    double number;
    bool is_number = text_number(edit->text, &number) && isfinite(number);
    struct query query = db_query(edit->store, edit->doing, sql, edit->error);
    db_int(&query, edit->run);
    db_text(&query, edit->key);
    db_text(&query, field_type_names[is_number ? FIELD_NUMBER : FIELD_TEXT]);
    db_text(&query, edit->text);
    db_real(&query, is_number ? number : NAN);
    if (adds)
        db_int(&query, (int64_t)STORE_MAX_FIELDS);
    return db_run(&query);
}

static enum ifl_status set_tag(const struct edit *edit)
{
    static const char update[] = "UPDATE tags SET type = ?3, text = ?4, number = ?5 WHERE run = ?1 AND key = ?2";
    static const char insert[] = "INSERT INTO tags(run, key, type, text, number, position) SELECT ?1, ?2, ?3, ?4, ?5,"
                                 " coalesce(max(position) + 1, 0) FROM tags WHERE run = ?1"
                                 " HAVING count(*) < ?6";
    enum ifl_status status = write_tag(edit, update, false);
    if (status == IFL_OK && db_changes(edit->store) == 0) {
        status = write_tag(edit, insert, true);
        if (status == IFL_OK && db_changes(edit->store) == 0)
            status = ifl_fail(edit->error, IFL_REFUSED, "%s: %s: it has %zu tags", edit->store->path, edit->doing,
                              STORE_MAX_FIELDS);
    }
    return status;
}

enum ifl_status store_set_tag(struct store *store, int64_t id, const char *key, const char *value,
                              struct ifl_error *error)
{
    struct edit edit = {
        .store = store, .doing = "cannot tag the run", .run = id, .key = key, .text = value, .error = error};
    enum ifl_status status = check_length(&edit, "key", key, 1, STORE_MAX_NAME);
    if (status == IFL_OK && value != NULL)
        status = check_length(&edit, "value", value, 0, STORE_MAX_TAG);
    return status == IFL_OK ? make(&edit, value == NULL ? remove_tag : set_tag) : status;
}

/* ---- note ---- */

static enum ifl_status set_note(const struct edit *edit)
{
    struct query query = db_query(edit->store, edit->doing, "UPDATE runs SET note = ? WHERE id = ?", edit->error);
    db_text(&query, edit->text);
    db_int(&query, edit->run);
    return db_run(&query);
}

enum ifl_status store_set_note(struct store *store, int64_t id, const char *note, struct ifl_error *error)
{
    struct edit edit = {.store = store, .doing = "cannot annotate the run", .run = id, .text = note, .error = error};
    enum ifl_status status = check_length(&edit, "note", note, 0, STORE_MAX_NOTE);
    return status == IFL_OK ? make(&edit, set_note) : status;
}
