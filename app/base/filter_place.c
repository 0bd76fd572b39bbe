/* What may be typed where the cursor stands. */
#include <base/filter.h>
#include <base/filter_token.h>

static enum filter_expects after(enum filter_expects expects, enum token_kind kind)
{
    if (expects == FILTER_VALUE)
        return FILTER_LINK;
    if (kind >= TOKEN_EQUAL)
        return FILTER_VALUE;
    if (kind == TOKEN_CLOSE)
        return FILTER_LINK;
    if (kind != TOKEN_WORD)
        return FILTER_FIELD;
    return expects == FILTER_FIELD ? FILTER_OPERATOR : FILTER_LINK;
}

struct filter_place filter_place(const char *before)
{
    struct filter_place place = {.expects = FILTER_FIELD};
    struct token token = token_next(before, 0);
    for (; token.kind != TOKEN_END; token = token_next(before, token.end)) {
        bool is_word = token_as_value(&token) == TOKEN_WORD;
        bool open = token.quote != '\0' ? !token.closed : before[token.end] == '\0';
        if (is_word && open) { /* the cursor is in it or right behind it */
            place.start = token.text;
            place.quote = token.quote;
            return place;
        }
        if (place.expects == FILTER_FIELD && token.kind == TOKEN_WORD) {
            place.field = token.text;
            place.field_length = token.text_length;
        }
        place.expects = after(place.expects, place.expects == FILTER_VALUE && is_word ? TOKEN_WORD : token.kind);
    }
    place.start = token.start;
    return place;
}
