/* A run database of any bytes: opened, listed, estimated from, verified, written to, merged into another. */
#include <math.h>
#include <string.h>

#include <engine/engine.h>

#include "database.h"

/* What cannot be read is refused; a file that SQLite cannot write may also be found so late that it failed. */
static void require_known(enum ifl_status status, const struct ifl_error *error)
{
    if (status != IFL_OK)
        REQUIRE(error->status == status && status != IFL_CANCELED && error->message[0] != '\0' &&
                memchr(error->message, '\0', sizeof error->message) != NULL);
}

/* ---- reading ---- */

static void load_arrays(struct store *store, const struct store_snapshot *snapshot)
{
    struct ifl_error error;
    if (snapshot->n > 64)
        return;
    float *numbers = malloc((ifl_pair_count(snapshot->n) + 1) * sizeof *numbers);
    REQUIRE(numbers != NULL);
    for (int of = IFL_OF_X; of <= IFL_OF_DELTA; of++)
        for (int32_t layer = -1; layer < 3; layer++)
            for (int32_t map = IFL_ALL_MAPS; map < 3; map++) {
                enum ifl_status status =
                    store_load_distances(store, snapshot, (enum ifl_of)of, layer, map, numbers, &error);
                require_known(status, &error);
                for (size_t k = 0; status == IFL_OK && k < ifl_pair_count(snapshot->n); k++)
                    REQUIRE(isfinite(numbers[k]));
            }
    free(numbers);
}

static bool visit(void *context, const struct ifl_subset *subset, const double *eigenvalues)
{
    size_t n = *(const size_t *)context;
    REQUIRE(subset->of <= IFL_OF_DELTA && subset->with <= IFL_WITH_LAST_DELTA && subset->layer >= 0);
    for (size_t k = 0; k < n; k++)
        REQUIRE(isfinite(eigenvalues[k]));
    return true;
}

static void estimate(struct store *store, const struct store_snapshot *snapshots, size_t count)
{
    struct estimate_options options = {.params = ifl_params_default(), .wanted = IFL_ALL_QUANTITIES};
    struct estimates estimates;
    struct ifl_error error;
    options.params.pairs = 8;
    enum ifl_status status = engine_estimate(store, NULL, snapshots, count, &options, &estimates, &error);
    require_known(status, &error);
    if (status != IFL_OK)
        return;
    for (size_t k = 0; k < estimates.count; k++)
        for (size_t r = 0; r < estimates.snapshots[k].count; r++)
            REQUIRE(!isinf(estimates.snapshots[k].records[r].value));
    estimates_release(&estimates);
}

static void read_run(struct store *store, int64_t run)
{
    struct store_snapshot *snapshots = NULL;
    struct ifl_params params = ifl_params_default();
    struct ifl_error error;
    size_t count = 0;
    enum ifl_status status = store_list_snapshots(store, run, &snapshots, &count, &error);
    require_known(status, &error);
    if (status != IFL_OK) {
        REQUIRE(snapshots == NULL && count == 0);
        return;
    }
    for (size_t k = 0; k < count && k < 3; k++) {
        REQUIRE(snapshots[k].n >= 2 && snapshots[k].run == run);
        load_arrays(store, &snapshots[k]);
        status = store_visit_spectra(store, snapshots[k].id, &params, snapshots[k].n, visit, &snapshots[k].n, &error);
        require_known(status, &error);
    }
    estimate(store, snapshots, count < 3 ? count : 3);
    store_snapshots_free(snapshots, count);
}

static void check_run(const struct store_run *run)
{
    struct filter_row row = store_run_row(run);
    struct filter *filter = NULL;
    REQUIRE(run->run.name != NULL && run->note != NULL);
    for (size_t k = 0; k < run->run.n_params; k++)
        REQUIRE(run->run.params[k].key != NULL && run->run.params[k].type <= FIELD_JSON);
    for (size_t k = 0; k < run->run.n_layers; k++)
        REQUIRE(run->run.layers[k].name != NULL && run->run.layers[k].kind < LAYER_KINDS);
    REQUIRE(filter_parse(&filter, "lr > 0 or loss < 1 or f ~ x or run", NULL) == IFL_OK);
    filter_match(filter, &row);
    filter_free(filter);
}

static void damage(void *context, const struct store_damage *damage)
{
    (void)context;
    REQUIRE(damage->run != NULL && damage->what[0] != '\0' && damage->how[0] != '\0');
}

static void read_all(struct store *store)
{
    const struct store_verifier verifier = {.damage = damage};
    struct store_verified found;
    struct store_run *runs = NULL;
    struct store_left_out left_out = {.count = 0};
    struct ifl_error error;
    size_t count = 0;
    uint64_t stamp;
    int64_t id;
    require_known(store_stamp(store, &stamp, &error), &error);
    require_known(store_find_run(store, "r", &id, &error), &error);
    enum ifl_status status = store_list_runs_among(store, STORE_ANY, &runs, &count, &left_out, &error);
    require_known(status, &error);
    REQUIRE(left_out.count == 0 || left_out.first.status == IFL_REFUSED);
    for (size_t k = 0; k < count && k < 3; k++) {
        check_run(&runs[k]);
        read_run(store, runs[k].id);
    }
    store_runs_free(runs, count);
    require_known(store_verify(store, &verifier, &found, &error), &error);
}

/* ---- writing ---- */

static void write_all(struct store *store)
{
    struct variable x = {IFL_OF_X, 0, 1, 1, 3, (float[]){1, 2, 3, 4, 5, 6}};
    struct snapshot snapshot = {.step = 7, .epoch = NAN, .n = 4, .variables = &x, .n_variables = 1};
    char name[] = "new";
    struct run run = {.name = name};
    struct ifl_error error;
    bool added;
    int64_t id;
    require_known(store_set_tag(store, 1, "k", "v", &error), &error);
    require_known(store_set_note(store, 1, "n", &error), &error);
    require_known(store_rename_run(store, 1, "other", &error), &error);
    require_known(store_add_snapshot(store, 1, &snapshot, &added, &error), &error);
    require_known(store_delete_run(store, 1, &error), &error);
    require_known(store_restore_run(store, 1, &error), &error);
    enum ifl_status status = store_add_run(store, &run, &id, &error);
    require_known(status, &error);
    if (status == IFL_OK)
        require_known(store_add_snapshot(store, id, &snapshot, &added, &error), &error);
    require_known(store_purge_run(store, 1, &error), &error);
}

/* ---- the trial ---- */

static void try_database(const struct image *image, enum store_mode mode)
{
    const char *path = put_file("a.db", image);
    struct store *store = NULL;
    struct ifl_error error;
    enum ifl_status status = store_open_within(&store, path, mode, 0, NULL, &error);
    require_known(status, &error);
    REQUIRE((status == IFL_OK) == (store != NULL));
    if (status == IFL_OK) {
        if (mode != STORE_READ)
            write_all(store);
        read_all(store);
    }
    store_close(store);
}

static bool is_part(const struct image *image)
{
    return image->size > 72 && memcmp(image->data + 68, "IFLP", 4) == 0;
}

static void try_part(const struct image *image)
{
    const char *path = put_file("a.db", sound_database()), *path_part = put_file("b.db", image);
    struct store *store = NULL;
    struct store_merged merged;
    struct ifl_error error;
    REQUIRE(store_open_within(&store, path, STORE_WRITE, 0, NULL, &error) == IFL_OK);
    require_known(store_merge(store, path_part, NULL, NULL, &merged, &error), &error);
    read_all(store);
    store_close(store);
}

static void try_image(const struct image *image)
{
    bool odd = image->size > 27 && image->data[27] % 2 == 1; /* its change counter: each way for half of the images */
    try_database(image, odd ? STORE_READ : STORE_WRITE);
    if (is_part(image))
        try_part(image);
}

/* The sound ones, and what some changes by SQL make of them: what is tried where nothing is fuzzed. */
static void try_changes(const struct image *sound)
{
    try_image(sound);
    for (unsigned seed = 0; seed < 25; seed++) {
        struct image image = {malloc(sound->size), sound->size};
        REQUIRE(image.data != NULL);
        memcpy(image.data, sound->data, sound->size);
        if (change_by_sql(&image, seed))
            try_image(&image);
        free(image.data);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct image image = {(uint8_t *)data, size};
    const struct image *database = sound_database(), *part = sound_part();
    if (size > 0) {
        try_image(&image);
    } else {
        try_changes(database);
        try_changes(part);
    }
    return 0;
}

/* Half of them by bytes, half by SQL; what is no database becomes a sound one first. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    const struct image *sound = seed % 3 == 0 ? sound_part() : sound_database();
    bool database = size >= 512 && memcmp(data, "SQLite format 3", 16) == 0 && seed % 64 != 0;
    struct image image = {.size = database ? size : sound->size};
    if (database && seed % 2 == 0)
        return LLVMFuzzerMutate(data, size, most);
    image.data = malloc(image.size);
    REQUIRE(image.data != NULL);
    memcpy(image.data, database ? data : sound->data, image.size);
    bool changed = change_by_sql(&image, seed / 2) && image.size <= most;
    if (changed) {
        memcpy(data, image.data, image.size);
        size = image.size;
    }
    free(image.data);
    return changed ? size : LLVMFuzzerMutate(data, size, most);
}
