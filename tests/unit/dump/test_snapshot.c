#include <criterion/criterion.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <dump/snapshot.h>

#include "fixtures.h"

enum { N = 4, PAIRS = N * (N - 1) / 2 };

/* conv: 3 maps of 2 x 2, fc: 3 numbers */
static char conv_name[] = "conv", fc_name[] = "block/fc", run_name[] = "r";
static struct layer layers[] = {
    {conv_name, LAYER_CONV, AXES_NCHW},
    {fc_name, LAYER_FC, AXES_ND},
};
static const struct run run = {.name = run_name, .layers = layers, .n_layers = COUNT(layers)};

static double inputs[N * 5], conv[N * 3 * 4], conv_nhwc[N * 4 * 3], fc[N * 3];
static const double labels[N] = {2, 0, 1, 2};

/* Reproducible, exact in half precision, of both signs. */
static void fill(double *values, size_t count, unsigned seed)
{
    for (size_t k = 0; k < count; k++) {
        seed = seed * 1103515245u + 12345u;
        values[k] = ((int)(seed >> 16 & 0xff) - 128) / 16.0;
    }
}

static void make_values(void)
{
    fill(inputs, COUNT(inputs), 1);
    fill(conv, COUNT(conv), 2);
    fill(fc, COUNT(fc), 3);
    for (size_t n = 0; n < N; n++)
        for (size_t c = 0; c < 3; c++)
            for (size_t k = 0; k < 4; k++)
                conv_nhwc[(n * 4 + k) * 3 + c] = conv[(n * 3 + c) * 4 + k];
}

TestSuite(snapshot, .init = make_values, .fini = remove_folder);

#define X_ITEM                                                                                                         \
    {                                                                                                                  \
        "X",                                                                                                           \
        {                                                                                                              \
            "<f4", false, 2, {N, 5}, inputs                                                                            \
        }                                                                                                              \
    }
#define STEP_ITEM                                                                                                      \
    {                                                                                                                  \
        "step", SCALAR("<i8", 7)                                                                                       \
    }
#define CONV_ITEM                                                                                                      \
    {                                                                                                                  \
        "T/conv",                                                                                                      \
        {                                                                                                              \
            "<f4", false, 4, {N, 3, 2, 2}, conv                                                                        \
        }                                                                                                              \
    }

static enum ifl_status read_run(struct snapshot *out, const struct run *of, const struct item *items, size_t count,
                                const struct dump_limits *limits, struct noted *noted, struct ifl_error *error)
{
    struct buffer buffer = {0};
    struct archive *npz = NULL;
    struct dump_reader *reader = NULL;
    struct dump_notes notes = notes_into(noted);
    struct dump_input input = input_of("a.npz", limits, &notes);
    put_npz(&buffer, items, count, 0);
    enum ifl_status status = archive_open_memory(&npz, ARCHIVE_NPZ, buffer.data, buffer.size, &input, error);
    cr_assert_eq(status, IFL_OK, "%s", error->message);
    status = reader_from_archive(&reader, npz, of, &input, error);
    if (status == IFL_OK)
        status = dump_reader_take(reader, out, error);
    dump_reader_free(reader);
    buffer_release(&buffer);
    return status;
}

static enum ifl_status read_items(struct snapshot *out, const struct item *items, size_t count, struct noted *noted,
                                  struct ifl_error *error)
{
    struct dump_limits limits = dump_limits_default();
    return read_run(out, &run, items, count, &limits, noted, error);
}

static void expect_refused(const struct item *items, size_t count, const char *refusal)
{
    struct snapshot snapshot;
    struct noted noted;
    struct ifl_error error;
    expect_refusal(read_items(&snapshot, items, count, &noted, &error), &error, refusal);
}

/* The squared distances of the maps of values[n][maps][dim], then their sum, by the definition. */
static void expect_distances(const struct variable *variable, const double *values, size_t maps, size_t dim)
{
    cr_assert_eq(variable->maps, maps);
    cr_assert_eq(variable->dim, dim);
    for (size_t map = 0; map < maps + (maps > 1); map++)
        for (size_t i = 0, pair = 0; i < N; i++)
            for (size_t j = i + 1; j < N; j++, pair++) {
                double sum = 0;
                for (size_t c = map == maps ? 0 : map; c < (map == maps ? maps : map + 1); c++)
                    for (size_t k = 0; k < dim; k++) {
                        double step = values[(i * maps + c) * dim + k] - values[(j * maps + c) * dim + k];
                        sum += step * step;
                    }
                cr_expect_eq(variable->distances[map * PAIRS + pair], (float)sum, "map %zu, pair %zu", map, pair);
            }
}

Test(snapshot, reads_a_whole_one)
{
    const struct item items[] = {
        {"delta/block/fc", {">f8", true, 2, {N, 3}, fc}},
        {"T/block/fc", {"<f2", false, 2, {N, 3}, fc}},
        {"metrics/loss", SCALAR("<f4", 0.5)},
        {"T/conv", {">f2", true, 4, {N, 3, 2, 2}, conv}},
        {"epoch", SCALAR("<f8", 1.25)},
        {"batch", SCALAR("|u1", 3)},
        {"metrics/a/b", {"<i4", false, 1, {1}, (const double[]){-2}}},
        STEP_ITEM,
        X_ITEM,
        {"Y", {"<i8", false, 1, {N}, labels}},
    };
    struct snapshot snapshot;
    struct noted noted;
    struct ifl_error error;
    cr_assert_eq(read_items(&snapshot, items, COUNT(items), &noted, &error), IFL_OK, "%s", error.message);
    cr_expect_eq(noted.count, 0, "%s", noted.text);
    cr_expect_eq(snapshot.step, 7);
    cr_expect_eq(snapshot.batch, 3);
    cr_expect_eq(snapshot.epoch, 1.25);
    cr_expect_eq(snapshot.n, N);
    cr_expect_eq(snapshot.classes, 3);
    for (size_t k = 0; k < N; k++)
        cr_expect_eq(snapshot.labels[k], labels[k]);
    cr_assert_eq(snapshot.n_metrics, 2);
    cr_expect_str_eq(snapshot.metrics[0].name, "loss");
    cr_expect_eq(snapshot.metrics[0].value, 0.5);
    cr_expect_str_eq(snapshot.metrics[1].name, "a/b");
    cr_expect_eq(snapshot.metrics[1].value, -2);

    static const struct variable wanted[] = {
        {.of = IFL_OF_X, .layer = 0},
        {.of = IFL_OF_T, .layer = 0},
        {.of = IFL_OF_T, .layer = 1},
        {.of = IFL_OF_DELTA, .layer = 1},
    };
    cr_assert_eq(snapshot.n_variables, COUNT(wanted));
    for (size_t k = 0; k < COUNT(wanted); k++) {
        cr_expect_eq(snapshot.variables[k].of, wanted[k].of);
        cr_expect_eq(snapshot.variables[k].layer, wanted[k].layer);
    }
    expect_distances(&snapshot.variables[0], inputs, 1, 5);
    expect_distances(&snapshot.variables[1], conv, 3, 4);
    expect_distances(&snapshot.variables[2], fc, 1, 3);
    expect_distances(&snapshot.variables[3], fc, 1, 3);
    snapshot_release(&snapshot);
}

Test(snapshot, needs_only_x_and_step)
{
    const struct item items[] = {{"X", {"<f4", false, 1, {N}, inputs}}, {"step", SCALAR("<f8", 0)}};
    struct snapshot snapshot;
    struct noted noted;
    struct ifl_error error;
    cr_assert_eq(read_items(&snapshot, items, COUNT(items), &noted, &error), IFL_OK, "%s", error.message);
    cr_expect_eq(snapshot.batch, 0);
    cr_expect(isnan(snapshot.epoch));
    cr_expect_eq(snapshot.labels, NULL);
    cr_expect_eq(snapshot.n_metrics, 0);
    expect_distances(&snapshot.variables[0], inputs, 1, 1);
    snapshot_release(&snapshot);
}

static void expect_layer(struct item item, enum layer_axes axes, const double *values, size_t maps, size_t dim)
{
    struct layer layer = {conv_name, LAYER_CONV, axes};
    const struct run of = {.name = run_name, .layers = &layer, .n_layers = 1};
    const struct item items[] = {X_ITEM, STEP_ITEM, item};
    struct dump_limits limits = dump_limits_default();
    struct snapshot snapshot;
    struct noted noted;
    struct ifl_error error;
    cr_assert_eq(read_run(&snapshot, &of, items, COUNT(items), &limits, &noted, &error), IFL_OK, "%s", error.message);
    cr_assert_eq(snapshot.n_variables, 2);
    expect_distances(&snapshot.variables[1], values, maps, dim);
    snapshot_release(&snapshot);
}

Test(snapshot, splits_maps_as_axes_say)
{
    for (int fortran = 0; fortran < 2; fortran++) {
        struct item nchw = {"T/conv", {"<f8", fortran, 4, {N, 3, 2, 2}, conv}};
        struct item nhwc = {"T/conv", {"<f8", fortran, 4, {N, 2, 2, 3}, conv_nhwc}};
        expect_layer(nchw, AXES_NCHW, conv, 3, 4);
        expect_layer(nhwc, AXES_NHWC, conv, 3, 4);
        expect_layer(nchw, AXES_ND, conv, 1, 12);
        expect_layer((struct item){"T/conv", {"<f8", fortran, 3, {N, 3, 4}, conv}}, AXES_NCHW, conv, 3, 4);
        expect_layer((struct item){"T/conv", {"<f8", fortran, 3, {N, 4, 3}, conv_nhwc}}, AXES_NHWC, conv, 3, 4);
        for (int axes = 0; axes < AXES_KINDS; axes++) {
            expect_layer((struct item){"T/conv", {"<f8", fortran, 2, {N, 12}, conv}}, axes, conv, 1, 12);
            expect_layer((struct item){"T/conv", {"<f8", fortran, 1, {N}, conv}}, axes, conv, 1, 1);
        }
    }
}

/* values[n][maps][dim] as D2 wants them: [maps][pairs]. */
static void condense(double *out, const double *values, size_t maps, size_t dim)
{
    for (size_t c = 0; c < maps; c++)
        for (size_t i = 0; i < N; i++)
            for (size_t j = i + 1; j < N; j++) {
                *out = 0;
                for (size_t k = 0; k < dim; k++)
                    *out += pow(values[(i * maps + c) * dim + k] - values[(j * maps + c) * dim + k], 2);
                out++;
            }
}

Test(snapshot, reads_distances_as_it_reads_values)
{
    double x[PAIRS], t[3 * PAIRS];
    condense(x, inputs, 1, 5);
    condense(t, conv, 3, 4);
    for (int fortran = 0; fortran < 2; fortran++) {
        const struct item items[] = {
            {"D2/X", {"<f8", fortran, 2, {1, PAIRS}, x}},
            {"dim/X", SCALAR("<i4", 5)},
            {"D2/T/conv", {"<f8", fortran, 2, {3, PAIRS}, t}},
            {"dim/T/conv", SCALAR("<i8", 4)},
            STEP_ITEM,
        };
        struct snapshot snapshot;
        struct noted noted;
        struct ifl_error error;
        cr_assert_eq(read_items(&snapshot, items, COUNT(items), &noted, &error), IFL_OK, "%s", error.message);
        cr_expect_eq(snapshot.n, N); /* solved from the number of pairs */
        cr_assert_eq(snapshot.n_variables, 2);
        expect_distances(&snapshot.variables[0], inputs, 1, 5);
        expect_distances(&snapshot.variables[1], conv, 3, 4);
        snapshot_release(&snapshot);
    }
}

Test(snapshot, reads_labels_in_every_form)
{
    static const double one_hot[N * 3] = {0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1};
    static const struct array forms[] = {
        {"<i8", false, 1, {N}, labels},    {">u2", false, 1, {N}, labels},     {"<f4", false, 1, {N}, labels},
        {"|i1", false, 2, {N, 1}, labels}, {"|u1", false, 2, {N, 3}, one_hot}, {"|b1", true, 2, {N, 3}, one_hot},
        {">f8", true, 2, {N, 3}, one_hot},
    };
    for (size_t form = 0; form < COUNT(forms); form++) {
        const struct item items[] = {X_ITEM, STEP_ITEM, {"Y", forms[form]}};
        struct snapshot snapshot;
        struct noted noted;
        struct ifl_error error;
        cr_assert_eq(read_items(&snapshot, items, COUNT(items), &noted, &error), IFL_OK, "%s", error.message);
        cr_expect_eq(snapshot.classes, 3);
        for (size_t k = 0; k < N; k++)
            cr_expect_eq(snapshot.labels[k], labels[k], "form %zu", form);
        snapshot_release(&snapshot);
    }
}

Test(snapshot, numbers_labels_that_are_no_class_numbers)
{
    static const double signs[N] = {1, -1, -1, 1}, ids[N] = {9007199254740991.0, 12, 2147483647.0, 12};
    static const int32_t sign_classes[N] = {1, 0, 0, 1}, id_classes[N] = {2, 0, 1, 0};
    const struct {
        struct array array;
        const int32_t *labels;
        size_t classes;
    } cases[] = {{{"<i8", false, 1, {N}, signs}, sign_classes, 2}, {{"<i8", false, 1, {N}, ids}, id_classes, 3}};
    for (size_t c = 0; c < COUNT(cases); c++) {
        const struct item items[] = {X_ITEM, STEP_ITEM, {"Y", cases[c].array}};
        struct snapshot snapshot;
        struct noted noted;
        struct ifl_error error;
        cr_assert_eq(read_items(&snapshot, items, COUNT(items), &noted, &error), IFL_OK, "%s", error.message);
        cr_expect_eq(snapshot.classes, cases[c].classes);
        for (size_t k = 0; k < N; k++)
            cr_expect_eq(snapshot.labels[k], cases[c].labels[k], "case %zu, sample %zu", c, k);
        snapshot_release(&snapshot);
    }
}

Test(snapshot, refuses_labels)
{
    const struct {
        struct array array;
        const char *refusal;
    } cases[] = {
        {{"<f8", false, 1, {N}, (const double[]){0, 1.5, 1, 0}}, "Y: 1.5 at index 1 is not an integer"},
        {{"<f8", false, 1, {N}, (const double[]){0, NAN, 1, 0}}, "Y: nan at index 1 is not an integer"},
        {{"|u1", false, 2, {N, 2}, (const double[]){0, 1, 1, 0, 1, 1, 1, 0}}, "Y: row 2"},
        {{"|u1", false, 2, {N, 2}, (const double[]){0, 1, 0, 0, 1, 0, 1, 0}}, "Y: row 1"},
        {{"<f4", false, 2, {N, 2}, (const double[]){0, 1, 0.5, 0.5, 1, 0, 1, 0}}, "Y: row 1"},
        {{"<f4", false, 2, {N, 2}, (const double[]){0.5, 1, 0, 1, 1, 0, 1, 0}}, "Y: row 0"},
        {{"<i8", false, 0, {0}, labels}, "Y: 0 axes"},
        {{"<i8", false, 3, {N, 1, 1}, labels}, "Y: 3 axes"},
        {{"<i8", false, 2, {N, 0}, labels}, "Y: axis 1"},
        {{"<i8", false, 1, {N - 1}, labels}, "Y: n = 3, but X has n = 4"},
    };
    for (size_t k = 0; k < COUNT(cases); k++) {
        const struct item items[] = {X_ITEM, STEP_ITEM, {"Y", cases[k].array}};
        expect_refused(items, COUNT(items), cases[k].refusal);
    }
}

Test(snapshot, refuses_what_is_missing_or_twice)
{
    const struct item no_step[] = {X_ITEM};
    const struct item no_x[] = {STEP_ITEM, CONV_ITEM};
    const struct item twice[] = {X_ITEM, STEP_ITEM, {"D2/X", {"<f8", false, 2, {1, PAIRS}, conv}}};
    const struct item no_dim[] = {STEP_ITEM, {"D2/X", {"<f8", false, 2, {1, PAIRS}, conv}}};
    const struct item stranger[] = {X_ITEM, STEP_ITEM, {"T/conv9", {"<f4", false, 1, {N}, conv}}};
    const struct item errors[] = {X_ITEM, STEP_ITEM, {"D2/delta/", {"<f4", false, 1, {N}, conv}}};
    expect_refused(no_step, COUNT(no_step), "step: missing");
    expect_refused(no_x, COUNT(no_x), "X: missing");
    expect_refused(twice, COUNT(twice), "D2/X: duplicate");
    expect_refused(no_dim, COUNT(no_dim), "dim/X: missing");
    expect_refused(stranger, COUNT(stranger), "T/conv9: no such layer");
    expect_refused(errors, COUNT(errors), "D2/delta/: no such layer");
}

Test(snapshot, refuses_scalars)
{
    static const double two[] = {1, 2};
    const struct {
        struct item item;
        const char *refusal;
    } cases[] = {
        {{"batch", SCALAR("<i8", -1)}, "batch: -1 is less than 0"},
        {{"batch", SCALAR("<f8", 0.5)}, "batch: 0.5 is not an integer"},
        {{"batch", {"<i8", false, 1, {2}, two}}, "batch: not a scalar"},
        {{"batch", {"<i8", false, 2, {1, 1}, two}}, "batch: not a scalar"},
        {{"epoch", {"<f8", false, 1, {0}, two}}, "epoch: not a scalar"},
        {{"metrics/loss", {"<f8", false, 1, {2}, two}}, "metrics/loss: not a scalar"},
        {{"metrics/", SCALAR("<f8", 1)}, "metrics/: a metric without a name"},
    };
    const struct item negative[] = {X_ITEM, {"step", SCALAR("<i8", -5)}};
    expect_refused(negative, COUNT(negative), "step: -5 is less than 0");
    for (size_t k = 0; k < COUNT(cases); k++) {
        const struct item items[] = {X_ITEM, STEP_ITEM, cases[k].item};
        expect_refused(items, COUNT(items), cases[k].refusal);
    }
}

Test(snapshot, refuses_shapes)
{
    static const struct {
        struct item item;
        const char *refusal;
    } cases[] = {
        {{"T/conv", {"<f4", false, 0, {0}, conv}}, "T/conv: a scalar"},
        {{"T/conv", {"<f4", false, 2, {N - 1, 3}, conv}}, "T/conv: n = 3, but X has n = 4"},
        {{"T/conv", {"<f4", false, 3, {0, (size_t)1 << 32, (size_t)1 << 32}, conv}}, "T/conv: n = 0, but X has n = 4"},
        {{"T/conv", {"<f4", false, 4, {0, 3, (size_t)1 << 32, (size_t)1 << 32}, conv}}, "T/conv: the shape overflows"},
        {{"T/conv", {"<f4", false, 4, {N, 0, 2, 2}, conv}}, "T/conv: axis 1 of its shape is 0"},
        {{"delta/conv", {"<f4", false, 4, {N, 2, 2, 0}, conv}}, "delta/conv: axis 3 of its shape is 0"},
        {{"D2/T/conv", {"<c8", false, 2, {1, PAIRS}, inputs}}, "D2/T/conv: dtype"},
        {{"D2/T/conv", {"<f4", false, 1, {PAIRS}, inputs}}, "D2/T/conv: 1 axes"},
        {{"D2/T/conv", {"<f4", false, 2, {0, PAIRS}, inputs}}, "D2/T/conv: distances of no map"},
        {{"D2/T/conv", {"<f4", false, 2, {1, 5}, inputs}}, "D2/T/conv: 5 pairs"},
        {{"D2/T/conv", {"<f4", false, 2, {1, 3}, inputs}}, "D2/T/conv: n = 3, but X has n = 4"},
        {{"D2/T/conv", {"<f4", false, 2, {1, 0}, inputs}}, "D2/T/conv: 0 pairs"},
    };
    for (size_t k = 0; k < COUNT(cases); k++) {
        const struct item items[] = {X_ITEM, STEP_ITEM, {"dim/T/conv", SCALAR("<i8", 1)}, cases[k].item};
        expect_refused(items, COUNT(items), cases[k].refusal);
    }
    const struct item few[] = {STEP_ITEM, {"X", {"<f4", false, 2, {1, 5}, inputs}}};
    const struct item none[] = {STEP_ITEM, {"X", {"<f4", false, 2, {0, 5}, inputs}}};
    const struct item differ[] = {X_ITEM, STEP_ITEM, CONV_ITEM, {"delta/conv", {"<f4", false, 2, {N, 3}, fc}}};
    const struct item two_inputs[] = {
        STEP_ITEM, {"D2/X", {"<f4", false, 2, {2, 1}, labels}}, {"dim/X", SCALAR("<i8", 1)}};
    const struct item no_dim[] = {STEP_ITEM, {"D2/X", {"<f4", false, 2, {1, 1}, labels}}, {"dim/X", SCALAR("<i8", 0)}};
    expect_refused(few, COUNT(few), "X: n = 1, at least 2");
    expect_refused(none, COUNT(none), "X: n = 0, at least 2");
    expect_refused(differ, COUNT(differ), "delta/conv: 1 maps of 3 numbers, but T has 3 of 4");
    expect_refused(two_inputs, COUNT(two_inputs), "D2/X: 2 maps");
    expect_refused(no_dim, COUNT(no_dim), "dim/X: 0 is less than 1");
}

Test(snapshot, refuses_numbers_that_are_not_finite)
{
    static const char *const dtypes[] = {"<f2", ">f2", "<f4", ">f4", "<f8", ">f8"};
    conv[37] = INFINITY; /* sample 3 */
    conv[13] = NAN;      /* sample 1 */
    for (size_t k = 0; k < COUNT(dtypes); k++)
        for (int fortran = 0; fortran < 2; fortran++) {
            const struct item items[] = {X_ITEM, STEP_ITEM, {"T/conv", {dtypes[k], fortran, 4, {N, 3, 2, 2}, conv}}};
            expect_refused(items, COUNT(items), "T/conv: NaN at index 13 (sample 1)");
        }
    conv[13] = 0;
    const struct item items[] = {X_ITEM, STEP_ITEM, CONV_ITEM};
    expect_refused(items, COUNT(items), "T/conv: infinity at index 37 (sample 3)");
}

Test(snapshot, refuses_distances)
{
    static const struct {
        double bad;
        const char *refusal;
    } cases[] = {
        {NAN, "D2/X: NaN at index 4"},
        {INFINITY, "D2/X: infinity at index 4"},
        {-1, "D2/X: negative squared distance -1 at index 4"},
        {1e39, "D2/X: |1e+39|beyond float32"},
    };
    for (size_t k = 0; k < COUNT(cases); k++) {
        double distances[PAIRS] = {1, 2, 3, 4, cases[k].bad, 6};
        const struct item items[] = {
            STEP_ITEM, {"D2/X", {"<f8", false, 2, {1, PAIRS}, distances}}, {"dim/X", SCALAR("<i8", 5)}};
        expect_refused(items, COUNT(items), cases[k].refusal);
    }
    inputs[3] = 1e30; /* finite as float32, its square is not */
    const struct item items[] = {X_ITEM, STEP_ITEM};
    expect_refused(items, COUNT(items), "X: squared distance|beyond float32");
}

/* Each map's distances fit, their sum does not. */
Test(snapshot, refuses_a_sum_beyond_float32)
{
    static const double distances[2] = {FLT_MAX, FLT_MAX};
    const struct item items[] = {{"X", {"<f4", false, 1, {2}, inputs}},
                                 STEP_ITEM,
                                 {"D2/T/conv", {"<f4", false, 2, {2, 1}, distances}},
                                 {"dim/T/conv", SCALAR("<i8", 1)}};
    expect_refused(items, COUNT(items), "D2/T/conv: squared distance|beyond float32");
}

Test(snapshot, notes_what_it_leaves_out)
{
    const struct item items[] = {
        X_ITEM,
        STEP_ITEM,
        {"weights/conv", {"<f4", false, 1, {3}, conv}},
        {"D2/weights", {"<f4", false, 1, {3}, conv}},
        {"dim/T/conv", SCALAR("<i8", 4)},
        {"dim/T/other", SCALAR("<i8", 4)},
        {"metrics/loss", SCALAR("<f4", NAN)},
        {"metrics/best", SCALAR("<f4", INFINITY)},
        {"metrics/accuracy", SCALAR("<f4", 0.5)},
        {"epoch", SCALAR("<f4", NAN)},
    };
    static const char *const notes[] = {
        "a.npz: weights/conv: unknown key, ignored\n",
        "a.npz: D2/weights: unknown key, ignored\n",
        "a.npz: dim/T/conv: without its D2 array, ignored\n",
        "a.npz: dim/T/other: without its D2 array, ignored\n",
        "a.npz: metrics/loss: not finite, left out\n",
        "a.npz: metrics/best: not finite, left out\n",
        "a.npz: epoch: not finite, left out\n",
    };
    struct snapshot snapshot;
    struct noted noted;
    struct ifl_error error;
    cr_assert_eq(read_items(&snapshot, items, COUNT(items), &noted, &error), IFL_OK, "%s", error.message);
    cr_expect_eq(noted.count, COUNT(notes), "%s", noted.text);
    for (size_t k = 0; k < COUNT(notes); k++)
        cr_expect(strstr(noted.text, notes[k]) != NULL, "%s", notes[k]);
    cr_assert_eq(snapshot.n_metrics, 1);
    cr_expect_str_eq(snapshot.metrics[0].name, "accuracy");
    cr_expect(isnan(snapshot.epoch));
    cr_expect_eq(snapshot.n_variables, 1);
    snapshot_release(&snapshot);
}

Test(snapshot, holds_its_limits)
{
    const struct item items[] = {X_ITEM, STEP_ITEM, CONV_ITEM};
    struct dump_limits limits = dump_limits_default();
    struct snapshot snapshot;
    struct noted noted;
    struct ifl_error error;
    limits.snapshot = (1 + 3 + 1) * PAIRS * sizeof(float);
    cr_assert_eq(read_run(&snapshot, &run, items, COUNT(items), &limits, &noted, &error), IFL_OK, "%s", error.message);
    snapshot_release(&snapshot);
    limits.snapshot--;
    expect_refusal(read_run(&snapshot, &run, items, COUNT(items), &limits, &noted, &error), &error,
                   "T/conv: |119 bytes");
    limits.maps = 4; /* X is one */
    limits.snapshot++;
    cr_assert_eq(read_run(&snapshot, &run, items, COUNT(items), &limits, &noted, &error), IFL_OK, "%s", error.message);
    snapshot_release(&snapshot);
    limits.maps--;
    expect_refusal(read_run(&snapshot, &run, items, COUNT(items), &limits, &noted, &error), &error,
                   "T/conv: with it there are more than 3 feature maps");
    limits.array = sizeof conv / sizeof *conv * sizeof(float) - 1;
    expect_refusal(read_run(&snapshot, &run, items, COUNT(items), &limits, &noted, &error), &error,
                   "T/conv: |192 bytes");
    limits.samples = N - 1;
    expect_refusal(read_run(&snapshot, &run, items, COUNT(items), &limits, &noted, &error), &error,
                   "X: n = 4, at most 3");
    const struct item named[] = {X_ITEM, STEP_ITEM, {"metrics/loss", SCALAR("<f8", 1)}};
    limits = dump_limits_default();
    limits.name = strlen("loss");
    cr_assert_eq(read_run(&snapshot, &run, named, COUNT(named), &limits, &noted, &error), IFL_OK, "%s", error.message);
    snapshot_release(&snapshot);
    limits.name--;
    expect_refusal(read_run(&snapshot, &run, named, COUNT(named), &limits, &noted, &error), &error,
                   "metrics/loss: name longer than 3 bytes");
}

/* The same through a file, deflated; a message then starts with its path. */
Test(snapshot, reads_files)
{
    const struct item items[] = {X_ITEM, STEP_ITEM, CONV_ITEM};
    const struct item bad[] = {X_ITEM, STEP_ITEM, {"T/nowhere", {"<f4", false, 1, {N}, conv}}};
    struct dump_limits limits = dump_limits_default();
    struct snapshot snapshot;
    struct ifl_error error;
    write_deflated("a.npz", items, COUNT(items));
    cr_assert_eq(dump_read(&snapshot, &run, in_folder("a.npz"), &limits, NULL, &error), IFL_OK, "%s", error.message);
    expect_distances(&snapshot.variables[1], conv, 3, 4);
    snapshot_release(&snapshot);

    write_npz("b.npz", bad, COUNT(bad));
    expect_refusal(dump_read(&snapshot, &run, in_folder("b.npz"), &limits, NULL, &error), &error,
                   "b.npz: T/nowhere: no such layer");
    cr_expect_eq(strncmp(error.message, in_folder("b.npz"), strlen(in_folder("b.npz"))), 0);
    cr_expect_eq(dump_read(&snapshot, &run, in_folder("c.npz"), &limits, NULL, NULL), IFL_NOT_FOUND);
    cr_assert_eq(mkdir(in_folder("d.npz"), 0700), 0);
    expect_refusal(dump_read(&snapshot, &run, in_folder("d.npz"), &limits, NULL, &error), &error, "not a regular file");
    expect_refusal(dump_read(&snapshot, &run, folder_path(), &limits, NULL, &error), &error, "neither a .npz nor");
}

/* ---- canceled ---- */

static atomic_bool canceled;

static void cancel_at_note(void *context, const char *text)
{
    (void)context, (void)text;
    atomic_store(&canceled, true);
}

/* The unknown key is noted when the keys are sorted, before any array is read. */
Test(snapshot, a_read_ends_when_it_is_canceled)
{
    const struct item items[] = {X_ITEM, STEP_ITEM, {"unknown", SCALAR("<i8", 1)}, CONV_ITEM};
    struct dump_limits limits = dump_limits_default();
    struct dump_notes notes = {.note = cancel_at_note, .cancel = &canceled};
    struct snapshot snapshot;
    struct ifl_error error;
    write_npz("a.npz", items, COUNT(items));
    cr_assert_eq(dump_read(&snapshot, &run, in_folder("a.npz"), &limits, &notes, &error), IFL_CANCELED);
    atomic_store(&canceled, false);
    notes.note = NULL;
    cr_assert_eq(dump_read(&snapshot, &run, in_folder("a.npz"), &limits, &notes, &error), IFL_OK);
    snapshot_release(&snapshot);
}
