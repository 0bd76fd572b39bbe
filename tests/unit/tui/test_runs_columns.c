#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include <tui/chooser.h>
#include <tui/keys.h>

#include <plot/plot.h>

#include "runs_fixture.h"

static const char *shown(const struct runs *runs)
{
    static char words[4096];
    words[0] = '\0';
    for (size_t k = 0; k < runs->columns.count; k++)
        if (runs->columns.items[k].shown) {
            strcat(words, words[0] != '\0' ? " " : "");
            strcat(words, runs->columns.items[k].word);
        }
    return words;
}

static void take_many(struct runs *runs, size_t count)
{
    cr_assert_eq(runs_take(runs, list_of_many(count), count, NULL), IFL_OK);
}

Test(columns, that_tell_runs_apart_come_first_and_those_that_do_not_are_hidden)
{
    struct runs runs = {0};
    take_many(&runs, 100);
    cr_expect_eq(strncmp(shown(&runs), "name param.param_1 param.param_3 ", 33), 0, "%s", shown(&runs));
    const char *seed = strstr(shown(&runs), "param.configuration metric.test_metric_0 metric.test_metric_1 dpi "
                                            "dpi-backward step snapshots age param.seed metric.train_metric_2 ");
    cr_expect_not_null(seed, "%s", shown(&runs));
    cr_expect_eq(strstr(shown(&runs), "param_2"), NULL);
    cr_expect(runs_differ(&runs, "param_1") && !runs_differ(&runs, "param_2") && !runs_differ(&runs, "nothing"));
    cr_expect(columns_of_key(&runs.columns, COLUMN_PARAM, "param_2")->shared);
    runs_release(&runs);
}

Test(columns, that_say_little_come_behind)
{
    struct runs runs = list_runs();
    const char *words = shown(&runs);
    cr_expect_gt(strstr(words, "param.dataset"), strstr(words, "metric.loss")); /* mnist in 25 of 27 */
    cr_expect_gt(strstr(words, "param.%1B%5B31mkey%0D"), strstr(words, "metric.loss"));
    cr_expect_lt(strstr(words, "param.topology"), strstr(words, "metric.test_accuracy"));
    runs_release(&runs);
}

Test(columns, have_names_that_people_type)
{
    struct runs runs = list_runs();
    static const char *const names[][2] = {{"lr", "param.lr"},      {"param.lr", "param.lr"},
                                           {"loss", "metric.loss"}, {"made_by", "tag.made_by"},
                                           {"snaps", "snapshots"},  {"dpi", "dpi"},
                                           {"run", "name"},         {"\x1B[31mkey\r", "param.%1B%5B31mkey%0D"}};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        size_t column = columns_find(&runs.columns, names[k][0]);
        cr_assert_lt(column, runs.columns.count, "%s", names[k][0]);
        cr_expect_str_eq(runs.columns.items[column].word, names[k][1]);
    }
    cr_expect_eq(columns_find(&runs.columns, "metric.lr"), runs.columns.count);
    runs_release(&runs);
}

Test(columns, are_chosen_by_name_and_stay_chosen)
{
    struct runs runs = list_runs();
    cr_assert_eq(runs_set_columns(&runs, " loss  nothing-yet lr", NULL), IFL_OK);
    cr_expect_str_eq(shown(&runs), "name metric.loss param.lr");
    size_t count;
    struct store_run *items = list_items(&count);
    cr_assert_eq(runs_take(&runs, items, count, NULL), IFL_OK);
    cr_expect_str_eq(shown(&runs), "name metric.loss param.lr");
    char *view = NULL;
    size_t size;
    FILE *file = open_memstream(&view, &size);
    runs_view_write(&runs, file);
    fclose(file);
    cr_expect_str_eq(view, "columns metric.loss nothing-yet param.lr\n");
    free(view);
    cr_assert_eq(runs_set_columns(&runs, "", NULL), IFL_OK);
    cr_expect_eq(runs.choice.count, 0u);
    cr_expect_not_null(strstr(shown(&runs), "metric.test_accuracy"));
    runs_release(&runs);
}

Test(columns, of_runs_with_more_keys_than_anyone_wants_are_bounded)
{
    enum { KEYS = 3000 };
    struct store_run *item = ifl_alloc(1, sizeof *item);
    item->run.name = strdup("many");
    item->run.params = ifl_alloc(KEYS, sizeof *item->run.params);
    for (item->run.n_params = 0; item->run.n_params < KEYS; item->run.n_params++) {
        char key[16];
        snprintf(key, sizeof key, "k%zu", item->run.n_params);
        item->run.params[item->run.n_params] = (struct field){strdup(key), FIELD_TEXT, strdup("v"), 0};
    }
    struct runs runs = {0};
    cr_assert_eq(runs_take(&runs, item, 1, NULL), IFL_OK);
    cr_expect_eq(runs.columns.count, 512u);
    free(list_table(&runs, 200, 60, CHARSET_BRAILLE));
    runs_release(&runs);
}

/* ---- words ---- */

Test(words, go_there_and_back)
{
    for (unsigned byte = 1; byte < 256; byte++) {
        char name[] = {'a', (char)byte, '%', '4', '1', 'b', '\0'};
        char *word = word_encode("", name);
        for (const char *at = word; *at != '\0'; at++)
            cr_assert(*at > 0x20 && *at < 0x7F && *at != ',');
        word_decode(word);
        cr_expect_str_eq(word, name);
        free(word);
    }
    char odd[] = "100%% %zz %4 %00";
    word_decode(odd);
    cr_expect_str_eq(odd, "100%% %zz %4 %00");
}

/* ---- the view as command lines ---- */

static char *view_of(const struct runs *runs)
{
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);
    runs_view_write(runs, file);
    fclose(file);
    return text;
}

static void read_view(struct runs *runs, char *view)
{
    for (char *line = strtok(view, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        struct ifl_error error;
        cr_expect_eq(runs_view_read(runs, line, &error), IFL_OK, "%s: %s", line, error.message);
    }
}

Test(view, is_written_and_read)
{
    struct runs runs = list_runs(), other = list_runs();
    char *view = view_of(&runs);
    cr_expect_str_eq(view, "");
    free(view);
    runs_filter(&runs, "not name ~ 'zzz' and seed != 3", NULL);
    runs_sort(&runs, "\x1B[31mkey\r", true, NULL);
    runs_set_columns(&runs, "lr loss", NULL);
    runs_select(&runs, 5);
    runs_fold(&runs, false);
    view = view_of(&runs);
    cr_expect_str_eq(view, "filter not name ~ 'zzz' and seed != 3\nsort param.%1B%5B31mkey%0D\nsort-reverse\n"
                           "columns param.lr metric.loss\nunfold mnist-2-2-sigmoid-s0\n");
    char *again = strdup(view);
    read_view(&other, again);
    cr_expect_str_eq(list_names(&other), list_names(&runs));
    free(again);
    again = view_of(&other);
    cr_expect_str_eq(again, view);
    free(again);
    free(view);
    runs_view_reset(&other);
    view = view_of(&other);
    cr_expect_str_eq(view, "");
    free(view);
    runs_release(&other);
    runs_release(&runs);
}

Test(view, refuses_what_it_does_not_know)
{
    struct runs runs = list_runs();
    struct ifl_error error;
    cr_expect_eq(runs_view_read(&runs, "alpha 1.01", &error), IFL_NOT_FOUND);
    cr_expect_eq(runs_view_read(&runs, "filterseed = 1", &error), IFL_NOT_FOUND);
    cr_expect_eq(runs_view_read(&runs, "filter seed =", &error), IFL_INVALID);
    cr_expect_eq(runs_view_read(&runs, "group perhaps", &error), IFL_INVALID);
    cr_expect_eq(runs_view_read(&runs, "sort nothing", &error), IFL_INVALID);
    cr_expect_eq(runs_view_read(&runs, "unfold gone", &error), IFL_OK);
    cr_expect_eq(runs_view_read(&runs, "group off", &error), IFL_OK);
    cr_expect_eq(runs.n_rows, 27u);
    runs_release(&runs);
}

/* ---- the chooser ---- */

static void press(struct chooser *chooser, struct runs *runs, const char *keys)
{
    for (; *keys != '\0'; keys++)
        cr_expect(chooser_key(chooser, runs, *keys), "%c", *keys);
}

Test(chooser, shows_hides_and_moves_columns)
{
    struct runs runs = list_runs();
    struct chooser chooser;
    chooser_open(&chooser);
    runs_set_columns(&runs, "lr loss n", NULL);
    press(&chooser, &runs, " j");
    cr_expect_str_eq(shown(&runs), "name metric.loss n");
    press(&chooser, &runs, "J");
    cr_expect_eq(chooser.at, 2u);
    cr_expect_str_eq(shown(&runs), "name n metric.loss");
    press(&chooser, &runs, "KKKKK ");
    cr_expect_eq(chooser.at, 0u);
    cr_expect_str_eq(shown(&runs), "name n");
    press(&chooser, &runs, " ");
    cr_expect_str_eq(shown(&runs), "name metric.loss n");
    press(&chooser, &runs, "GJr");
    cr_expect_eq(runs.choice.count, 0u);
    cr_expect_not(chooser_key(&chooser, &runs, 'x'));
    cr_expect(chooser.open);
    cr_expect(chooser_key(&chooser, &runs, PRESS_ESCAPE));
    cr_expect_not(chooser.open);
    runs_release(&runs);
}

static void expect_box(int columns, int rows, enum charset charset, const char *name)
{
    struct runs runs = list_runs();
    struct chooser chooser;
    struct canvas canvas;
    char *text;
    chooser_open(&chooser);
    cr_assert_eq(canvas_init(&canvas, columns, rows, charset, NULL), IFL_OK);
    runs_draw_table(&runs, &canvas, (struct rect){0, 0, columns, rows});
    press(&chooser, &runs, "jjj j");
    chooser_draw(&chooser, &runs, &canvas, (struct rect){0, 0, columns, rows});
    cr_assert_eq(plot_to_text(&canvas, PLOT_MONO, false, &text, NULL), IFL_OK);
    list_expect_golden(name, text);
    free(text);
    canvas_release(&canvas);
    runs_release(&runs);
}

Test(chooser, looks_as_it_should)
{
    expect_box(80, 22, CHARSET_BRAILLE, "chooser_80x22.txt");
    expect_box(40, 8, CHARSET_ASCII, "chooser_40x8_ascii.txt");
}
