/* The words of a filter expression. Private to the filter's files. */
#ifndef BASE_FILTER_TOKEN_H
#define BASE_FILTER_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

enum token_kind {
    TOKEN_END,
    TOKEN_WORD,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_AND,
    TOKEN_OR,
    TOKEN_NOT,
    TOKEN_EQUAL, /* from here on: operators */
    TOKEN_UNEQUAL,
    TOKEN_LESS,
    TOKEN_LESS_EQUAL,
    TOKEN_MORE,
    TOKEN_MORE_EQUAL,
    TOKEN_CONTAINS
};

struct token {
    enum token_kind kind;
    size_t start, end;        /* bytes of the expression, quotes included */
    size_t text, text_length; /* of a word: its bytes, quotes left out */
    char quote;               /* of a word; '\0': none */
    bool closed;              /* its quote is */
};

/* The token at or after byte `from`. */
struct token token_next(const char *expression, size_t from);

/* and, or, not are those where a term or a link may stand, and words like others where a value must. */
enum token_kind token_as_value(const struct token *token);

#endif
