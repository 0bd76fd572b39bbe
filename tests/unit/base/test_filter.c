/* Filter expressions: what they mean, what is refused and where, and that nothing breaks them. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <base/filter.h>

/* ---- a run ---- */

/* A string that a run may own. */
#define OWN(text) ((char[]){text})

static struct field params[] = {
    {OWN("topology"), FIELD_TEXT, OWN("6-12"), 0},     {OWN("activation"), FIELD_TEXT, OWN("Sigmoid"), 0},
    {OWN("lr"), FIELD_NUMBER, OWN("0.10"), 0.1},       {OWN("augment"), FIELD_BOOL, OWN("true"), 0},
    {OWN("decay"), FIELD_NULL, OWN("null"), 0},        {OWN("maps"), FIELD_JSON, OWN("[6,12]"), 0},
    {OWN("both"), FIELD_TEXT, OWN("param's"), 0},      {OWN("n"), FIELD_NUMBER, OWN("77"), 77},
    {OWN("two words"), FIELD_TEXT, OWN("a and b"), 0}, {OWN("Ödön"), FIELD_TEXT, OWN("ÄÖ Ж Σ Ÿ"), 0},
};
static struct field tags[] = {{OWN("both"), FIELD_TEXT, OWN("tag's"), 0}, {OWN("year"), FIELD_TEXT, OWN("2026"), 0}};
static struct metric metrics[] = {
    {OWN("test_accuracy"), 0.9848}, {OWN("broken"), NAN}, {OWN("low"), -INFINITY}, {OWN("both"), 3}};
static char name[] = "MNIST-6-12-s0";
static struct run run = {.name = name,
                         .params = params,
                         .n_params = sizeof params / sizeof *params,
                         .tags = tags,
                         .n_tags = sizeof tags / sizeof *tags,
                         .n_layers = 6};
static const struct filter_row row = {.run = &run,
                                      .note = "looks good",
                                      .metrics = metrics,
                                      .n_metrics = sizeof metrics / sizeof *metrics,
                                      .snapshots = 9,
                                      .step = 4690,
                                      .n = 128,
                                      .dpi_forward = 100,
                                      .dpi_backward = 75};

static bool matches(const char *text, const struct filter_row *of)
{
    struct filter *filter = NULL;
    struct ifl_error error = {.message = ""};
    cr_assert_eq(filter_parse(&filter, text, &error), IFL_OK, "%s: %s", text, error.message);
    bool match = filter_match(filter, of);
    filter_free(filter);
    return match;
}

static const char *const true_of_run[] = {
    "",
    "  ",
    "activation = Sigmoid and test_accuracy > .97",
    "activation == 'Sigmoid'",
    "activation ~ sigm",
    "activation ~ ''",
    "activation != sigmoid",
    "lr = .1",
    "lr = 1e-1",
    "lr <= 0.1 && lr >= 0.1",
    "lr ~ 0.10",
    "lr != relu",
    "augment = true",
    "decay = null",
    "maps = '[6,12]'",
    "maps = [6,12]",
    "topology > 6-11",
    "topology < 6-2",
    "year > 2025.5",
    "year = 2026.0",
    "low < 0",
    "low = -inf",
    "low < -1e308",
    "both = \"param's\"",
    "tag.both = \"tag's\"",
    "metric.both = 3",
    "param.both ~ PARAM",
    "n = 128",
    "param.n = 77",
    "snapshots = 9 and step = 4690 and layers = 6 and dpi > 87 and dpi <= 87.5 and dpi_fwd = 100 and dpi_bwd = 75",
    "step ~ 69",
    "name = MNIST-6-12-s0",
    "name ~ mnist",
    "note ~ 'LOOKS GOOD'",
    "mnist",
    "sigmoid",
    "2026",
    "'and'",
    "\"a AND b\"",
    "'two words' = 'a and b'",
    "'two words' ~ AND",
    "'' and ''",
    "Ödön ~ ä",
    "Ödön ~ 'äö ж σ'",
    "not lacking = 1",
    "!lacking",
    "!(lacking != 1)",
    "not not name ~ mnist",
    "! ! !lacking",
    "nOt lacking Or mnist AnD mnist",
    "mnist || lacking && lacking",
    "(((((mnist)))))",
    "augment=true&&lr<1||lacking",
    "name!=x",
};

static const char *const false_of_run[] = {
    "activation = sigmoid",
    "lacking = 1",
    "lacking != 1",
    "lacking ~ ''",
    "broken = 1",
    "broken != 1",
    "broken < 1 or broken >= 1",
    "lr < relu",
    "lr > relu",
    "activation > 3",
    "activation < 3",
    "lr = relu",
    "metric.lr = 0.1",
    "tag.lr = 0.1",
    "param.test_accuracy > 0",
    "looks", /* a note is no text that a word is looked for in */
    "topology2",
    "test_accuracy", /* nor is a field's name */
    "Lr = 0.1",
    "(mnist || lacking) && lacking",
    "not mnist or lacking",
    "not (mnist or lacking)",
    "name ~ 'mnist '",
    "tag. = 1",
};

Test(filter, means_what_it_says)
{
    for (size_t k = 0; k < sizeof true_of_run / sizeof *true_of_run; k++)
        cr_expect(matches(true_of_run[k], &row), "%s", true_of_run[k]);
    for (size_t k = 0; k < sizeof false_of_run / sizeof *false_of_run; k++)
        cr_expect(!matches(false_of_run[k], &row), "%s", false_of_run[k]);
}

Test(filter, a_run_may_have_nothing)
{
    char none[] = "";
    struct run bare = {.name = none};
    const struct filter_row empty = {.run = &bare, .dpi_forward = NAN, .dpi_backward = NAN};
    cr_assert(matches("snapshots = 0 and layers = 0 and note = '' and name = ''", &empty));
    cr_assert(!matches(
        "step >= 0 or step < 0 or n >= 0 or dpi >= 0 or dpi < 0 or dpi_fwd >= 0 or dpi_bwd >= 0 or mnist", &empty));
}

Test(filter, fields_that_a_run_has)
{
    static const char *const has[] = {"name", "dpi", "dpi_fwd", "lr", "tag.year", "both", "broken", "metric.broken"};
    for (size_t k = 0; k < sizeof has / sizeof *has; k++)
        cr_expect(filter_has_field(has[k], &row), "%s", has[k]);
    static const char *const lacks[] = {"learning_rate", "param.year", "tag.lr", "metric.lr", "", "Name"};
    for (size_t k = 0; k < sizeof lacks / sizeof *lacks; k++)
        cr_expect(!filter_has_field(lacks[k], &row), "%s", lacks[k]);
    struct filter *filter = NULL;
    cr_assert_eq(filter_parse(&filter, "lr > 1 and mnist or not (year = 3)", NULL), IFL_OK);
    size_t from = 0;
    cr_expect_str_eq(filter_next_field(filter, &from), "lr");
    cr_expect_str_eq(filter_next_field(filter, &from), "year");
    cr_expect_null(filter_next_field(filter, &from));
    filter_free(filter);
}

/* ---- truth tables ---- */

static bool join(bool is_and, bool a, bool b)
{
    return is_and ? a && b : a || b;
}

/* [not] a OP [not] b OP [not] c, with and without parentheses, against the eight rows. */
Test(filter, truth_tables)
{
    static const char *const links[2][2] = {{"or", "||"}, {"AND", "&&"}};
    static const char *const nots[2][2] = {{"", "! not "}, {"not ", "!"}};
    static char digits[2][2] = {"0", "1"};
    for (unsigned k = 0; k < 3 * 4 * 8 * 8 * 2; k++) {
        unsigned form = k % 3, style = k / 3 % 2, rows = k / 6;
        bool first = rows & 1, second = rows >> 1 & 1;
        bool negated[3] = {rows >> 2 & 1, rows >> 3 & 1, rows >> 4 & 1};
        bool values[3] = {rows >> 5 & 1, rows >> 6 & 1, rows >> 7 & 1};
        char text[128];
        snprintf(text, sizeof text, "%s%sa=1 %s %s%sb=1%s %s %sc=1%s", form == 1 ? "(" : "", nots[negated[0]][style],
                 links[first][style], form == 2 ? "(" : "", nots[negated[1]][style], form == 1 ? ")" : "",
                 links[second][style], nots[negated[2]][style], form == 2 ? ")" : "");
        struct field abc[3] = {{OWN("a"), FIELD_NUMBER, digits[values[0]], values[0]},
                               {OWN("b"), FIELD_NUMBER, digits[values[1]], values[1]},
                               {OWN("c"), FIELD_NUMBER, digits[values[2]], values[2]}};
        struct run of = {.name = name, .params = abc, .n_params = 3};
        bool a = values[0] != negated[0], b = values[1] != negated[1], c = values[2] != negated[2];
        bool left_first = form == 1 || (form == 0 && (first || !second));
        bool expected = left_first ? join(second, join(first, a, b), c) : join(first, a, join(second, b, c));
        cr_assert_eq(matches(text, &(struct filter_row){.run = &of}), expected, "%s", text);
    }
}

/* ---- random trees against an evaluator of their own ---- */

static unsigned long random_state = 1;

static unsigned random_below(unsigned n)
{
    random_state = random_state * 6364136223846793005UL + 1442695040888963407UL;
    return (unsigned)(random_state >> 33) % n;
}

static const char *one_of(const char *const *texts, unsigned count)
{
    return texts[random_below(count)];
}

/* Appends an expression of at most this depth and returns what it says of a run with the param x = value. */
static bool grow(char *text, size_t size, unsigned depth, int value)
{
    size_t used = strlen(text);
    char *end = text + used;
    size_t room = size - used;
    if (depth == 0 || room < 200 || random_below(4) == 0) {
        static const char *const signs[] = {"=", "==", "!=", "<", "<=", ">", ">="};
        unsigned sign = random_below(7);
        int against = (int)random_below(5);
        snprintf(end, room, "%s %s%s%d.0", one_of((const char *const[]){"x", "'x'", "param.x", "\"param.x\""}, 4),
                 signs[sign], one_of((const char *const[]){"", " ", "\t "}, 3), against);
        bool answers[] = {value == against, value == against, value != against,
                          value<against, value <= against, value> against, value >= against};
        return answers[sign];
    }
    if (random_below(3) == 0) {
        snprintf(end, room, "%s", one_of((const char *const[]){"not(", "!(", "NOT !not ("}, 3));
        bool inner = grow(text, size, depth - 1, value);
        strcat(text, ")");
        return !inner;
    }
    bool is_and = random_below(2);
    strcat(text, "(");
    bool left = grow(text, size, depth - 1, value);
    strcat(text, is_and ? one_of((const char *const[]){") and (", ")&&("}, 2)
                        : one_of((const char *const[]){") or (", ")||("}, 2));
    bool right = grow(text, size, depth - 1, value);
    strcat(text, ")");
    return join(is_and, left, right);
}

Test(filter, agrees_with_another_evaluator)
{
    size_t longest = 0;
    for (int k = 0; k < 20000; k++) {
        char text[FILTER_MAX_LENGTH] = "", digit[12];
        int value = (int)random_below(5);
        snprintf(digit, sizeof digit, "%d", value);
        struct field x = {OWN("x"), FIELD_TEXT, digit, 0};
        struct run of = {.name = name, .params = &x, .n_params = 1};
        bool expected = grow(text, sizeof text, 12, value);
        longest = strlen(text) > longest ? strlen(text) : longest;
        cr_assert_eq(matches(text, &(struct filter_row){.run = &of}), expected, "%s", text);
    }
    cr_assert_gt(longest, 500);
}

/* ---- what is refused ---- */

static void assert_refused(const char *text, const char *message)
{
    struct filter *filter = NULL;
    struct ifl_error error = {.message = ""};
    cr_expect_eq(filter_parse(&filter, text, &error), IFL_INVALID, "%s", text);
    cr_expect(strncmp(error.message, message, strlen(message)) == 0, "%s: %s", text, error.message);
    cr_expect(filter == NULL);
}

Test(filter, errors_say_where_and_what)
{
    assert_refused("activation >", "column 13: expected a value after >");
    assert_refused("activation >= and )", "column 19: a ) without its (");
    assert_refused("a != (b)", "column 6: expected a value after !=");
    assert_refused("a = = b", "column 5: expected a value after =");
    assert_refused("and a", "column 1: expected a field, a word or (");
    assert_refused("a and", "column 6: expected a field, a word or (");
    assert_refused("a or or b", "column 6: expected a field, a word or (");
    assert_refused("not", "column 4: expected a field, a word or (");
    assert_refused("()", "column 2: expected a field, a word or (");
    assert_refused("(a", "column 3: expected and, or, or )");
    assert_refused("(a b)", "column 4: expected and, or, or )");
    assert_refused("a)", "column 2: a ) without its (");
    assert_refused("a b", "column 3: expected and, or");
    assert_refused("a = b = c", "column 7: expected and, or; quote");
    assert_refused("= b", "column 1: expected a field, a word or (");
    assert_refused("a = 'b", "column 5: expected a closing '");
    assert_refused("\"b", "column 1: expected a closing \"");
    assert_refused("a = b !", "column 7: expected and, or");
    assert_refused("Ödön ~ Ж Ж", "column 10: expected and, or"); /* characters, not bytes */
}

Test(filter, is_bounded)
{
    char text[FILTER_MAX_LENGTH + 2];
    size_t depth = FILTER_MAX_DEPTH;
    memset(text, '(', depth);
    strcpy(text + depth, "mnist");
    memset(text + depth + 5, ')', depth);
    text[2 * depth + 5] = '\0';
    cr_assert(matches(text, &row));
    memset(text, '(', sizeof text);
    text[FILTER_MAX_LENGTH] = '\0';
    assert_refused(text, "column 65: too many parentheses in one another");

    /* every level leaves an `or` and an `and` waiting */
    text[0] = '\0';
    for (size_t k = 0; k < depth; k++)
        strcat(text, "q or 1 and(");
    strcat(text, "q or 1 and 1");
    for (size_t k = 0; k < depth; k++)
        strcat(text, ")");
    cr_assert(matches(text, &row));

    memset(text, '!', sizeof text);
    text[FILTER_MAX_LENGTH - 1] = 'q';
    text[FILTER_MAX_LENGTH] = '\0';
    cr_assert(matches(text, &row), "an odd number of nots");
    for (size_t k = 0; k < FILTER_MAX_LENGTH; k++)
        text[k] = "1&&"[k % 3]; /* ends with a 1 */
    cr_assert(matches(text, &row));
    text[FILTER_MAX_LENGTH] = ' ';
    text[FILTER_MAX_LENGTH + 1] = '\0';
    assert_refused(text, "longer than 4096 bytes");
}

Test(filter, random_strings_never_break_it)
{
    static const char *const pieces[] = {
        "a",   " ",   "(",    ")",  "and",  "or", "not", "!",    "=",   "==",    "!=",    "<",    "<=",  ">",
        ">=",  "~",   "'",    "\"", "&&",   "||", "&",   "|",    "lr",  "0.1",   ".9",    "name", "dpi", "tag.",
        "inf", "nan", "\xff", "Ö",  "\x1b", "n",  "\t",  "not(", "x=1", "x ~ y", " and ", " or "};
    size_t parsed = 0;
    for (int k = 0; k < 100000; k++) {
        char text[400] = "";
        unsigned length = random_below(30);
        for (unsigned p = 0; p < length; p++) {
            char byte[2] = {(char)(1 + random_below(255)), '\0'};
            strcat(text, random_below(20) == 0 ? byte : one_of(pieces, sizeof pieces / sizeof *pieces));
        }
        struct filter *filter = NULL;
        struct ifl_error error = {.message = ""};
        enum ifl_status status = filter_parse(&filter, text, &error);
        cr_assert(status == IFL_OK || (status == IFL_INVALID && strncmp(error.message, "column ", 7) == 0), "%s", text);
        if (status == IFL_OK)
            filter_match(filter, &row);
        parsed += status == IFL_OK;
        filter_free(filter);
        struct filter_place place = filter_place(text);
        cr_assert_leq(place.start, strlen(text));
        cr_assert_leq(place.field + place.field_length, strlen(text));
    }
    cr_assert_gt(parsed, 5000, "%zu", parsed);
}

/* ---- completion ---- */

static void assert_place(const char *before, size_t start, enum filter_expects expects, const char *field)
{
    struct filter_place place = filter_place(before);
    cr_expect_eq(place.start, start, "%s: %zu", before, place.start);
    cr_expect_eq(place.expects, expects, "%s: %d", before, (int)place.expects);
    if (field != NULL)
        cr_expect(strlen(field) == place.field_length && strncmp(before + place.field, field, place.field_length) == 0,
                  "%s: %.*s", before, (int)place.field_length, before + place.field);
}

Test(filter, places)
{
    assert_place("", 0, FILTER_FIELD, NULL);
    assert_place("  ", 2, FILTER_FIELD, NULL);
    assert_place("act", 0, FILTER_FIELD, NULL);
    assert_place("(act", 1, FILTER_FIELD, NULL);
    assert_place("not (", 5, FILTER_FIELD, NULL);
    assert_place("no", 0, FILTER_FIELD, NULL);
    assert_place("not ", 4, FILTER_FIELD, NULL);
    assert_place("activation ", 11, FILTER_OPERATOR, "activation");
    assert_place("activation a", 11, FILTER_OPERATOR, "activation");
    assert_place("activation =", 12, FILTER_VALUE, "activation");
    assert_place("activation = ", 13, FILTER_VALUE, "activation");
    assert_place("activation = sig", 13, FILTER_VALUE, "activation");
    assert_place("x = 1 and activation~sig", 21, FILTER_VALUE, "activation");
    assert_place("'two words' = 'a b", 15, FILTER_VALUE, "two words");
    assert_place("a = and", 4, FILTER_VALUE, "a");
    assert_place("a = and ", 8, FILTER_LINK, NULL);
    assert_place("a = 1 an", 6, FILTER_LINK, NULL);
    assert_place("a = 'x'", 7, FILTER_LINK, NULL);
    assert_place("a = 1 and ", 10, FILTER_FIELD, NULL);
    assert_place("relu or ", 8, FILTER_FIELD, NULL);
    assert_place("(a = 1) ", 8, FILTER_LINK, NULL);
    cr_assert_eq(filter_place("a = \"b").quote, '"');
    cr_assert_eq(filter_place("a = \"b\"").quote, '\0');
}
