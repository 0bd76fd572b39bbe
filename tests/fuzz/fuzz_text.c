/* The sanitiser: whatever goes in, no control byte comes out. */
#include <string.h>

#include <base/nearest.h>
#include <base/text.h>

#include "fuzz.h"

/* Valid UTF-8 without C0, DEL, C1 and the characters that turn a line's direction. */
static void require_clean(const char *text)
{
    unsigned c;
    for (int length; (length = text_decode(text, &c)) != 0; text += length) {
        REQUIRE(length > 0 && c >= 0x20 && (c < 0x7F || c > 0x9F));
        REQUIRE(!(c >= 0x202A && c <= 0x202E) && !(c >= 0x2066 && c <= 0x2069) && c != 0x200E && c != 0x200F);
        REQUIRE(c != 0x2028 && c != 0x2029 && c != 0x061C);
    }
}

static void check_clean(const char *text, char **out)
{
    size_t size = 3 * strlen(text) + 1;
    char *clean = text_clean_new(text), *again = malloc(size);
    REQUIRE(clean != NULL && again != NULL);
    require_clean(clean);
    REQUIRE(strcmp(text_clean(again, size, clean, false), clean) == 0);
    REQUIRE(text_width(clean) == text_width(text));
    text_clean(again, size, text, true);
    for (const char *at = again; *at != '\0'; at++)
        REQUIRE(*at >= 0x20 && *at < 0x7F);
    free(again);
    *out = clean;
}

/* Cut to any size and width it is as clean, no longer and no wider than that. */
static void check_cuts(const char *text, size_t room)
{
    char *out = malloc(room + 1);
    REQUIRE(out != NULL);
    for (size_t size = 0; size <= room; size++) {
        out[size] = 0x5a;
        if (size > 0) {
            require_clean(text_clean(out, size, text, false));
            require_clean(text_fit(out, size, text, room / 2));
            REQUIRE(strlen(out) < size && text_width(out) <= room / 2);
            require_clean(text_fit(out, size, text, size / 3));
            REQUIRE(text_width(out) <= size / 3);
        }
        REQUIRE(out[size] == 0x5a);
    }
    free(out);
}

/* What `put` writes of the text, without the quotes. */
static void check_quoted(const char *text, const char *clean, void (*put)(FILE *, const char *), char escape)
{
    char *written = NULL;
    size_t size = 0, at = 0;
    FILE *out = open_memstream(&written, &size);
    REQUIRE(out != NULL);
    put(out, text);
    fclose(out);
    require_clean(written);
    bool quoted = escape == '\\' || written[0] == '"';
    for (const char *c = written + quoted; quoted ? c < written + size - 1 : *c != '\0'; c++) {
        REQUIRE(!quoted || *c != '"' || escape == '"');
        if (quoted && *c == escape)
            c++;
        REQUIRE(*c == clean[at++]);
    }
    REQUIRE(clean[at] == '\0' && (!quoted || (size >= 2 && written[size - 1] == '"')));
    free(written);
}

static void check_line(const char *text, const char *clean)
{
    char *written = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&written, &size);
    REQUIRE(out != NULL);
    text_printf(out, "%s\n", text);
    fclose(out);
    REQUIRE(size > 0 && written[size - 1] == '\n');
    written[size - 1] = '\0';
    REQUIRE(strcmp(written, clean) == 0);
    free(written);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"activation", "lr", "test_accuracy"};
    char *text = text_of(data, size), *clean = NULL, shown[32];
    double number = 0;
    check_clean(text, &clean);
    check_cuts(text, size < 20 ? size + 1 : 20);
    check_quoted(text, clean, text_csv, '"');
    check_quoted(text, clean, text_json, '\\');
    check_line(text, clean);
    nearest_name(names, 3, text, strlen(text));
    if (text_number(text, &number)) {
        double again = 0;
        text_short(shown, number, 3);
        text_double(shown, number);
        REQUIRE(number != number || (text_number(shown, &again) && again == number));
    }
    free(clean);
    free(text);
    return 0;
}
