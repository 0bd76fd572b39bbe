/* sample-runs/infoflow_dump.h: what it writes is read back, number for number. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <dump/dump.h>
#include <infoflow_dump.h>

#include "fixtures.h"

enum { N = 5, MAPS = 3, DIM = 4, FEATURES = 6 };

static const struct infoflow_layer layers[] = {{"block/conv \"1\"\n", "conv", "NHWC"}, {"fc", "fc", "ND"}};
static float x[N * 2], t[N * DIM * MAPS];
static double fc[N * FEATURES];
static const uint8_t labels[N] = {2, 0, 1, 2, 1};

static void make_values(void)
{
    for (int k = 0; k < N * 2; k++)
        x[k] = (float)(k * k % 7) / 2;
    for (int k = 0; k < N * DIM * MAPS; k++)
        t[k] = (float)(k * k % 23) - 4;
    for (int k = 0; k < N * FEATURES; k++)
        fc[k] = k * k % 11 - 0.25;
}

TestSuite(writer, .init = make_values, .fini = remove_folder);

static int write_one(int64_t step, int64_t batch)
{
    const struct infoflow_array arrays[] = {
        INFOFLOW_ARRAY("X", "F32", x, N, 2),
        INFOFLOW_ARRAY("Y", "U8", labels, N),
        INFOFLOW_ARRAY("T/block/conv \"1\"\n", "F32", t, N, 2, 2, MAPS),
        INFOFLOW_ARRAY("T/fc", "F64", fc, N, FEATURES),
        INFOFLOW_NUMBER("epoch", 0.5),
        INFOFLOW_NUMBER("metrics/loss", 0.1),
    };
    return infoflow_write_snapshot(folder_path(), step, batch, arrays, COUNT(arrays));
}

Test(writer, is_read_back)
{
    struct dump_limits limits = dump_limits_default();
    struct dump_run run;
    struct noted noted;
    struct dump_notes notes = notes_into(&noted);
    struct snapshot s;
    struct ifl_error error;
    cr_assert_eq(infoflow_write_run(folder_path(), "a \\ name\t", "{\"lr\": 0.1, \"deep\": true}", layers, 2), 0);
    cr_assert_eq(write_one(469, 0), 0);
    cr_assert_eq(write_one(469, 2), 0);
    cr_assert_eq(dump_open(&run, folder_path(), &limits, &notes, &error), IFL_OK, "%s", error.message);
    cr_expect_str_eq(run.run.name, "a \\ name\t");
    cr_assert_eq(run.run.n_params, 2);
    cr_expect_eq(run.run.params[0].number, 0.1);
    cr_assert_eq(run.run.n_layers, 2);
    cr_expect_str_eq(run.run.layers[0].name, layers[0].name);
    cr_expect_eq(run.run.layers[0].axes, AXES_NHWC);
    cr_assert_eq(run.n_files, 2);
    cr_expect(strstr(run.files[0], "/step-0000469.b2.safetensors") != NULL, "%s", run.files[0]);
    cr_expect(strstr(run.files[1], "/step-0000469.safetensors") != NULL, "%s", run.files[1]);

    cr_assert_eq(dump_read(&s, &run.run, run.files[0], &limits, &notes, &error), IFL_OK, "%s", error.message);
    cr_expect_eq(noted.count, 0, "%s", noted.text);
    cr_expect_eq(s.step, 469);
    cr_expect_eq(s.batch, 2);
    cr_expect_eq(s.epoch, 0.5);
    cr_expect_eq(s.metrics[0].value, 0.1);
    cr_expect_eq(s.labels[3], 2);
    cr_assert_eq(s.n_variables, 3);
    cr_assert_eq(s.variables[1].maps, MAPS);
    for (size_t i = 0, pair = 0; i < N; i++)
        for (size_t j = i + 1; j < N; j++, pair++) {
            double far = 0, whole = 0, flat = 0;
            for (size_t k = 0; k < DIM; k++)
                far += pow(t[(i * DIM + k) * MAPS + 1] - t[(j * DIM + k) * MAPS + 1], 2);
            for (size_t k = 0; k < DIM * MAPS; k++)
                whole += pow(t[i * DIM * MAPS + k] - t[j * DIM * MAPS + k], 2);
            for (size_t k = 0; k < FEATURES; k++)
                flat += pow(fc[i * FEATURES + k] - fc[j * FEATURES + k], 2);
            cr_expect_eq(s.variables[1].distances[ifl_pair_count(N) + pair], (float)far);
            cr_expect_eq(s.variables[1].distances[MAPS * ifl_pair_count(N) + pair], (float)whole);
            cr_expect_eq(s.variables[2].distances[pair], (float)flat);
        }
    snapshot_release(&s);
    dump_close(&run);
}

Test(writer, leaves_nothing_half_written)
{
    static const struct infoflow_array strange = INFOFLOW_ARRAY("X", "F33", labels, N);
    static const struct infoflow_array empty = INFOFLOW_ARRAY("X", "F32", labels, N, 0);
    cr_expect_eq(infoflow_write_snapshot(folder_path(), 1, 0, &strange, 1), -1);
    cr_expect_eq(errno, EINVAL);
    cr_expect_eq(infoflow_write_snapshot(folder_path(), 1, 0, &empty, 1), -1);
    cr_expect_neq(rmdir(folder_path()), -1, "it is empty still");
    cr_expect_eq(write_one(1, 0), -1);
    cr_expect_eq(errno, ENOENT);
    cr_expect_eq(infoflow_write_run(folder_path(), "a", NULL, layers, 2), -1);
    cr_expect_eq(errno, ENOENT);

    cr_assert_eq(mkdir(folder_path(), 0700), 0);
    cr_assert_eq(mkdir(in_folder("step-0000001.safetensors"), 0700), 0);
    cr_assert_eq(write_one(1, 0), -1); /* cannot be renamed over a folder */
    cr_expect_eq(errno, EISDIR);
    cr_expect_eq(access(in_folder("step-0000001.safetensors.tmp"), F_OK), -1);
}
