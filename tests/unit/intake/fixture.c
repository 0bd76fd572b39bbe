#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fixture.h"
#include "fixtures.h"

#define PATIENCE_MS 100000 /* only a hang takes so long */
enum { MAX_SAMPLES = 8 };

char database[96];
char root[96];
bool noted;

void make(void)
{
    snprintf(database, sizeof database, "%s/runs.db", folder_path());
    snprintf(root, sizeof root, "%s/all", folder_path());
}

void make_folder(const char *path)
{
    cr_assert_eq(mkdir(in_folder(path), 0755), 0, "%s", path);
}

void move(const char *from, const char *to)
{
    char source[256];
    snprintf(source, sizeof source, "%s", in_folder(from));
    cr_assert_eq(rename(source, in_folder(to)), 0, "%s to %s", from, to);
}

void remove_all(const char *path)
{
    char command[300];
    snprintf(command, sizeof command, "rm -r '%s'", in_folder(path));
    cr_assert_eq(system(command), 0);
}

void write_text(const char *path, const char *text)
{
    write_file(path, text, strlen(text));
}

void write_manifest(const char *path, const char *name, const char *layer)
{
    char text[256];
    snprintf(text, sizeof text,
             "{\"format\": \"infoflow-run\", \"version\": 1, \"name\": \"%s\","
             " \"layers\": [{\"name\": \"%s\", \"kind\": \"fc\", \"axes\": \"ND\"}]}",
             name, layer);
    write_text("run.json.tmp", text);
    move("run.json.tmp", path);
}

void write_snapshot(const char *path, int step, const char *layer, size_t samples)
{
    char key[64];
    double x[2 * MAX_SAMPLES], t[3 * MAX_SAMPLES];
    for (int k = 0; k < 3 * MAX_SAMPLES; k++)
        t[k] = (k * k + 7 * step) % 11;
    for (int k = 0; k < 2 * MAX_SAMPLES; k++)
        x[k] = k * k % 7;
    snprintf(key, sizeof key, "T/%s", layer);
    const struct item items[] = {{"X", {"<f4", false, 2, {samples, 2}, x}},
                                 {"step", SCALAR("<i8", step)},
                                 {key, {"<f4", false, 2, {samples, 3}, t}},
                                 {"unknown", SCALAR("<i8", 1)}};
    size_t count = COUNT(items) - !noted, length = strlen(path);
    if (length > 12 && strcmp(path + length - 12, ".safetensors") == 0) {
        struct buffer file = {0};
        put_safetensors(&file, items, count);
        write_file("a.npz.tmp", file.data, file.size);
        buffer_release(&file);
    } else {
        write_npz("a.npz.tmp", items, count);
    }
    move("a.npz.tmp", path);
}

void write_run(const char *path, const char *name, int snapshots)
{
    char file[128];
    make_folder(path);
    snprintf(file, sizeof file, "%s/run.json", path);
    write_manifest(file, name, "fc");
    for (int step = 0; step < snapshots; step++) {
        snprintf(file, sizeof file, "%s/step-%d.npz", path, step);
        write_snapshot(file, step, "fc", 4);
    }
}

struct follower_options quick(bool poll)
{
    return (struct follower_options){
        .poll = poll, .poll_ms = 5, .net_ms = 1000000, .settle_ms = 20, .grace_ms = 1000000};
}

struct follower *follow(const struct follower_options *options)
{
    struct follower *follower = NULL;
    assert_ok(follower_new(&follower, database, root, options, &error));
    return follower;
}

static struct follower_news next_news(struct follower *follower)
{
    struct follower_news news;
    struct pollfd ready = {.fd = follower_fd(follower), .events = POLLIN};
    cr_assert_eq(poll(&ready, 1, PATIENCE_MS), 1, "no news");
    cr_assert(follower_take(follower, &news));
    return news;
}

struct follower_news expect_news(struct follower *follower, enum follower_kind kind, const char *part)
{
    struct follower_news news = next_news(follower);
    cr_assert_eq((int)news.kind, (int)kind, "%s", news.text);
    cr_assert(strstr(news.text, part) != NULL, "no \"%s\" in \"%s\"", part, news.text);
    return news;
}

size_t expect_growth(struct follower *follower, const char *run, size_t snapshots)
{
    char now[64];
    size_t added = 0;
    snprintf(now, sizeof now, "%s: %zu snapshots, ", run, snapshots);
    for (;;) {
        struct follower_news news = next_news(follower);
        cr_assert_eq((int)news.kind, (int)FOLLOWER_ADDED, "%s", news.text);
        cr_assert_str_eq(news.run, run);
        added += news.snapshots;
        if (strncmp(news.text, now, strlen(now)) == 0)
            return added;
    }
}

void expect_silence(struct follower *follower)
{
    struct follower_news news;
    struct pollfd ready = {.fd = follower_fd(follower), .events = POLLIN};
    cr_assert_eq(poll(&ready, 1, 0), 0);
    cr_assert(!follower_take(follower, &news), "%s", news.text);
}

/* Of the runs, or of the snapshots of the run of that name. */
static size_t count(const char *run)
{
    struct store *store;
    struct store_run *runs;
    size_t n = 0, found = 0;
    assert_ok(store_open(&store, database, STORE_WRITE, &error));
    assert_ok(store_list_runs(store, &runs, &n, &error));
    for (size_t k = 0; k < n; k++)
        if (run != NULL && strcmp(runs[k].run.name, run) == 0)
            found = runs[k].snapshots;
    store_runs_free(runs, n);
    store_close(store);
    return run == NULL ? n : found;
}

size_t stored_runs(void)
{
    return count(NULL);
}

size_t stored_snapshots(const char *run)
{
    return count(run);
}
