/* Filter expressions: parsed into a program in postfix order, so that matching needs no recursion. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <base/filter.h>
#include <base/filter_field.h>
#include <base/filter_token.h>
#include <base/text.h>

/* One step. A comparison or a word pushes whether it holds; the others take one or two such and push one. */
struct step {
    enum token_kind kind; /* an operator, TOKEN_WORD, TOKEN_AND, TOKEN_OR, TOKEN_NOT */
    const char *field;    /* in the filter's texts */
    const char *value;    /* the same; of a word: the word */
    bool is_number;
    double number; /* of the value */
};

struct filter {
    struct step *steps;
    size_t count;
    char *texts;
};

/* Each level of parentheses may leave the left sides of an `or` and of an `and` waiting. */
#define STACK_MAX (2 * (FILTER_MAX_DEPTH + 1) + 1)

/* ---- parsing ---- */

struct parser {
    const char *expression;
    struct token token;
    struct filter *filter;
    char *end_of_texts;
    size_t depth;
    enum ifl_status status;
    struct ifl_error *error;
};

static void fail_at(struct parser *parser, size_t byte, const char *why)
{
    if (parser->status != IFL_OK)
        return;
    size_t column = 1;
    for (size_t k = 0; k < byte; k++)
        column += ((unsigned char)parser->expression[k] & 0xC0) != 0x80;
    parser->status = ifl_fail(parser->error, IFL_INVALID, "column %zu: %s", column, why);
}

static void advance(struct parser *parser)
{
    parser->token = token_next(parser->expression, parser->token.end);
}

/* A copy of a word; the expression's length and one byte a word are enough for all. */
static const char *keep_text(struct parser *parser, const struct token *token)
{
    if (token->quote != '\0' && !token->closed)
        fail_at(parser, token->start, token->quote == '"' ? "expected a closing \"" : "expected a closing '");
    char *copy = parser->end_of_texts;
    memcpy(copy, parser->expression + token->text, token->text_length);
    copy[token->text_length] = '\0';
    parser->end_of_texts += token->text_length + 1;
    return copy;
}

static struct step *add_step(struct parser *parser, enum token_kind kind)
{
    struct step *step = &parser->filter->steps[parser->filter->count++];
    step->kind = kind;
    return step;
}

static void parse_comparison(struct parser *parser)
{
    const char *word = keep_text(parser, &parser->token);
    advance(parser);
    if (parser->token.kind < TOKEN_EQUAL) {
        add_step(parser, TOKEN_WORD)->value = word;
        return;
    }
    struct step *step = add_step(parser, parser->token.kind);
    struct token sign = parser->token;
    step->field = word;
    advance(parser);
    if (token_as_value(&parser->token) != TOKEN_WORD) {
        char why[64];
        snprintf(why, sizeof why, "expected a value after %.*s", (int)(sign.end - sign.start),
                 parser->expression + sign.start);
        fail_at(parser, parser->token.start, why);
        return;
    }
    step->value = keep_text(parser, &parser->token);
    step->is_number = text_number(step->value, &step->number);
    advance(parser);
}

static void parse_or(struct parser *parser);

static void parse_parentheses(struct parser *parser)
{
    if (++parser->depth > FILTER_MAX_DEPTH) {
        fail_at(parser, parser->token.start, "too many parentheses in one another");
        return;
    }
    advance(parser);
    parse_or(parser);
    if (parser->token.kind != TOKEN_CLOSE)
        fail_at(parser, parser->token.start, "expected and, or, or )");
    advance(parser);
    parser->depth--;
}

static void parse_term(struct parser *parser)
{
    bool negated = false;
    for (; parser->token.kind == TOKEN_NOT; advance(parser))
        negated = !negated;
    if (parser->token.kind == TOKEN_OPEN)
        parse_parentheses(parser);
    else if (parser->token.kind == TOKEN_WORD)
        parse_comparison(parser);
    else
        fail_at(parser, parser->token.start, "expected a field, a word or (");
    if (negated && parser->status == IFL_OK)
        add_step(parser, TOKEN_NOT);
}

static void parse_and(struct parser *parser)
{
    parse_term(parser);
    while (parser->status == IFL_OK && parser->token.kind == TOKEN_AND) {
        advance(parser);
        parse_term(parser);
        add_step(parser, TOKEN_AND);
    }
}

static void parse_or(struct parser *parser)
{
    parse_and(parser);
    while (parser->status == IFL_OK && parser->token.kind == TOKEN_OR) {
        advance(parser);
        parse_and(parser);
        add_step(parser, TOKEN_OR);
    }
}

static void parse_all(struct parser *parser)
{
    advance(parser);
    if (parser->token.kind == TOKEN_END)
        return;
    parse_or(parser);
    if (parser->token.kind == TOKEN_CLOSE)
        fail_at(parser, parser->token.start, "a ) without its (");
    else if (parser->token.kind != TOKEN_END)
        fail_at(parser, parser->token.start,
                parser->token.kind >= TOKEN_EQUAL ? "expected and, or; quote what holds an operator"
                                                  : "expected and, or");
}

/* Every step has a character of its own in the expression, every text too and a quote or a byte beside it. */
static struct filter *filter_new(size_t length)
{
    struct filter *filter = ifl_alloc(1, sizeof *filter);
    if (filter == NULL)
        return NULL;
    filter->steps = ifl_alloc(length + 1, sizeof *filter->steps);
    filter->texts = ifl_alloc(2 * length + 2, 1);
    if (filter->steps != NULL && filter->texts != NULL)
        return filter;
    filter_free(filter);
    return NULL;
}

void filter_free(struct filter *filter)
{
    if (filter == NULL)
        return;
    free(filter->steps);
    free(filter->texts);
    free(filter);
}

enum ifl_status filter_parse(struct filter **out, const char *text, struct ifl_error *error)
{
    size_t length = strnlen(text, FILTER_MAX_LENGTH + 1);
    if (length > FILTER_MAX_LENGTH)
        return ifl_fail(error, IFL_INVALID, "longer than %d bytes", FILTER_MAX_LENGTH);
    struct parser parser = {.expression = text, .filter = filter_new(length), .error = error};
    if (parser.filter == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for the filter");
    parser.end_of_texts = parser.filter->texts;
    parse_all(&parser);
    if (parser.status == IFL_OK)
        *out = parser.filter;
    else
        filter_free(parser.filter);
    return parser.status;
}

/* ---- matching ---- */

static bool holds_for_order(enum token_kind kind, int order)
{
    switch (kind) {
    case TOKEN_EQUAL:
        return order == 0;
    case TOKEN_UNEQUAL:
        return order != 0;
    case TOKEN_LESS:
        return order < 0;
    case TOKEN_LESS_EQUAL:
        return order <= 0;
    case TOKEN_MORE:
        return order > 0;
    default:
        return order >= 0;
    }
}

static bool compare(const struct step *step, const struct filter_row *row)
{
    struct field_value have;
    if (!field_find(&have, step->field, row))
        return false;
    if (step->kind == TOKEN_CONTAINS)
        return field_contains(have.text, step->value);
    if (have.is_number && step->is_number)
        return holds_for_order(step->kind, (have.number > step->number) - (have.number < step->number));
    if ((have.is_number || step->is_number) && step->kind > TOKEN_UNEQUAL)
        return false;
    return holds_for_order(step->kind, strcmp(have.text, step->value));
}

static bool word_matches(const char *word, const struct run *run)
{
    bool found = field_contains(run->name, word);
    for (size_t k = 0; k < run->n_params && !found; k++)
        found = run->params[k].text != NULL && field_contains(run->params[k].text, word);
    for (size_t k = 0; k < run->n_tags && !found; k++)
        found = run->tags[k].text != NULL && field_contains(run->tags[k].text, word);
    return found;
}

const char *filter_next_field(const struct filter *filter, size_t *from)
{
    while (*from < filter->count) {
        const struct step *step = &filter->steps[(*from)++];
        if (step->field != NULL)
            return step->field;
    }
    return NULL;
}

bool filter_match(const struct filter *filter, const struct filter_row *row)
{
    bool stack[STACK_MAX] = {true};
    size_t top = 0; /* the number on it */
    for (size_t k = 0; k < filter->count; k++) {
        const struct step *step = &filter->steps[k];
        if (step->kind == TOKEN_NOT) {
            stack[top - 1] = !stack[top - 1];
        } else if (step->kind == TOKEN_AND || step->kind == TOKEN_OR) {
            top--;
            stack[top - 1] = step->kind == TOKEN_AND ? stack[top - 1] && stack[top] : stack[top - 1] || stack[top];
        } else {
            stack[top++] = step->kind == TOKEN_WORD ? word_matches(step->value, row->run) : compare(step, row);
        }
    }
    return stack[0];
}
