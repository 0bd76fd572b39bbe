/* Whether a file's schema is the one that this program makes. What else a schema may say (an expression in an index, a
 * constraint, a generated column) is evaluated by whoever reads the table, for as long as it likes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <store/rows.h>
#include <store/schema.h>

static const char *const doing = "cannot open";

/* A row of sqlite_schema; no SQL: an index that a constraint asks for. */
struct object {
    char *type, *name, *table, *sql;
    bool found; /* of the model's: in the file too */
};

/* The schema as it ought to be. */
struct model {
    struct object *objects;
    size_t count;
};

static const char list_objects[] = "SELECT type, name, tbl_name, sql FROM sqlite_schema";

static struct object object_read(struct query *query)
{
    struct object object = {0};
    object.type = db_get_text(query, 0);
    object.name = db_get_text(query, 1);
    object.table = db_get_text(query, 2);
    object.sql = db_get_text_or_null(query, 3);
    return object;
}

static void object_release(struct object *object)
{
    free(object->type);
    free(object->name);
    free(object->table);
    free(object->sql);
}

static void model_release(struct model *model)
{
    for (size_t k = 0; k < model->count; k++)
        object_release(&model->objects[k]);
    free(model->objects);
}

static enum ifl_status list_model(struct store *memory, struct model *model, struct ifl_error *error)
{
    struct query query = db_query(memory, doing, list_objects, error);
    while (db_row(&query)) {
        struct object *grown = rows_add(&query, model->objects, model->count, sizeof *grown);
        if (grown == NULL)
            break;
        model->objects = grown;
        grown[model->count++] = object_read(&query);
    }
    return db_done(&query);
}

/* SQLite itself says what comes of the steps. */
static enum ifl_status make_model(struct store *store, const schema_step *steps, size_t count, struct model *model,
                                  struct ifl_error *error)
{
    struct store *memory;
    enum ifl_status status = db_open_memory(&memory, store, error);
    if (status != IFL_OK)
        return status;
    for (size_t k = 0; k < count; k++)
        for (schema_step step = steps[k]; *step != NULL && status == IFL_OK; step++)
            status = db_script(memory, doing, *step, error);
    if (status == IFL_OK)
        status = list_model(memory, model, error);
    store_close(memory);
    return status;
}

/* Blanks aside, which this program's text had otherwise, or may have. */
static bool same_sql(const char *a, const char *b)
{
    static const char blanks[] = " \t\n";
    if (a == NULL || b == NULL)
        return a == b;
    for (;; a++, b++) {
        a += strspn(a, blanks);
        b += strspn(b, blanks);
        if (*a != *b || *a == '\0')
            return *a == *b;
    }
}

/* What ANALYZE keeps: SQLite's own, and nobody's data. */
static bool is_statistics(const struct object *object)
{
    return object->sql != NULL &&
           (strcmp(object->sql, "CREATE TABLE sqlite_stat1(tbl,idx,stat)") == 0 ||
            strcmp(object->sql, "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)") == 0);
}

static enum ifl_status check_object(const struct store *store, struct model *model, const struct object *object,
                                    struct ifl_error *error)
{
    for (size_t k = 0; k < model->count; k++) {
        struct object *ours = &model->objects[k];
        if (strcmp(ours->name, object->name) != 0)
            continue;
        ours->found = strcmp(ours->type, object->type) == 0 && strcmp(ours->table, object->table) == 0 &&
                      same_sql(ours->sql, object->sql);
        if (!ours->found)
            return ifl_fail(error, IFL_REFUSED, "%s: %s `%s`: damaged database (infoflow made it otherwise)",
                            store->path, ours->type, ours->name);
        return IFL_OK;
    }
    if (is_statistics(object))
        return IFL_OK;
    return ifl_fail(error, IFL_REFUSED, "%s: %.20s `%.100s`: infoflow did not make it", store->path, object->type,
                    object->name);
}

static enum ifl_status check_objects(struct store *store, struct model *model, struct ifl_error *error)
{
    struct query query = db_query(store, doing, list_objects, error);
    while (db_row(&query)) {
        struct object object = object_read(&query);
        if (query.status == IFL_OK)
            query.status = check_object(store, model, &object, error);
        object_release(&object);
    }
    enum ifl_status status = db_done(&query);
    for (size_t k = 0; k < model->count && status == IFL_OK; k++)
        if (!model->objects[k].found)
            status = ifl_fail(error, IFL_REFUSED, "%s: %s `%s`: damaged database (it is missing)", store->path,
                              model->objects[k].type, model->objects[k].name);
    return status;
}

enum ifl_status schema_check(struct store *store, const schema_step *steps, size_t count, struct ifl_error *error)
{
    struct model model = {0};
    enum ifl_status status = make_model(store, steps, count, &model, error);
    if (status == IFL_OK)
        status = check_objects(store, &model, error);
    model_release(&model);
    return status;
}
