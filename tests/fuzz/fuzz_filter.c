/* Filter expressions: parsed, matched, and completed at every place. */
#include <math.h>
#include <string.h>

#include <base/filter.h>

#include "fuzz.h"

/* Names and texts that are not only letters; in arrays, since those of a run are not constant. */
static char activation[] = "activation", sigmoid[] = "sigmoid", lr[] = "lr", tenth[] = "0.1", blank[] = "a b",
            escape[] = "\"quoted\" \x1b[31m", list[] = "[1,2]", null[] = "null", note[] = "note", bytes[] = "\xff\xfe",
            accuracy[] = "test_accuracy", loss[] = "loss", name[] = "lenet5 \xc3\x9f", nothing[] = "";
static struct field params[] = {{activation, FIELD_TEXT, sigmoid, 0},
                                {lr, FIELD_NUMBER, tenth, 0.1},
                                {blank, FIELD_TEXT, escape, 0},
                                {list, FIELD_JSON, list, 0},
                                {null, FIELD_NULL, null, 0}};
static struct field tags[] = {{note, FIELD_TEXT, bytes, 0}, {lr, FIELD_TEXT, sigmoid, 0}};
static struct metric metrics[] = {{accuracy, 0.97}, {loss, INFINITY}};

static void rows(struct filter_row out[3])
{
    static struct run empty = {.name = nothing};
    static struct run full = {.name = name, .params = params, .n_params = 5, .tags = tags, .n_tags = 2};
    out[0] = (struct filter_row){.run = &empty, .dpi_forward = NAN, .dpi_backward = 50};
    out[1] = (struct filter_row){.run = &full,
                                 .metrics = metrics,
                                 .n_metrics = 2,
                                 .snapshots = 9,
                                 .n = 128,
                                 .dpi_forward = 50,
                                 .dpi_backward = NAN};
    out[2] = (struct filter_row){.run = &full, .note = "a\nb", .dpi_forward = NAN, .dpi_backward = 50};
}

static struct filter *parse(const char *text)
{
    struct filter *filter = NULL;
    struct ifl_error error;
    enum ifl_status status = filter_parse(&filter, text, &error);
    if (status != IFL_OK) {
        unsigned long column = 0;
        require_refusal(status, IFL_INVALID, &error);
        REQUIRE(filter == NULL);
        if (strlen(text) <= FILTER_MAX_LENGTH)
            REQUIRE(sscanf(error.message, "column %lu: ", &column) == 1 && column >= 1 && column <= strlen(text) + 1);
    }
    return filter;
}

/* The expression put between those words, twice where there is a link, means for each row what it meant, or not. */
static void require_means(const char *front, const char *text, const char *link, const char *end, const bool before[3],
                          bool negated)
{
    struct filter_row row[3];
    size_t room = 2 * strlen(text) + 64;
    char *written = malloc(room);
    REQUIRE(written != NULL);
    snprintf(written, room, "%s%s%s%s%s", front, text, link, link[0] != '\0' ? text : "", end);
    struct filter *filter = parse(written);
    rows(row);
    /* a little longer, a little deeper: it may be beyond the bounds now */
    for (int k = 0; k < 3 && filter != NULL; k++)
        REQUIRE(filter_match(filter, &row[k]) == (negated ? !before[k] : before[k]));
    filter_free(filter);
    free(written);
}

static void check_places(char *text)
{
    size_t length = strlen(text);
    for (size_t end = length < 256 ? length + 1 : 256; end-- > 0;) {
        text[end] = '\0';
        struct filter_place place = filter_place(text);
        REQUIRE(place.start <= end && place.field <= end && place.field_length <= end - place.field);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = text_of(data, size);
    struct filter *filter = parse(text);
    if (filter != NULL) {
        struct filter_row row[3];
        bool matches[3];
        rows(row);
        for (int k = 0; k < 3; k++)
            matches[k] = filter_match(filter, &row[k]);
        size_t steps = 0;
        for (const char *field; (field = filter_next_field(filter, &steps)) != NULL;)
            REQUIRE(strlen(field) <= size);
        filter_free(filter);
        if (text[strspn(text, " \t\r\n\v\f")] != '\0') { /* not in blanks alone, which match every run */
            require_means("(", text, "", ")", matches, false);
            require_means("not (", text, "", ")", matches, true);
            require_means("(", text, ") and (", ")", matches, false);
            require_means("", text, " or ", "", matches, false);
        }
    }
    check_places(text);
    free(text);
    return 0;
}
