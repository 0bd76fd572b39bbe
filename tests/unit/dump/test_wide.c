/* Layers of many maps and long ones: blocks and groups meet without a seam, and what is kept is the sample. */
#include <criterion/criterion.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <base/maps.h>
#include <dump/snapshot.h>
#include <dump/variable.h>

#include "fixtures.h"

enum { N = 5, PAIRS = N * (N - 1) / 2 };

TestSuite(wide, .fini = remove_folder);

/* Reproducible; sums of squares of these are exact in double. */
static double number(size_t k)
{
    return (double)((int)(k * 2654435761u >> 16 & 0xff) - 128) / 16;
}

/* An array in memory: values[n][maps][dim] as float32, laid out as `axes` and `fortran` say. */
static struct npy make_array(size_t maps, size_t dim, enum layer_axes axes, bool fortran)
{
    bool last = axes == AXES_NHWC;
    struct npy array = {.header = {.kind = NPY_FLOAT, .width = 4, .fortran = fortran, .rank = 3}};
    array.header.shape[0] = N;
    array.header.shape[last ? 2 : 1] = maps;
    array.header.shape[last ? 1 : 2] = dim;
    array.header.count = N * maps * dim;
    float *values = malloc(array.header.count * sizeof *values);
    cr_assert(values != NULL);
    for (size_t n = 0; n < N; n++)
        for (size_t c = 0; c < maps; c++)
            for (size_t k = 0; k < dim; k++)
                values[n * npy_stride(&array.header, 0) + c * npy_stride(&array.header, last ? 2 : 1) +
                       k * npy_stride(&array.header, last ? 1 : 2)] = (float)number((n * maps + c) * dim + k);
    array.data = (unsigned char *)values;
    return array;
}

static void expect_map(const float *distances, size_t maps, size_t dim, size_t from, size_t to)
{
    for (size_t i = 0, pair = 0; i < N; i++)
        for (size_t j = i + 1; j < N; j++, pair++) {
            double sum = 0;
            for (size_t c = from; c < to; c++)
                for (size_t k = 0; k < dim; k++)
                    sum += pow(number((i * maps + c) * dim + k) - number((j * maps + c) * dim + k), 2);
            cr_expect_eq(distances[pair], (float)sum, "maps %zu to %zu of %zu, pair %zu", from, to, maps, pair);
        }
}

static void expect_variable(size_t maps, size_t dim, size_t limit, enum layer_axes axes, bool fortran)
{
    struct npy array = make_array(maps, dim, axes, fortran);
    struct variable variable = {.maps = maps, .kept = maps_kept(maps, limit), .dim = dim};
    struct layout layout;
    struct ifl_error error;
    int32_t which[600];
    cr_assert_eq(layout_of_values(&layout, &array.header, axes, &error), IFL_OK, "%s", error.message);
    cr_assert_eq(variable_check(&variable, &layout, &array, N, NULL, &error), IFL_OK, "%s", error.message);
    cr_assert_eq(variable_fill(&variable, &layout, &array, N, NULL, &error), IFL_OK, "%s", error.message);
    maps_sample(which, maps, variable.kept);
    for (size_t k = 0; k < variable.kept; k++)
        expect_map(variable.distances + k * PAIRS, maps, dim, (size_t)which[k], (size_t)which[k] + 1);
    if (maps > 1)
        expect_map(variable.distances + variable.kept * PAIRS, maps, dim, 0, maps);
    free(variable.distances);
    npy_release(&array);
}

Test(wide, every_order_and_sample_of_maps_gives_the_same_distances)
{
    static const struct {
        size_t maps, dim;
    } shapes[] = {{1, 60000}, {3, 20000}, {16, 130}, {17, 128}, {40, 7}, {512, 1}};
    for (size_t k = 0; k < COUNT(shapes); k++)
        for (int fortran = 0; fortran < 2; fortran++)
            for (int axes = AXES_NCHW; axes <= AXES_NHWC; axes++)
                for (size_t limit = 0; limit <= 20; limit += 5)
                    expect_variable(shapes[k].maps, shapes[k].dim, limit, (enum layer_axes)axes, fortran);
}

Test(wide, a_sample_is_ascending_and_the_same_again)
{
    int32_t one[128], two[128];
    double mean = 0;
    maps_sample(one, 512, 128);
    maps_sample(two, 512, 128);
    for (size_t k = 0; k < 128; k++) {
        cr_expect_eq(one[k], two[k]);
        cr_expect(one[k] >= 0 && one[k] < 512 && (k == 0 || one[k] > one[k - 1]), "map %zu", k);
        mean += one[k] / 128.0;
    }
    cr_expect(fabs(mean - 255.5) < 4 * 147.8 / sqrt(128), "%g", mean); /* spread over all maps */
    maps_sample(one, 5, 5);
    for (int32_t k = 0; k < 5; k++)
        cr_expect_eq(one[k], k);
    cr_expect_eq(maps_kept(4, 0), 4);
    cr_expect_eq(maps_kept(4, 4), 4);
    cr_expect_eq(maps_kept(5, 4), 4);
}

/* ---- a reader ---- */

static char conv_name[] = "conv";
static struct layer layers[] = {{conv_name, LAYER_CONV, AXES_NCHW}};
static const struct run run = {.layers = layers, .n_layers = 1, .map_limit = 2};

static struct dump_reader *open_reader(const struct item *items, size_t count, const struct dump_limits *limits)
{
    struct dump_reader *reader = NULL;
    struct ifl_error error;
    write_npz("a.npz", items, count);
    cr_assert_eq(dump_reader_new(&reader, &run, in_folder("a.npz"), limits, NULL, &error), IFL_OK, "%s", error.message);
    return reader;
}

Test(wide, a_reader_gives_the_sampled_rows_of_distances_too)
{
    double x[N], t[4 * PAIRS];
    for (size_t k = 0; k < 4 * PAIRS; k++)
        t[k] = (double)(k * k % 37);
    for (size_t k = 0; k < N; k++)
        x[k] = (double)k;
    const struct item items[] = {{"X", {"<f4", false, 1, {N}, x}},
                                 {"step", SCALAR("<i8", 3)},
                                 {"D2/T/conv", {"<f8", false, 2, {4, PAIRS}, t}},
                                 {"dim/T/conv", SCALAR("<i8", 4)}};
    struct dump_limits limits = dump_limits_default();
    struct dump_reader *reader = open_reader(items, COUNT(items), &limits);
    const struct snapshot *snapshot = dump_reader_snapshot(reader);
    struct ifl_error error;
    float *distances = NULL;
    int32_t which[2];
    cr_assert_eq(snapshot->n_variables, 2);
    cr_expect_eq(snapshot->variables[1].maps, 4);
    cr_expect_eq(snapshot->variables[1].kept, 2);
    cr_expect_eq(snapshot->variables[1].distances, NULL);
    cr_assert_eq(dump_reader_check(reader, 1, &error), IFL_OK, "%s", error.message);
    cr_assert_eq(dump_reader_distances(reader, 1, &distances, &error), IFL_OK, "%s", error.message);
    maps_sample(which, 4, 2);
    for (size_t pair = 0; pair < PAIRS; pair++) {
        for (size_t k = 0; k < 2; k++)
            cr_expect_eq(distances[k * PAIRS + pair], (float)t[(size_t)which[k] * PAIRS + pair]);
        cr_expect_eq(distances[2 * PAIRS + pair],
                     (float)(t[pair] + t[PAIRS + pair] + t[2 * PAIRS + pair] + t[3 * PAIRS + pair]));
    }
    free(distances);
    dump_reader_free(reader);
}

/* What reading would refuse, checking refuses, by the same words. */
Test(wide, a_check_refuses_what_reading_would)
{
    static const double bad[] = {NAN, INFINITY, 3e19, -3e19};
    double x[N] = {0}, t[N * 4] = {0};
    for (size_t k = 0; k < COUNT(bad); k++) {
        t[7] = bad[k];
        const struct item items[] = {
            {"X", {"<f4", false, 1, {N}, x}}, {"step", SCALAR("<i8", 3)}, {"T/conv", {"<f4", false, 3, {N, 2, 2}, t}}};
        struct dump_limits limits = dump_limits_default();
        struct dump_reader *reader = open_reader(items, COUNT(items), &limits);
        struct ifl_error checked, read;
        float *distances = NULL;
        expect_refusal(dump_reader_check(reader, 1, &checked), &checked, "/a.npz: T/conv: ");
        expect_refusal(dump_reader_distances(reader, 1, &distances, &read), &read, checked.message);
        cr_expect_eq(distances, NULL);
        dump_reader_free(reader);
    }
}
