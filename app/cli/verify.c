/* infoflow verify: the integrity of the database. */
#include <base/text.h>
#include <cli/cli.h>
#include <cli/interrupt.h>
#include <cli/json.h>

struct listing {
    struct table *table; /* or */
    json_t *array;
};

static void add_to_table(struct table *table, const struct store_damage *damage)
{
    bool of_run = damage->run[0] != '\0';
    table_cell(table, damage->run);
    if (of_run)
        table_format(table, "%lld", (long long)damage->step);
    else
        table_cell(table, "");
    if (of_run)
        table_format(table, "%lld", (long long)damage->batch);
    else
        table_cell(table, "");
    table_cell(table, damage->what);
    table_cell(table, damage->how);
}

static void add_to_array(json_t *array, const struct store_damage *damage)
{
    bool of_run = damage->run[0] != '\0';
    json_array_append_new(array, json_pack("{so so so so so}", "run", of_run ? json_text(damage->run) : json_null(),
                                           "step", of_run ? json_integer(damage->step) : json_null(), "batch",
                                           of_run ? json_integer(damage->batch) : json_null(), "what",
                                           json_text(damage->what), "how", json_text(damage->how)));
}

static void add_damage(void *context, const struct store_damage *damage)
{
    struct listing *listing = context;
    if (listing->array != NULL)
        add_to_array(listing->array, damage);
    else
        add_to_table(listing->table, damage);
}

static void progress(void *context, size_t done, size_t total)
{
    static char verifying[] = "verifying";
    (void)context;
    progress_step(verifying, done, total);
}

static void listing_init(struct listing *listing, bool json)
{
    static const char *const header[] = {"run", "step", "batch", "what", "how"};
    *listing = (struct listing){.array = json ? json_array() : NULL};
    if (json)
        return;
    listing->table = table_new(sizeof header / sizeof *header);
    for (size_t k = 0; k < sizeof header / sizeof *header; k++)
        table_cell(listing->table, header[k]);
}

static void listing_release(struct listing *listing)
{
    table_free(listing->table);
    json_decref(listing->array);
}

/* False without memory. */
static bool listing_print(struct listing *listing, const struct arguments *arguments, const char *path,
                          const struct store_verified *found)
{
    if (arguments->format == FORMAT_JSON)
        return json_print(json_pack("{so si si si sO}", "database", json_text(path), "snapshots", (int)found->snapshots,
                                    "arrays", (int)found->arrays, "spectra", (int)found->spectra, "damages",
                                    listing->array));
    if (arguments->format == FORMAT_TABLE)
        text_printf(stdout, "%s: %zu snapshots, %zu arrays, %zu spectra: %s\n", path, found->snapshots, found->arrays,
                    found->spectra, found->damages == 0 ? "sound" : "damaged");
    if (arguments->format == FORMAT_TABLE && found->damages == 0)
        return true;
    bool ok = table_print(listing->table, stdout, arguments->format == FORMAT_CSV);
    listing->table = NULL;
    return ok;
}

int command_verify(struct arguments *arguments)
{
    struct store *store;
    struct ifl_error error;
    struct listing listing;
    struct store_verified found = {0};
    if (arguments->n_words != 0) {
        say("%s: verify takes the whole database (infoflow verify --help)", arguments->words[0]);
        return EXIT_USAGE;
    }
    if (open_database(&store, arguments, STORE_READ, &error) != IFL_OK)
        return fail(&error);
    interrupt_let(); /* SQLite looks at a whole table at a time, and this only reads */
    listing_init(&listing, arguments->format == FORMAT_JSON);
    const struct store_verifier verifier = {add_damage, progress, &listing};
    enum ifl_status status = store_verify(store, &verifier, &found, &error);
    progress_end();
    if (status == IFL_OK && !listing_print(&listing, arguments, store_path(store), &found))
        status = ifl_fail(&error, IFL_NO_MEMORY, "out of memory");
    if (status == IFL_OK && found.damages > 0)
        status = ifl_fail(&error, IFL_REFUSED, "%s: damaged in %zu places", store_path(store), found.damages);
    listing_release(&listing);
    store_close(store);
    return status == IFL_OK ? EXIT_DONE : fail(&error);
}
