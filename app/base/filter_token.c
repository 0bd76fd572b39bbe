#include <string.h>
#include <strings.h>

#include <base/filter_token.h>

static const struct sign {
    const char *text;
    enum token_kind kind;
} signs[] = {
    /* the longer first */
    {"&&", TOKEN_AND},        {"||", TOKEN_OR},   {"==", TOKEN_EQUAL}, {"!=", TOKEN_UNEQUAL}, {"<=", TOKEN_LESS_EQUAL},
    {">=", TOKEN_MORE_EQUAL}, {"=", TOKEN_EQUAL}, {"<", TOKEN_LESS},   {">", TOKEN_MORE},     {"~", TOKEN_CONTAINS},
    {"!", TOKEN_NOT},         {"(", TOKEN_OPEN},  {")", TOKEN_CLOSE},
};

static const struct sign keywords[] = {{"and", TOKEN_AND}, {"or", TOKEN_OR}, {"not", TOKEN_NOT}};

static const struct sign *sign_at(const char *text)
{
    for (size_t k = 0; k < sizeof signs / sizeof *signs; k++)
        if (strncmp(text, signs[k].text, strlen(signs[k].text)) == 0)
            return &signs[k];
    return NULL;
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_quote(char c)
{
    return c == '\'' || c == '"';
}

static struct token read_quoted(const char *expression, size_t from)
{
    char quote = expression[from];
    const char *text = expression + from + 1;
    const char *end = strchr(text, quote);
    size_t length = end != NULL ? (size_t)(end - text) : strlen(text);
    return (struct token){.kind = TOKEN_WORD,
                          .start = from,
                          .end = from + 1 + length + (end != NULL),
                          .text = from + 1,
                          .text_length = length,
                          .quote = quote,
                          .closed = end != NULL};
}

static struct token read_word(const char *expression, size_t from)
{
    const char *text = expression + from;
    size_t length = 0;
    while (text[length] != '\0' && !is_blank(text[length]) && !is_quote(text[length]) && sign_at(text + length) == NULL)
        length++;
    struct token token = {
        .kind = TOKEN_WORD, .start = from, .end = from + length, .text = from, .text_length = length, .closed = true};
    for (size_t k = 0; k < sizeof keywords / sizeof *keywords; k++)
        if (strlen(keywords[k].text) == length && strncasecmp(text, keywords[k].text, length) == 0)
            token.kind = keywords[k].kind;
    return token;
}

struct token token_next(const char *expression, size_t from)
{
    while (is_blank(expression[from]))
        from++;
    if (expression[from] == '\0')
        return (struct token){.kind = TOKEN_END, .start = from, .end = from};
    if (is_quote(expression[from]))
        return read_quoted(expression, from);
    const struct sign *sign = sign_at(expression + from);
    if (sign != NULL)
        return (struct token){.kind = sign->kind, .start = from, .end = from + strlen(sign->text)};
    return read_word(expression, from);
}

enum token_kind token_as_value(const struct token *token)
{
    return token->text_length > 0 ? TOKEN_WORD : token->kind;
}
