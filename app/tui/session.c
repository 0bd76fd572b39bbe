/* What the workbench shows, as command lines: kept while it runs, so that a killed program or a cut connection loses
 * nothing, and as saved views. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "workbench.h"

static const int64_t keep_pause = 1000; /* milliseconds between two writings */

/* ---- writing ---- */

static void write_params(const struct workbench *w, FILE *file)
{
    const struct ifl_params *params = &w->settings.now.params;
    char text[32];
    /* the rule first: it brings an h of its own */
    fprintf(file, "width %s\nh %.17g\nh-error %.17g\n", ifl_width_rule_name(params->width), params->h,
            params->h_error);
    if (params->h_label > 0)
        fprintf(file, "h-label %.17g\n", params->h_label);
    else
        fprintf(file, "h-label delta\n");
    fprintf(file, "alpha %.17g\ncomposition %s\npairs %s\n", params->alpha,
            ifl_composition_name(params->composition), parameter_text(text, params, PARAMETER_PAIRS));
    fprintf(file, "seed %" PRIu64 "\ntolerance %.17g\n", params->seed, w->looks.tolerance);
}

static void write_looks(const struct workbench *w, FILE *file)
{
    static const char *const chains[] = {[0] = "both",
                                         [IFL_BIT(IFL_FORWARD)] = "forward",
                                         [IFL_BIT(IFL_BACKWARD)] = "backward",
                                         [IFL_BIT(IFL_FORWARD) | IFL_BIT(IFL_BACKWARD)] = "both"};
    bool alone = w->zoomed || w->panel >= PANELS_ABREAST;
    fprintf(file, "legend %s\nchain %s\nrows %s\nstrip %s\nabout %s\n", w->looks.no_legend ? "off" : "on",
            chains[w->looks.chains], w->in_rows ? "on" : "off", w->no_strip ? "off" : "on",
            argument_word(ARGUMENT_ABOUT, (size_t)w->looks.pid));
    for (int p = 0; p < PANELS; p++)
        fprintf(file, "view %s\nlog %s\nmagnify %.17g\n", panel_word((enum panel)p), w->looks.log[p] ? "on" : "off",
                w->looks.zoom[p] > 1 ? w->looks.zoom[p] : 1);
    /* `all` goes back to the panel that was alone before it */
    if (!alone)
        fprintf(file, "view %s\n", panel_word(w->panel));
    fprintf(file, "view %s\n", alone ? panel_word(w->panel) : "all");
}

static void write_subjects(const struct workbench *w, FILE *file)
{
    const struct subject *front = showing_front(&w->showing);
    if (w->screen != SCREEN_RUN || front == NULL)
        return;
    fprintf(file, "compare");
    for (size_t s = 0; s < w->showing.count; s++)
        for (size_t m = 0; m < w->showing.subjects[s].n_members; m++)
            fprintf(file, "%c#%" PRId64, m > 0 ? ',' : ' ', w->showing.subjects[s].members[m].run.id);
    fprintf(file, "\n");
    for (size_t k = 0; k < w->showing.front; k++)
        fprintf(file, "front\n");
    const struct run *run = subject_run(front);
    bool named = (size_t)w->showing.layer < run->n_layers;
    if (named && can_be_typed(run->layers[w->showing.layer].name)) /* else it might be two lines */
        fprintf(file, "layer %s\n", run->layers[w->showing.layer].name);
    if (front->point + 1 < front->timeline.count)
        fprintf(file, "step %" PRId64 "\n", front->timeline.steps[front->point]);
}

char *session_text(const struct workbench *w, bool subjects)
{
    char *text = NULL;
    size_t length;
    FILE *file = open_memstream(&text, &length);
    if (file == NULL)
        return NULL;
    write_params(w, file);
    write_looks(w, file);
    runs_view_write(&w->runs, file);
    if (subjects)
        write_subjects(w, file);
    bool failed = ferror(file) != 0;
    failed |= fclose(file) != 0;
    if (failed) {
        free(text);
        return NULL;
    }
    return text;
}

/* ---- keeping ---- */

/* Where something has changed. Before the list is there, and while the beginning's lines wait, the session left behind
 * is still to be read. */
static bool is_to_be_kept(const struct workbench *w)
{
    return !w->no_session && w->session_touched && w->listed && w->start == NULL && w->opening == 0 && !w->in_bin;
}

static void keep(struct workbench *w, int64_t now)
{
    w->session_touched = false;
    char *text = session_text(w, true), *path = session_path(w->database);
    if (text != NULL && path != NULL && (w->saved == NULL || strcmp(text, w->saved) != 0)) {
        free(w->saved);
        w->saved = strdup(text);
        w->saved_at = now;
        errand_write(w, path, text, WRITE_OWN, "");
        text = NULL;
    }
    free(text);
    free(path);
}

int session_keep(struct workbench *w, int64_t now)
{
    if (!is_to_be_kept(w))
        return -1;
    if (w->saved_at > 0 && now < w->saved_at + keep_pause)
        return (int)(w->saved_at + keep_pause - now);
    keep(w, now);
    return -1;
}

void session_leave(struct workbench *w)
{
    if (is_to_be_kept(w))
        keep(w, w->saved_at);
}

void session_end(struct workbench *w)
{
    char *path = w->no_session ? NULL : session_path(w->database);
    if (path != NULL)
        unlink(path);
    free(path);
}

/* ---- going on ---- */

struct lines {
    FILE *file;
};

static enum ifl_status add_line(void *context, const char *line, struct ifl_error *error)
{
    struct lines *lines = context;
    (void)error;
    fprintf(lines->file, "%s\n", line);
    return IFL_OK;
}

char *session_read(const char *path, struct ifl_error *error)
{
    char *text = NULL;
    size_t length;
    struct lines lines = {open_memstream(&text, &length)};
    if (lines.file == NULL) {
        ifl_fail(error, IFL_NO_MEMORY, "%s: no memory to read it", path);
        return NULL;
    }
    enum ifl_status status = config_read(path, add_line, &lines, error);
    if (fclose(lines.file) != 0)
        status = ifl_fail(error, IFL_NO_MEMORY, "%s: no memory to read it", path);
    if (status != IFL_OK) {
        free(text);
        return NULL;
    }
    return text;
}

char *session_left(const struct workbench *w)
{
    char *path = session_path(w->database), *text = NULL;
    if (path != NULL)
        text = session_read(path, NULL);
    free(path);
    return text;
}
