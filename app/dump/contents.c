#include <stdlib.h>
#include <string.h>

#include <dump/contents.h>

const char *key_after(const char *key, const char *prefix)
{
    size_t length = strlen(prefix);
    return strncmp(key, prefix, length) == 0 ? key + length : NULL;
}

enum ifl_of contents_of(const struct contents *contents, size_t place)
{
    if (place == 0)
        return IFL_OF_X;
    return place <= contents->n_places / 2 ? IFL_OF_T : IFL_OF_DELTA;
}

int32_t contents_layer(const struct contents *contents, size_t place)
{
    return place == 0 ? 0 : (int32_t)((place - 1) % (contents->n_places / 2));
}

enum variable_key { NO_VARIABLE, NO_SUCH_LAYER, VARIABLE };

static enum variable_key find_place(size_t *place, const char *key, const struct run *run)
{
    size_t first = 1;
    const char *name = key_after(key, "T/");
    if (strcmp(key, "X") == 0) {
        *place = 0;
        return VARIABLE;
    }
    if (name == NULL) {
        name = key_after(key, "delta/");
        first += run->n_layers;
    }
    if (name == NULL)
        return NO_VARIABLE;
    int32_t layer = run_layer(run, name);
    if (layer < 0)
        return NO_SUCH_LAYER;
    *place = first + (size_t)layer;
    return VARIABLE;
}

static ptrdiff_t *find_single(struct contents *contents, const char *key)
{
    if (strcmp(key, "step") == 0)
        return &contents->step;
    if (strcmp(key, "batch") == 0)
        return &contents->batch;
    if (strcmp(key, "epoch") == 0)
        return &contents->epoch;
    if (strcmp(key, "Y") == 0)
        return &contents->labels;
    return NULL;
}

static enum ifl_status take_variable(struct contents *contents, const char *key, ptrdiff_t index, const struct run *run,
                                     const struct dump_input *input, struct ifl_error *error)
{
    const char *of_dim = key_after(key, "dim/");
    const char *of_condensed = key_after(key, "D2/");
    size_t place = 0;
    enum variable_key kind = find_place(&place, of_dim ? of_dim : of_condensed ? of_condensed : key, run);

    if (kind == NO_SUCH_LAYER && of_dim == NULL)
        return ifl_fail(error, IFL_REFUSED, "%s: no such layer in the run", key);
    if (kind == NO_VARIABLE)
        dump_note(input, key, "unknown key, ignored");
    else if (kind == NO_SUCH_LAYER)
        dump_note(input, key, "without its D2 array, ignored");
    else if (of_dim != NULL)
        contents->places[place].dim = index;
    else if (of_condensed != NULL)
        contents->places[place].condensed = index;
    else
        contents->places[place].raw = index;
    return IFL_OK;
}

static enum ifl_status check_places(const struct contents *contents, const struct archive *archive,
                                    const struct dump_input *input, struct ifl_error *error)
{
    for (size_t k = 0; k < contents->n_places; k++) {
        const struct place *place = &contents->places[k];
        if (place->raw != ABSENT && place->condensed != ABSENT)
            return ifl_fail(error, IFL_REFUSED, "%s: duplicate, as %s is there too",
                            archive_key(archive, (size_t)place->condensed), archive_key(archive, (size_t)place->raw));
        if (place->condensed != ABSENT && place->dim == ABSENT)
            return ifl_fail(error, IFL_REFUSED, "dim/%s: missing",
                            key_after(archive_key(archive, (size_t)place->condensed), "D2/"));
        if (place->condensed == ABSENT && place->dim != ABSENT)
            dump_note(input, archive_key(archive, (size_t)place->dim), "without its D2 array, ignored");
    }
    if (place_array(&contents->places[0]) == ABSENT)
        return ifl_fail(error, IFL_REFUSED, "X: missing");
    if (contents->step == ABSENT)
        return ifl_fail(error, IFL_REFUSED, "step: missing");
    return IFL_OK;
}

static enum ifl_status init(struct contents *contents, const struct archive *archive, const struct run *run,
                            struct ifl_error *error)
{
    *contents = (struct contents){.step = ABSENT, .batch = ABSENT, .epoch = ABSENT, .labels = ABSENT};
    contents->n_places = 1 + 2 * run->n_layers;
    contents->places = ifl_alloc(contents->n_places, sizeof *contents->places);
    contents->metrics = ifl_alloc(archive_count(archive), sizeof *contents->metrics);
    if (contents->places == NULL || contents->metrics == NULL)
        return dump_no_memory(error);
    for (size_t k = 0; k < contents->n_places; k++)
        contents->places[k] = (struct place){.raw = ABSENT, .condensed = ABSENT, .dim = ABSENT};
    return IFL_OK;
}

enum ifl_status contents_find(struct contents *out, const struct archive *archive, const struct run *run,
                              const struct dump_input *input, struct ifl_error *error)
{
    struct contents contents;
    enum ifl_status status = init(&contents, archive, run, error);
    for (size_t k = 0; k < archive_count(archive) && status == IFL_OK; k++) {
        const char *key = archive_key(archive, k);
        ptrdiff_t *single = find_single(&contents, key);
        if (single != NULL)
            *single = (ptrdiff_t)k;
        else if (key_after(key, "metrics/") != NULL)
            contents.metrics[contents.n_metrics++] = k;
        else
            status = take_variable(&contents, key, (ptrdiff_t)k, run, input, error);
    }
    if (status == IFL_OK)
        status = check_places(&contents, archive, input, error);
    if (status != IFL_OK) {
        contents_release(&contents);
        return status;
    }
    *out = contents;
    return IFL_OK;
}

void contents_release(struct contents *contents)
{
    free(contents->places);
    free(contents->metrics);
    *contents = (struct contents){0};
}
