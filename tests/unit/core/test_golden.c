/* Every quantity of many made-up snapshots against tests/golden/core/cases.txt, which tests/make_golden.py made with
 * numpy. What the lines of that file say stands there. alpha < 1 is only asked of matrices of full rank: elsewhere
 * numpy's own values hang on the signs of eigenvalues that are 0 but for rounding. */
#include <inttypes.h>

#include "kernels.h"
#include "support.h"

#define CASES             TESTS_DIR "/golden/core/cases.txt"
#define TOLERANCE_BITS    1e-9
#define TOLERANCE_PERCENT 1e-7

struct golden {
    FILE *file;
    char word[32]; /* the one read ahead, "" at the end */
    char name[64]; /* of the case */
    size_t cases, values;
};

static void next_word(struct golden *g)
{
    if (fscanf(g->file, "%31s", g->word) != 1)
        g->word[0] = '\0';
}

static bool at_word(const struct golden *g, const char *word)
{
    return strcmp(g->word, word) == 0;
}

static void read_data(struct golden *g, struct data_spec *data)
{
    int kind;
    cr_assert_eq(fscanf(g->file, "%zu %zu %d %la %la", &data->maps, &data->dim, &kind, &data->scale, &data->offset), 5);
    cr_assert(kind >= 0 && kind < DATA_KINDS);
    data->kind = (enum data_kind)kind;
    next_word(g);
}

/* From the word "case" to the first "params". */
static void read_case(struct golden *g, struct world_spec *spec, ifl_quantity_set *wanted)
{
    int pairs;
    *spec = (struct world_spec){0};
    cr_assert(at_word(g, "case"));
    cr_assert_eq(fscanf(g->file, "%63s %" SCNu64 " %zu %zu %d", g->name, &spec->seed, &spec->n, &spec->classes, &pairs),
                 5);
    *wanted = pairs ? IFL_ALL_QUANTITIES : IFL_ALL_QUANTITIES & ~IFL_PAIR_QUANTITIES;
    next_word(g);
    cr_assert(at_word(g, "x"));
    read_data(g, &spec->x);
    for (; at_word(g, "t"); spec->layers++) {
        cr_assert_lt(spec->layers, MAX_LAYERS);
        read_data(g, &spec->t[spec->layers]);
    }
    for (size_t k = 0; at_word(g, "delta"); k++) {
        cr_assert_lt(k, spec->layers);
        read_data(g, &spec->delta[k]);
    }
}

static struct ifl_params read_params(struct golden *g)
{
    struct ifl_params p = ifl_params_default();
    int composition, width;
    cr_assert_eq(fscanf(g->file, "%la %la %la %la %d %d", &p.alpha, &p.h, &p.h_error, &p.h_label, &composition, &width),
                 6);
    p.composition = (enum ifl_composition)composition;
    p.width = (enum ifl_width_rule)width;
    return p;
}

static void check_record(struct golden *g, const struct records *records, const struct ifl_params *params)
{
    int layer;
    char name[32];
    double want;
    enum ifl_quantity quantity;
    cr_assert_eq(fscanf(g->file, "%d %31s %la", &layer, name, &want), 3);
    cr_assert(ifl_quantity_parse(name, &quantity), "%s", name);
    double got = value_of(records, layer, quantity);
    g->values++;
    double tolerance = strcmp(ifl_quantity_unit(quantity), "%") == 0 ? TOLERANCE_PERCENT : TOLERANCE_BITS;
    expect_near(got, want, tolerance, "%s: alpha %g, %s h %g, h-label %g, %s: layer %d %s", g->name, params->alpha,
                ifl_width_rule_name(params->width), params->h, params->h_label,
                ifl_composition_name(params->composition), layer, name);
}

static void check_case(struct golden *g)
{
    struct world_spec spec;
    ifl_quantity_set wanted;
    read_case(g, &spec, &wanted);
    struct world *w = world_new(&spec);
    for (; at_word(g, "params"); next_word(g)) {
        struct ifl_params params = read_params(g);
        struct records records = estimate(&w->snapshot, &params, wanted);
        size_t count;
        cr_assert_eq(fscanf(g->file, "%zu", &count), 1);
        cr_expect_eq(records.count, count, "%s: %zu records, expected %zu", g->name, records.count, count);
        for (size_t k = 0; k < count; k++)
            check_record(g, &records, &params);
        records_free(&records);
    }
    g->cases++;
    world_free(w);
}

KERNEL_TEST(golden, agrees_with_numpy)
{
    struct golden g = {.file = fopen(CASES, "r")};
    cr_assert(g.file != NULL, "%s", CASES);
    next_word(&g);
    while (g.word[0] != '\0')
        check_case(&g);
    fclose(g.file);
    cr_expect_geq(g.cases, 17);
    cr_expect_geq(g.values, 2300);
}
