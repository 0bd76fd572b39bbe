/* Which runs of a list are shown: `activation = sigmoid and test_accuracy > .97`.
 *
 *     expression = term { ("and" | "&&" | "or" | "||") term }      and binds tighter than or
 *     term       = { "not" | "!" } ( "(" expression ")" | comparison | word )
 *     comparison = field operator value                            operators: = == != < <= > >= ~
 *
 * Words end at blanks, parentheses, quotes and operators; 'a b' and "a b" are words with anything but their own quote
 * in them, and never and, or, not. Those three may be written in any case.
 *
 * A field is one of the built-ins name, note, snapshots, step, n, layers, dpi, dpi_fwd, dpi_bwd; else the run's param,
 * tag or metric of that name, whichever it has first; `param.x`, `tag.x` and `metric.x` are just that one. A comparison with a field
 * that the run lacks, or whose number is not known (NaN), is false. Where field and value both read as numbers
 * (text_number) they are compared as numbers; else = and != compare the texts, ~ says whether the field's text contains
 * the value whatever the case of either, and < <= > >= compare bytes if neither is a number and are false if one is.
 * A word by itself: the run's name or the text of a param or tag contains it, whatever the case. */
#ifndef BASE_FILTER_H
#define BASE_FILTER_H

#include <base/run.h>

/* Bytes of an expression; parentheses in one another. */
#define FILTER_MAX_LENGTH 4096
#define FILTER_MAX_DEPTH  64

struct filter;

/* IFL_INVALID: `column 14: expected a value after >`, columns counted in characters from 1. An expression of blanks
 * matches every run. */
enum ifl_status filter_parse(struct filter **out, const char *text, struct ifl_error *error);
void filter_free(struct filter *filter);

/* What is known of a run. Owns nothing. */
struct filter_row {
    const struct run *run;
    const char *note; /* NULL is "" */
    const struct metric *metrics;
    size_t n_metrics;
    size_t snapshots;
    int64_t step; /* the last; lacking without snapshots, like n */
    size_t n;
    double dpi_forward, dpi_backward; /* the share of a chain's links that hold, percent; NAN: not known */
};

bool filter_match(const struct filter *filter, const struct filter_row *row);

/* The first field of the expression from step *from on, which is moved past it; NULL: no more. */
const char *filter_next_field(const struct filter *filter, size_t *from);

/* Whether a run has that field, its value known or not: the built-ins all have. */
bool filter_has_field(const char *field, const struct filter_row *row);

/* ---- completion ---- */

enum filter_expects {
    FILTER_FIELD,    /* a field or a word, a `not`, a `(` */
    FILTER_OPERATOR, /* an operator after a field, or and, or */
    FILTER_VALUE,    /* the value of `field` */
    FILTER_LINK      /* and, or, `)` */
};

struct filter_place {
    size_t
        start; /* the byte where the token under the cursor begins, its quote left out; the end of the text if none */
    enum filter_expects expects;
    char quote;                 /* it was opened and not closed; '\0': none */
    size_t field, field_length; /* before FILTER_VALUE and FILTER_OPERATOR: the field's bytes, without quotes */
};

/* Where the cursor stands in an expression that need not be right or whole; `before` is the text before it. */
struct filter_place filter_place(const char *before);

/* The built-in fields, up to a NULL. */
extern const char *const filter_built_ins[];

#endif
