/* Commands about the list of runs, and about the runs themselves. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"

/* ---- which run ---- */

/* The run of an id, or NULL where the text is none. */
static const struct store_run *find_id(const struct workbench *w, const char *text, size_t length)
{
    char *end;
    if (length == 0 || text[0] < '0' || text[0] > '9')
        return NULL;
    int64_t number = strtoll(text, &end, 10);
    return end == text + length ? runs_find(&w->runs, number) : NULL;
}

/* The run of a name, of a unique beginning of one, or of an id; `#12`, which files say, is of an id alone. */
static enum ifl_status find_run(const struct workbench *w, const char *text, size_t length, int64_t *id,
                                struct ifl_error *error)
{
    const struct store_run *found = NULL;
    size_t beginnings = 0;
    bool by_id = length > 1 && text[0] == '#';
    for (size_t k = 0; k < w->runs.count && !by_id; k++) {
        const struct store_run *run = &w->runs.items[k];
        if (strncmp(run->run.name, text, length) != 0)
            continue;
        if (run->run.name[length] == '\0') {
            *id = run->id;
            return IFL_OK;
        }
        found = run;
        beginnings++;
    }
    if (beginnings > 1)
        return ifl_fail(error, IFL_INVALID, "several runs begin with `%.*s`", (int)length, text);
    if (found == NULL)
        found = find_id(w, text + by_id, length - by_id);
    if (found == NULL)
        return ifl_fail(error, IFL_NOT_FOUND, "no run `%.*s`", (int)length, text);
    *id = found->id;
    return IFL_OK;
}

/* What an edit is of: the line under the cursor in a list, else the subject in front. `ids` has room for `room`. */
static size_t edited(const struct workbench *w, int64_t *ids, size_t room)
{
    struct run_choice choice = {0};
    size_t count = 0;
    if (workbench_context(w) & ON_LISTS) {
        if (runs_choice(&w->runs, &choice))
            for (; count < choice.count && count < room; count++)
                ids[count] = choice.ids[count];
        return count;
    }
    const struct subject *front = showing_front(&w->showing);
    for (; front != NULL && count < front->n_members && count < room; count++)
        ids[count] = front->members[count].run.id;
    return count;
}

enum { EDITED_MOST = 4096 };

/* ---- opening ---- */

static void open_choices(struct workbench *w, const struct run_choice *choices, size_t count)
{
    int64_t *ids;
    size_t sizes[SUBJECTS_MOST], n = 0, at = 0;
    for (size_t k = 0; k < count; k++)
        n += sizes[k] = choices[k].count;
    ids = ifl_alloc(n, sizeof *ids);
    for (size_t k = 0; k < count && ids != NULL; at += sizes[k++])
        memcpy(ids + at, choices[k].ids, sizes[k] * sizeof *ids);
    if (ids != NULL)
        errand_open(w, ids, sizes, count, false);
    else
        workbench_say(w, true, "no memory for the runs");
    free(ids);
}

static enum ifl_status open_argument(struct workbench *w, const char *argument, struct ifl_error *error)
{
    struct run_choice choice;
    int64_t id;
    size_t one = 1;
    if (argument[0] != '\0') {
        enum ifl_status status = find_run(w, argument, strlen(argument), &id, error);
        if (status == IFL_OK)
            errand_open(w, &id, &one, 1, false);
        return status;
    }
    if (w->in_bin)
        workbench_say(w, false, "it is in the bin: u takes it out");
    else if ((workbench_context(w) & ON_LISTS) && runs_choice(&w->runs, &choice))
        open_choices(w, &choice, 1);
    return IFL_OK;
}

/* One word of `RUN RUN,RUN "RUN ..."`; *end behind it. */
static size_t read_word(const char *text, const char **start, const char **end)
{
    text += strspn(text, " ,");
    bool quoted = *text == '"';
    *start = text + quoted;
    size_t length = strcspn(*start, quoted ? "\"" : " ,");
    *end = *start + length + (quoted && (*start)[length] == '"');
    return length;
}

/* Subjects between blanks, the runs of a group between commas. */
static enum ifl_status compare_named(struct workbench *w, const char *argument, struct ifl_error *error)
{
    int64_t ids[256];
    size_t sizes[SUBJECTS_MOST], count = 0, n = 0;
    const char *start, *at = argument;
    bool joined = false;
    for (size_t length; (length = read_word(at, &start, &at)) > 0;) {
        if ((!joined && count == SUBJECTS_MOST) || n == sizeof ids / sizeof *ids)
            return ifl_fail(error, IFL_INVALID, "compare: more than %d runs", SUBJECTS_MOST);
        enum ifl_status status = find_run(w, start, length, &ids[n], error);
        if (status != IFL_OK)
            return status;
        if (!joined)
            sizes[count++] = 0;
        sizes[count - 1]++;
        n++;
        joined = *at == ',';
    }
    errand_open(w, ids, sizes, count, false);
    return IFL_OK;
}

static enum ifl_status compare(struct workbench *w, const char *argument, struct ifl_error *error)
{
    struct run_choice marked[SUBJECTS_MOST];
    if (argument[0] != '\0')
        return compare_named(w, argument, error);
    size_t count = runs_marked(&w->runs, marked, SUBJECTS_MOST);
    if (count == 0)
        workbench_say(w, false, "nothing to compare: Space marks runs in the list");
    else if (w->in_bin)
        workbench_say(w, false, "they are in the bin: u takes them out");
    else
        open_choices(w, marked, count < SUBJECTS_MOST ? count : SUBJECTS_MOST);
    if (count > SUBJECTS_MOST)
        workbench_say(w, true, "the first %d of the %zu marked", SUBJECTS_MOST, count);
    return IFL_OK;
}

/* ---- editing ---- */

static const char *name_of(const struct workbench *w, int64_t id)
{
    const struct store_run *run = runs_find(&w->runs, id);
    return run != NULL ? run->run.name : "";
}

static enum ifl_status rename_run(struct workbench *w, const char *argument, struct ifl_error *error)
{
    int64_t ids[2];
    size_t count = edited(w, ids, 2);
    if (count == 0)
        return ifl_fail(error, IFL_INVALID, "there is no run to rename");
    if (count > 1)
        return ifl_fail(error, IFL_INVALID, "a group has the names of its runs: unfold it and rename those");
    if (argument[0] == '\0')
        workbench_prompt(w, DO_RENAME, "name: ", name_of(w, ids[0]));
    else
        errand_edit(w, EDIT_RENAME, ids, 1, NULL, argument);
    return IFL_OK;
}

static enum ifl_status edit_all(struct workbench *w, enum edit edit, const char *key, const char *text,
                                struct ifl_error *error)
{
    int64_t *ids = ifl_alloc(EDITED_MOST, sizeof *ids);
    size_t count = ids != NULL ? edited(w, ids, EDITED_MOST) : 0;
    if (count > 0)
        errand_edit(w, edit, ids, count, key, text);
    free(ids);
    return count > 0 ? IFL_OK : ifl_fail(error, IFL_INVALID, "there is no run to do that to");
}

static enum ifl_status tag(struct workbench *w, const char *argument, struct ifl_error *error)
{
    char key[COMMAND_ARGUMENT];
    const char *equals = strchr(argument, '=');
    if (argument[0] == '\0') {
        workbench_prompt(w, DO_TAG, "tag KEY=VALUE: ", "");
        return IFL_OK;
    }
    if (equals == NULL || equals == argument)
        return ifl_fail(error, IFL_INVALID, "tag: KEY=VALUE; KEY= takes it away");
    snprintf(key, sizeof key, "%.*s", (int)(equals - argument), argument);
    for (size_t end = strlen(key); end > 0 && key[end - 1] == ' ';)
        key[--end] = '\0';
    return edit_all(w, EDIT_TAG, key, equals + 1 + strspn(equals + 1, " "), error);
}

static enum ifl_status note(struct workbench *w, const char *argument, struct ifl_error *error)
{
    int64_t id;
    if (argument[0] != '\0')
        return edit_all(w, EDIT_NOTE, NULL, strcmp(argument, "-") == 0 ? "" : argument, error);
    const struct store_run *run = edited(w, &id, 1) > 0 ? runs_find(&w->runs, id) : NULL;
    workbench_prompt(w, DO_NOTE, "note (- for none): ", run != NULL ? run->note : "");
    return IFL_OK;
}

void commands_restore_last(struct workbench *w)
{
    if (w->in_bin) {
        struct ifl_error error = {0};
        if (edit_all(w, EDIT_RESTORE, NULL, NULL, &error) != IFL_OK)
            workbench_say(w, false, "the bin is empty");
    } else if (w->n_deletions == 0) {
        workbench_say(w, false, "nothing was deleted here; :bin shows what is in the bin");
    } else {
        const struct deletion *last = &w->deletions[w->n_deletions - 1];
        if (w->editing == 0)
            errand_edit(w, EDIT_RESTORE, last->ids, last->count, NULL, NULL);
    }
}

static enum ifl_status restore(struct workbench *w, const char *argument, struct ifl_error *error)
{
    (void)error;
    if (argument[0] == '\0')
        commands_restore_last(w);
    else
        errand_edit(w, EDIT_RESTORE, NULL, 0, NULL, argument);
    return IFL_OK;
}

static bool do_edits(struct workbench *w, enum command command, const char *argument, enum ifl_status *status,
                     struct ifl_error *error)
{
    if (command == DO_RENAME)
        *status = rename_run(w, argument, error);
    else if (command == DO_TAG)
        *status = tag(w, argument, error);
    else if (command == DO_NOTE)
        *status = note(w, argument, error);
    else if (command == DO_DELETE && (w->editing > 0 || w->list_wanted))
        return true; /* of a run that may be gone already */
    else if (command == DO_DELETE)
        *status = w->in_bin ? ifl_fail(error, IFL_INVALID, "it is in the bin; `infoflow delete --purge` empties it")
                            : edit_all(w, EDIT_DELETE, NULL, NULL, error);
    else if (command == DO_RESTORE)
        *status = restore(w, argument, error);
    else
        return false;
    return true;
}

/* ---- the list ---- */

static void search(struct workbench *w, const char *text, int direction)
{
    if (text == NULL && w->runs.sought[0] == '\0')
        workbench_say(w, false, "nothing to search for yet: / asks");
    else if (!runs_search(&w->runs, text, direction, text != NULL))
        workbench_say(w, true, "no run has `%s`", w->runs.sought);
}

static enum ifl_status filter(struct workbench *w, const char *argument, struct ifl_error *error)
{
    if (argument[0] == '\0') {
        workbench_prompt(w, DO_FILTER, "filter: ", w->runs.filter_text != NULL ? w->runs.filter_text : "");
        return IFL_OK;
    }
    enum ifl_status status = runs_filter(&w->runs, strcmp(argument, "-") == 0 ? "" : argument, error);
    const char *lacking = status == IFL_OK ? runs_filter_lacks(&w->runs) : NULL;
    if (lacking != NULL)
        workbench_say(w, true, "no run has a field `%s`", lacking);
    w->ask |= w->screen == SCREEN_LIST;
    return status;
}

static void say_sorted(struct workbench *w)
{
    if (w->runs.count > 0)
        workbench_say(w, false, "sorted by %s%s", column_head(&w->runs.columns.items[runs_sorted_by(&w->runs)]),
                      w->runs.reverse ? ", the greatest first" : "");
    w->ask |= w->screen == SCREEN_LIST;
}

static enum ifl_status sort(struct workbench *w, const char *argument, struct ifl_error *error)
{
    enum ifl_status status = IFL_OK;
    if (argument[0] == '\0')
        runs_sort_next(&w->runs);
    else
        status = runs_sort(&w->runs, argument, false, error);
    if (status == IFL_OK)
        say_sorted(w);
    return status;
}

static enum ifl_status group(struct workbench *w, const char *argument, struct ifl_error *error)
{
    if (argument[0] == '\0')
        runs_fold_all(&w->runs);
    else if (strcmp(argument, "on") == 0 || strcmp(argument, "off") == 0)
        runs_set_grouped(&w->runs, argument[1] == 'n');
    else
        return ifl_fail(error, IFL_INVALID, "group: `%s` is neither on nor off", argument);
    return IFL_OK;
}

static enum ifl_status columns(struct workbench *w, const char *argument, struct ifl_error *error)
{
    enum ifl_status status = IFL_OK;
    if (argument[0] != '\0') {
        status = runs_check_columns(&w->runs, argument, error);
        return status == IFL_OK ? runs_set_columns(&w->runs, argument, error) : status;
    }
    if (w->screen == SCREEN_LIST)
        chooser_open(&w->chooser);
    return status;
}

static bool do_moves(struct workbench *w, enum command command)
{
    long page = w->runs.page > 1 ? (long)w->runs.page - 1 : 1;
    const struct {
        enum command command;
        long by;
    } moves[] = {{DO_DOWN, 1},           {DO_UP, -1},         {DO_PAGE_DOWN, page}, {DO_PAGE_UP, -page},
                 {DO_FIRST, -INT32_MAX}, {DO_LAST, INT32_MAX}};
    for (size_t k = 0; k < sizeof moves / sizeof *moves; k++)
        if (moves[k].command == command) {
            runs_move(&w->runs, moves[k].by);
            return true;
        }
    return false;
}

static enum ifl_status mark(struct workbench *w, struct ifl_error *error)
{
    enum ifl_status status = runs_mark(&w->runs, error);
    runs_move(&w->runs, 1);
    return status;
}

static bool do_list(struct workbench *w, enum command command, const char *argument, enum ifl_status *status,
                    struct ifl_error *error)
{
    if (command == DO_SEARCH) {
        if (argument[0] != '\0')
            search(w, argument, 1);
        else
            workbench_prompt(w, DO_SEARCH, "/", "");
    } else if (command == DO_SEARCH_NEXT || command == DO_SEARCH_PREVIOUS)
        search(w, NULL, command == DO_SEARCH_NEXT ? 1 : -1);
    else if (command == DO_SORT)
        *status = sort(w, argument, error);
    else if (command == DO_SORT_REVERSE) {
        runs_sort_reverse(&w->runs);
        say_sorted(w);
    } else if (command == DO_FILTER)
        *status = filter(w, argument, error);
    else if (command == DO_COLUMNS)
        *status = columns(w, argument, error);
    else if (command == DO_GROUP)
        *status = group(w, argument, error);
    else if (command == DO_FOLD || command == DO_UNFOLD)
        runs_fold(&w->runs, command == DO_FOLD);
    else if (command == DO_MARK)
        *status = mark(w, error);
    else if (command == DO_UNMARK)
        runs_unmark_all(&w->runs);
    else
        return false;
    return true;
}

static void toggle_bin(struct workbench *w)
{
    if (w->screen == SCREEN_RUN)
        workbench_close_run(w);
    w->in_bin = !w->in_bin;
    requests_cancel(w);
    errand_list(w);
    if (!w->in_bin)
        return;
    workbench_say(w, false, "the bin: u takes a run out, Esc leaves it");
    w->says_escape = true;
}

bool commands_runs(struct workbench *w, enum command command, const char *argument, enum ifl_status *status,
                   struct ifl_error *error)
{
    if (command == DO_OPEN)
        *status = open_argument(w, argument, error);
    else if (command == DO_COMPARE)
        *status = compare(w, argument, error);
    else if (command == DO_BIN)
        toggle_bin(w);
    else
        return do_moves(w, command) || do_list(w, command, argument, status, error) ||
               do_edits(w, command, argument, status, error);
    return true;
}
