#define _XOPEN_SOURCE 700 /* mkfifo, symlink */

#include <criterion/criterion.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixtures.h"

static const double numbers[24] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
static const struct item items[] = {
    {"X", {"<f4", false, 2, {2, 3}, numbers}},
    {"T/second/conv", {"<f4", false, 4, {2, 3, 2, 2}, numbers}},
    {"delta/first", {"<f4", false, 2, {2, 3}, numbers}},
    {"T/first", {"<f4", false, 2, {2, 3}, numbers}},
    {"D2/T/third", {"<f4", false, 2, {1, 1}, numbers}},
    {"dim/T/third", SCALAR("<i8", 3)},
    {"D2/T/fourth", {"<f4", false, 2, {2, 1}, numbers}},
    {"dim/T/fourth", SCALAR("<i8", 3)},
    {"step", SCALAR("<i8", 7)},
};
static const char manifest[] = "{\"format\": \"infoflow-run\", \"version\": 1, \"name\": \"named\", \"layers\": []}";

TestSuite(folder, .fini = remove_folder);

static enum ifl_status open_run(struct dump_run *run, const char *path, struct noted *noted, struct ifl_error *error)
{
    struct dump_limits limits = dump_limits_default();
    struct dump_notes notes = notes_into(noted);
    return dump_open(run, path, &limits, &notes, error);
}

static void expect_file(const struct dump_run *run, size_t index, const char *name)
{
    cr_assert(index < run->n_files);
    cr_expect_str_eq(run->files[index], in_folder(name));
}

Test(folder, lists_snapshots_by_name)
{
    static const char *const names[] = {"b.npz", "a.npz", "step-10.npz", "step-2.npz", "Z.npz", "c.safetensors"};
    static const char *const others[] = {"c.npz.tmp", ".hidden.npz",       ".npz",        "notes.txt",
                                         "npz",       "c.safetensors.tmp", ".safetensors"};
    struct dump_run run;
    struct noted noted;
    struct ifl_error error;
    for (size_t k = 0; k < COUNT(names); k++)
        write_npz(names[k], items, COUNT(items));
    for (size_t k = 0; k < COUNT(others); k++)
        write_file(others[k], "", 0);
    cr_assert_eq(symlink("a.npz", in_folder("link.npz")), 0);
    write_file("run.json", manifest, sizeof manifest - 1);

    const char *const paths[] = {folder_path(), in_folder("//")};
    for (size_t k = 0; k < COUNT(paths); k++) {
        cr_assert_eq(open_run(&run, paths[k], &noted, &error), IFL_OK, "%s", error.message);
        cr_expect_str_eq(run.run.name, "named");
        cr_expect_eq(noted.count, 0, "%s", noted.text);
        static const char *const sorted[] = {"Z.npz",    "a.npz",       "b.npz",     "c.safetensors",
                                             "link.npz", "step-10.npz", "step-2.npz"};
        cr_assert_eq(run.n_files, COUNT(sorted));
        for (size_t file = 0; file < COUNT(sorted); file++)
            cr_expect_str_eq(strrchr(run.files[file], '/') + 1, sorted[file]);
        dump_close(&run);
    }
    cr_expect(dump_is_run(folder_path()));
}

/* They are listed, so that whoever reads them learns of it; none is waited for, none is opened. */
Test(folder, refuses_what_is_no_file_by_name)
{
    struct dump_limits limits = dump_limits_default();
    struct dump_run run;
    struct noted noted;
    struct ifl_error error;
    cr_assert_eq(mkdir(in_folder("folder.npz"), 0700), 0);
    cr_assert_eq(mkfifo(in_folder("fifo.npz"), 0600), 0);
    cr_assert_eq(symlink("/dev/zero", in_folder("device.npz")), 0);
    cr_assert_eq(symlink("loop.npz", in_folder("loop.npz")), 0);
    cr_expect_not(dump_is_run(folder_path()));
    write_file("run.json", manifest, sizeof manifest - 1);
    cr_assert_eq(open_run(&run, folder_path(), &noted, &error), IFL_OK, "%s", error.message);
    cr_assert_eq(run.n_files, 4);
    for (size_t k = 0; k < run.n_files; k++) {
        struct snapshot snapshot;
        bool loop = strstr(run.files[k], "loop") != NULL;
        expect_refusal(dump_read(&snapshot, &run.run, run.files[k], &limits, NULL, &error), &error,
                       loop ? "loop.npz: cannot open" : ".npz: not a regular file");
    }
    dump_close(&run);
}

/* What becomes of a file once it was looked at, see __wrap_stat. */
static const char *becomes_a_fifo;

int __real_stat(const char *path, struct stat *about);
int __wrap_stat(const char *path, struct stat *about);
int __wrap_stat(const char *path, struct stat *about)
{
    int result = __real_stat(path, about);
    if (becomes_a_fifo != NULL && strcmp(path, becomes_a_fifo) == 0)
        cr_assert(unlink(path) == 0 && mkfifo(path, 0600) == 0);
    return result;
}

Test(folder, refuses_what_is_no_file_any_more, .timeout = 20)
{
    struct dump_limits limits = dump_limits_default();
    const struct run run = {.n_layers = 0};
    struct snapshot snapshot;
    struct ifl_error error;
    write_npz("a.npz", items, COUNT(items));
    becomes_a_fifo = in_folder("a.npz");
    expect_refusal(dump_read(&snapshot, &run, becomes_a_fifo, &limits, NULL, &error), &error, "not a regular file");
}

Test(folder, takes_a_single_file)
{
    struct dump_run run;
    struct noted noted;
    struct ifl_error error;
    write_npz("a.npz", items, COUNT(items));
    write_npz("b.npz", items, COUNT(items));
    write_file("run.json", manifest, sizeof manifest - 1);
    cr_assert_eq(open_run(&run, in_folder("b.npz"), &noted, &error), IFL_OK, "%s", error.message);
    cr_expect_str_eq(run.run.name, "named");
    cr_expect_eq(run.n_files, 1);
    expect_file(&run, 0, "b.npz");
    dump_close(&run);

    cr_assert_eq(chdir(folder_path()), 0);
    cr_assert_eq(open_run(&run, "a.npz", &noted, &error), IFL_OK, "%s", error.message);
    cr_expect_str_eq(run.files[0], "a.npz");
    dump_close(&run);
}

Test(folder, does_without_a_manifest)
{
    static const struct {
        const char *name;
        enum layer_axes axes;
    } layers[] = {{"second/conv", AXES_NCHW}, {"first", AXES_ND}, {"third", AXES_ND}, {"fourth", AXES_NCHW}};
    struct dump_limits limits = dump_limits_default();
    struct dump_run run;
    struct snapshot snapshot;
    struct noted noted;
    struct ifl_error error;
    write_npz("a.npz", items, COUNT(items));
    cr_assert_eq(chdir(folder_path()), 0);
    const char *const paths[] = {folder_path(), in_folder("a.npz"), ".", "a.npz"};
    for (size_t path = 0; path < COUNT(paths); path++) {
        cr_assert_eq(open_run(&run, paths[path], &noted, &error), IFL_OK, "%s", error.message);
        cr_expect_str_eq(run.run.name, strrchr(folder_path(), '/') + 1);
        cr_assert_eq(run.run.n_layers, COUNT(layers));
        for (size_t k = 0; k < COUNT(layers); k++) {
            cr_expect_str_eq(run.run.layers[k].name, layers[k].name);
            cr_expect_eq(run.run.layers[k].kind, LAYER_OTHER);
            cr_expect_eq(run.run.layers[k].axes, layers[k].axes);
        }
        cr_expect_eq(noted.count, 1);
        cr_expect(strstr(noted.text, "a.npz: run.json: missing") != NULL, "%s", noted.text);
        cr_assert_eq(dump_read(&snapshot, &run.run, run.files[0], &limits, NULL, &error), IFL_OK, "%s", error.message);
        cr_expect_eq(snapshot.n_variables, 6);
        snapshot_release(&snapshot);
        dump_close(&run);
    }
}

Test(folder, may_hold_no_snapshot_yet)
{
    struct dump_run run;
    struct noted noted;
    struct ifl_error error;
    write_file("run.json", manifest, sizeof manifest - 1);
    cr_assert_eq(open_run(&run, folder_path(), &noted, &error), IFL_OK, "%s", error.message);
    cr_expect_eq(run.n_files, 0);
    dump_close(&run);
    cr_expect(dump_is_run(folder_path()));
}

Test(folder, is_not_found)
{
    struct dump_run run;
    struct noted noted;
    struct ifl_error error;
    cr_expect_eq(open_run(&run, folder_path(), &noted, &error), IFL_NOT_FOUND);
    cr_expect(strstr(error.message, "no run.json and no snapshots") != NULL, "%s", error.message);
    cr_expect_not(dump_is_run(folder_path()));
    cr_expect_eq(open_run(&run, in_folder("nowhere"), &noted, &error), IFL_NOT_FOUND);
    cr_expect_not(dump_is_run(in_folder("nowhere")));
    write_file("notes.txt", "", 0);
    cr_expect_eq(open_run(&run, in_folder("notes.txt"), &noted, &error), IFL_NOT_FOUND);
    cr_expect_not(dump_is_run(in_folder("notes.txt")));
}

Test(folder, refuses_a_broken_manifest)
{
    struct dump_run run;
    struct noted noted;
    struct ifl_error error;
    write_npz("a.npz", items, COUNT(items));
    write_file("run.json", "{\n\n!", 4);
    expect_refusal(open_run(&run, folder_path(), &noted, &error), &error, "/run.json: line 3: ");
    cr_assert_eq(unlink(in_folder("run.json")), 0);
    cr_assert_eq(mkfifo(in_folder("run.json"), 0600), 0);
    expect_refusal(open_run(&run, folder_path(), &noted, &error), &error, "/run.json: not a regular file");
}

Test(folder, refuses_a_broken_first_file_without_a_manifest)
{
    struct dump_run run;
    struct noted noted;
    struct ifl_error error;
    write_file("a.npz", "no zip", 6);
    expect_refusal(open_run(&run, folder_path(), &noted, &error), &error, "/a.npz: zip: ");
}

static void expect_limited(const struct dump_limits *limits, const char *refusal)
{
    struct dump_run run;
    struct ifl_error error;
    expect_refusal(dump_open(&run, folder_path(), limits, NULL, &error), &error, refusal);
}

Test(folder, takes_a_manifest_of_the_limit)
{
    struct dump_limits limits = dump_limits_default();
    struct dump_run run;
    struct ifl_error error;
    write_file("run.json", manifest, sizeof manifest - 1);
    limits.json = sizeof manifest - 1;
    cr_assert_eq(dump_open(&run, folder_path(), &limits, NULL, &error), IFL_OK, "%s", error.message);
    dump_close(&run);
    limits.json--;
    expect_limited(&limits, "/run.json: 71 bytes, more than 70");
}

/* Names of layers come from keys, the run's from the folder, where no run.json has them. */
Test(folder, holds_its_limits_without_a_manifest)
{
    static const char long_key[] = "T/0123456789012345678901234567890123456789";
    const struct item named[] = {{"X", {"<f4", false, 2, {2, 3}, numbers}},
                                 {long_key, {"<f4", false, 2, {2, 3}, numbers}},
                                 {"step", SCALAR("<i8", 7)}};
    const struct item nameless[] = {{"T/", {"<f4", false, 2, {2, 3}, numbers}}};
    struct dump_limits limits = dump_limits_default();
    struct dump_run run;
    struct ifl_error error;
    limits.layers = 3;
    write_npz("a.npz", items, COUNT(items));
    expect_limited(&limits, "a.npz: D2/T/fourth: more than 3 layers");
    limits.name = 40;
    write_npz("a.npz", named, COUNT(named));
    cr_assert_eq(dump_open(&run, folder_path(), &limits, NULL, &error), IFL_OK, "%s", error.message);
    dump_close(&run);
    limits.name--;
    expect_limited(&limits, "0123456789: a layer's name has 1 to 39 bytes");
    write_npz("a.npz", nameless, COUNT(nameless));
    expect_limited(&limits, "a.npz: T/: a layer's name has 1 to 39 bytes");
    limits.name = 5;
    expect_limited(&limits, ": name longer than 5 bytes");
}
