#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <intake/followed.h>
#include <intake/passage.h>

/* The news of a long import come this often. */
#define TELL_MS 1000

/* One look at a folder. */
struct look {
    struct followed *followed;
    const struct following *following;
    bool slow;
    int64_t now;
    const char *reading; /* the path of the file being read, for its notes */
};

enum ifl_status followed_new(struct followed **out, const char *path, struct ifl_error *error)
{
    struct followed *followed = ifl_alloc(1, sizeof *followed);
    if (followed == NULL || (followed->path = strdup(path)) == NULL) {
        free(followed);
        return ifl_fail(error, IFL_NO_MEMORY, "%s: no memory to follow it", path);
    }
    followed->watch = -1;
    followed->dirty = true;
    followed->look_at = INT64_MAX;
    *out = followed;
    return IFL_OK;
}

void followed_free(struct followed *followed)
{
    if (followed == NULL)
        return;
    if (followed->opened)
        run_release(&followed->run);
    files_release(&followed->files);
    free(followed->path);
    free(followed);
}

/* ---- what is told ---- */

void tell_text(const struct following *following, enum follower_kind kind, const char *text)
{
    struct follower_news news = {.kind = kind};
    snprintf(news.text, sizeof news.text, "%s", text);
    following->tell(following->context, &news);
}

/* A complaint is made once; another one of the same file is another one. */
static void complain(const struct look *look, uint64_t *said, const char *text)
{
    uint64_t hash = text_hash(text);
    if (hash != *said)
        tell_text(look->following, FOLLOWER_ERROR, text);
    *said = hash;
}

/* A note of the reader. */
static void take_note(void *context, const char *text)
{
    struct look *look = context;
    if (told_notes_add(&look->followed->told, text, look->reading))
        tell_text(look->following, FOLLOWER_NOTE, text);
}

static struct dump_notes notes_of(struct look *look, const char *path)
{
    look->reading = path;
    return (struct dump_notes){.note = take_note, .context = look, .cancel = look->following->cancel};
}

static enum ifl_status tell_added(struct look *look, struct ifl_error *error)
{
    struct followed *f = look->followed;
    struct store_run run;
    if (f->added == 0 || f->id == 0)
        return IFL_OK;
    enum ifl_status status = store_get_run(look->following->store, f->id, &run, error);
    if (status != IFL_OK)
        return status == IFL_NOT_FOUND ? IFL_OK : status; /* deleted meanwhile: no news, but of the run after it */
    struct follower_news news = {.kind = FOLLOWER_ADDED, .run_id = f->id, .snapshots = f->added};
    snprintf(news.run, sizeof news.run, "%s", run.run.name);
    intake_summary(news.text, sizeof news.text, &run);
    store_run_release(&run);
    look->following->tell(look->following->context, &news);
    f->added = 0;
    f->told_at = now_ms();
    return IFL_OK;
}

/* ---- files that cannot be taken ---- */

static void look_again_at(struct followed *f, int64_t when)
{
    if (when < f->look_at)
        f->look_at = when;
}

/* Reading `file` failed: settles what becomes of it. IFL_OK, or what ends the look. */
static enum ifl_status file_failed(const struct look *look, struct file *file, enum ifl_status status,
                                   struct ifl_error *error)
{
    switch (status) {
    case IFL_CANCELED:
        return status;
    case IFL_NOT_FOUND: /* gone since it was listed */
        return IFL_OK;
    case IFL_REFUSED:
        if (file->mark == FILE_NEW) {
            file->mark = FILE_UNSETTLED;
            file->look_at = look->now + look->following->settle_ms;
            return IFL_OK;
        }
        file->mark = FILE_REFUSED;
        break;
    default:
        file->mark = FILE_FAILED;
        break;
    }
    complain(look, &file->said, error->message);
    return IFL_OK;
}

/* ---- the run ---- */

static char *path_in(const struct followed *f, const char *name, struct ifl_error *error)
{
    size_t size = strlen(f->path) + strlen(name) + 2;
    char *path = ifl_alloc(size, 1);
    if (path == NULL)
        ifl_fail(error, IFL_NO_MEMORY, "%s: out of memory", f->path);
    else
        snprintf(path, size, "%s/%s", f->path, name);
    return path;
}

/* Whether there is a run.json; a changed one is new. A run that is open needs none. */
static bool stamp_manifest(struct followed *f)
{
    struct stat about;
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/" DUMP_MANIFEST, f->path);
    bool there = length > 0 && (size_t)length < sizeof path && stat(path, &about) == 0 && S_ISREG(about.st_mode);
    struct stamp stamp = there ? stamp_of(&about) : (struct stamp){0};
    if (!stamp_same(&stamp, &f->manifest.stamp))
        f->manifest.mark = there || !f->opened ? FILE_NEW : FILE_TAKEN;
    f->manifest.stamp = stamp;
    return there;
}

/* Opens the run as `file` shows it: by its run.json, or by the file's own keys. */
static enum ifl_status open_by(struct look *look, struct file *file, bool manifest, struct ifl_error *error)
{
    struct followed *f = look->followed;
    struct dump_run dump;
    char *path = path_in(f, file->name, error);
    if (path == NULL)
        return IFL_NO_MEMORY;
    struct dump_notes notes = notes_of(look, path);
    enum ifl_status status = dump_open(&dump, path, &look->following->limits, &notes, error);
    free(path);
    if (status != IFL_OK)
        return file_failed(look, manifest ? &f->manifest : file, status, error);
    if (f->opened)
        run_release(&f->run);
    f->run = dump.run;
    dump.run = (struct run){0};
    dump_close(&dump);
    f->opened = true;
    f->manifest.mark = FILE_TAKEN;
    files_renew(&f->files, 1U << FILE_REFUSED | 1U << FILE_FAILED); /* perhaps it was the run that was wrong */
    return IFL_OK;
}

/* Opens the run where that is due; without a run.json not before it had the time to come. */
static enum ifl_status open_run(struct look *look, bool manifest, struct ifl_error *error)
{
    struct followed *f = look->followed;
    enum ifl_status status = IFL_OK;
    if (!file_is_due(&f->manifest, look->now, look->slow) || (f->opened && !manifest))
        return IFL_OK;
    if (manifest)
        return open_by(look, &f->files.items[0], true, error);
    if (f->bare_until == 0)
        f->bare_until = look->now + look->following->grace_ms;
    if (look->now < f->bare_until) {
        look_again_at(f, f->bare_until);
        return IFL_OK;
    }
    for (size_t k = 0; k < f->files.count && !f->opened && status == IFL_OK; k++)
        if (file_is_due(&f->files.items[k], look->now, look->slow))
            status = open_by(look, &f->files.items[k], false, error);
    return status;
}

/* The run contradicts the one of its name in the database, which may be deleted some day. */
static void run_refused(const struct look *look, struct ifl_error *error)
{
    struct followed *f = look->followed;
    ifl_error_prefix(error, "%s", f->path);
    complain(look, &f->manifest.said, error->message);
    f->manifest.mark = FILE_FAILED;
    run_release(&f->run);
    f->opened = false;
}

/* Adds the run or, where it is there, compares it. */
static enum ifl_status add_run(const struct look *look, struct ifl_error *error)
{
    struct followed *f = look->followed;
    enum ifl_status status = store_add_run(look->following->store, &f->run, &f->id, error);
    if (status != IFL_REFUSED)
        return status;
    run_refused(look, error);
    return IFL_OK;
}

static enum ifl_status find_run(const struct look *look, struct ifl_error *error)
{
    struct followed *f = look->followed;
    int64_t id;
    enum ifl_status status = store_find_named(look->following->store, f->run.name, &id, error);
    if (status == IFL_OK)
        status = find_map_limit(look->following->store, id, look->following->maps, &f->run.map_limit, error);
    if (status != IFL_OK)
        return status;
    if (id != f->id && f->id != 0) /* renamed, or deleted: then it comes back whole */
        files_renew(&f->files, ~0U);
    f->id = id;
    return id == 0 ? IFL_OK : add_run(look, error);
}

/* ---- its snapshots ---- */

static void file_taken(const struct look *look, struct file *file, int64_t step, int64_t batch)
{
    file->mark = FILE_TAKEN;
    file->said = 0;
    file->step = step;
    file->batch = batch;
    look->followed->manifest.said = 0;
}

/* The snapshot is in the database. If another file brought it, this one is left out, and its writer should know. */
static void file_known(const struct look *look, struct file *file, const char *path, int64_t step, int64_t batch)
{
    const struct files *files = &look->followed->files;
    const struct file *other = NULL;
    for (size_t k = 0; k < files->count && other == NULL; k++)
        if (&files->items[k] != file && files->items[k].mark == FILE_TAKEN && files->items[k].step == step &&
            files->items[k].batch == batch)
            other = &files->items[k];
    if (other != NULL) {
        struct ifl_error error;
        ifl_fail(&error, IFL_REFUSED, "%s: step: step %lld, batch %lld is in %s as well", path, (long long)step,
                 (long long)batch, other->name);
        complain(look, &file->said, error.message);
        file->mark = FILE_REFUSED;
        return;
    }
    file_taken(look, file, step, batch);
}

/* Whether the database has the snapshot already, found out without reading its arrays; *file is then settled. */
static enum ifl_status skip_stored(const struct look *look, struct file *file, const char *path, bool *skipped,
                                   struct ifl_error *error)
{
    const struct followed *f = look->followed;
    int64_t step, batch;
    *skipped = false;
    if (f->id == 0)
        return IFL_OK;
    enum ifl_status status = dump_peek(&step, &batch, &f->run, path, &look->following->limits, error);
    if (status != IFL_OK) {
        *skipped = true;
        return file_failed(look, file, status, error);
    }
    status = store_has_snapshot(look->following->store, f->id, step, batch, skipped, error);
    if (status == IFL_OK && *skipped)
        file_known(look, file, path, step, batch);
    return status;
}

static enum ifl_status store_passage(struct look *look, struct file *file, const char *path, struct passage *passage,
                                     struct ifl_error *error)
{
    struct followed *f = look->followed;
    bool added;
    if (f->id == 0) {
        enum ifl_status status = add_run(look, error);
        if (status != IFL_OK || !f->opened)
            return status;
    }
    enum ifl_status status = passage_store(passage, look->following->store, f->id, path, &added, error);
    if (status == IFL_REFUSED)
        return file_failed(look, file, status, error);
    if (status == IFL_OK && added)
        f->added++;
    if (status == IFL_OK)
        file_taken(look, file, passage_snapshot(passage)->step, passage_snapshot(passage)->batch);
    return status;
}

static enum ifl_status take_file(struct look *look, struct file *file, struct ifl_error *error)
{
    struct followed *f = look->followed;
    struct passage passage = {0};
    bool skipped;
    char *path = path_in(f, file->name, error);
    if (path == NULL)
        return IFL_NO_MEMORY;
    struct dump_notes notes = notes_of(look, path);
    enum ifl_status status = skip_stored(look, file, path, &skipped, error);
    if (status != IFL_OK || skipped)
        goto out;
    status = passage_open(&passage, &f->run, path, &look->following->limits, &notes, error);
    if (status == IFL_OK)
        status = passage_check(&passage, HELD_BYTES, error);
    if (status != IFL_OK)
        status = file_failed(look, file, status, error);
    else
        status = store_passage(look, file, path, &passage, error);
    passage_release(&passage);
out:
    free(path);
    return status;
}

static enum ifl_status take_files(struct look *look, struct ifl_error *error)
{
    struct followed *f = look->followed;
    enum ifl_status status = IFL_OK;
    for (size_t k = 0; k < f->files.count && f->opened && status == IFL_OK; k++) {
        struct file *file = &f->files.items[k];
        if (atomic_load(look->following->cancel))
            return ifl_fail(error, IFL_CANCELED, "canceled");
        if (file_is_due(file, look->now, look->slow))
            status = take_file(look, file, error);
        if (status == IFL_OK && now_ms() - f->told_at >= TELL_MS)
            status = tell_added(look, error);
    }
    return status;
}

static bool any_due(const struct look *look)
{
    const struct files *files = &look->followed->files;
    bool due = file_is_due(&look->followed->manifest, look->now, look->slow);
    for (size_t k = 0; k < files->count && !due; k++)
        due = file_is_due(&files->items[k], look->now, look->slow);
    return due;
}

/* When those that are unsettled since this look are to be looked at again. */
static void settle_later(const struct look *look)
{
    struct followed *f = look->followed;
    for (size_t k = 0; k < f->files.count; k++)
        if (f->files.items[k].mark == FILE_UNSETTLED && f->files.items[k].look_at > look->now)
            look_again_at(f, f->files.items[k].look_at);
    if (f->manifest.mark == FILE_UNSETTLED && f->manifest.look_at > look->now)
        look_again_at(f, f->manifest.look_at);
}

static enum ifl_status list(const struct look *look, struct ifl_error *error)
{
    struct followed *f = look->followed;
    enum ifl_status status = files_list(&f->files, f->path, error);
    if (status == IFL_FAILED)
        complain(look, &f->said, error->message);
    else if (status == IFL_OK)
        f->said = 0;
    return status == IFL_NO_MEMORY ? status : IFL_OK; /* that it is gone shows in the folder above it */
}

static enum ifl_status take_new(struct look *look, struct ifl_error *error)
{
    struct followed *f = look->followed;
    enum ifl_status status = list(look, error);
    if (status != IFL_OK)
        return status;
    bool manifest = stamp_manifest(f);
    if (f->files.count == 0 || !any_due(look))
        return IFL_OK;
    status = open_run(look, manifest, error);
    if (status == IFL_OK && f->opened)
        status = find_run(look, error);
    return status == IFL_OK && f->opened ? take_files(look, error) : status;
}

enum ifl_status followed_look(struct followed *f, const struct following *following, bool slow, struct ifl_error *error)
{
    struct look look = {.followed = f, .following = following, .slow = slow, .now = now_ms()};
    struct ifl_error telling;
    f->look_at = INT64_MAX;
    f->told_at = look.now;
    enum ifl_status status = take_new(&look, error);
    settle_later(&look);
    enum ifl_status told = tell_added(&look, &telling); /* also what was added before a failure */
    if (status != IFL_OK || told == IFL_OK)
        return status;
    *error = telling;
    return told;
}
