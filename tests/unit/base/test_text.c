#include <criterion/criterion.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <base/text.h>

#define R            "\xEF\xBF\xBD" /* U+FFFD */
#define COUNT(array) (sizeof(array) / sizeof *(array))

static void expect_clean(const char *text, const char *expected, const char *expected_ascii)
{
    char out[256];
    cr_expect_str_eq(text_clean(out, sizeof out, text, false), expected);
    cr_expect_str_eq(text_clean(out, sizeof out, text, true), expected_ascii);
    char *fresh = text_clean_new(text);
    cr_expect_str_eq(fresh, expected);
    free(fresh);
}

Test(text, leaves_text_alone)
{
    expect_clean("", "", "");
    expect_clean("conv1 ~!\"\\", "conv1 ~!\"\\", "conv1 ~!\"\\");
    expect_clean("Schicht \xC3\xA4", "Schicht \xC3\xA4", "Schicht ?");
    expect_clean("\xE5\xB1\xA4\xF0\x9F\x9A\x80", "\xE5\xB1\xA4\xF0\x9F\x9A\x80", "??");
}

Test(text, replaces_what_is_hostile)
{
    static const char *const hostile[] = {
        "\x01",
        "\x1B",
        "\n",
        "\t",
        "\r",
        "\x7F", /* C0, DEL */
        "\xC2\x80",
        "\xC2\x85",
        "\xC2\x9B",
        "\xC2\x9F", /* C1 */
        "\xE2\x80\xAA",
        "\xE2\x80\xAE",
        "\xE2\x81\xA6",
        "\xE2\x81\xA9",
        "\xE2\x80\x8E",
        "\xE2\x80\x8F", /* bidi */
        "\xD8\x9C",
        "\xE2\x80\x8B",
        "\xE2\x80\x8D",
        "\xE2\x81\xA0",
        "\xEF\xBB\xBF", /* zero width */
        "\xE2\x80\xA8",
        "\xE2\x80\xA9", /* separators */
        "\xC2\xAD",
        "\xEF\xB8\x8F",
        "\xF3\xA0\x81\x81",
        "\xEF\xBF\xBE",
        "\xF0\x9F\xBF\xBF", /* invisible */
    };
    for (size_t k = 0; k < COUNT(hostile); k++) {
        char text[16];
        snprintf(text, sizeof text, "a%sb", hostile[k]);
        expect_clean(text, "a" R "b", "a?b");
    }
}

/* The ends of each range of them. */
Test(text, replaces_every_range_of_hostile_characters)
{
    static const unsigned ends[] = {
        0x1,    0x1F,   0x7F,   0x9F,   0xAD,    0x34F,   0x61C,   0x115F,  0x1160,  0x17B4,  0x17B5,  0x180B,  0x180F,
        0x200B, 0x200F, 0x2028, 0x202E, 0x2060,  0x206F,  0x3164,  0xFDD0,  0xFDEF,  0xFE00,  0xFE0F,  0xFEFF,  0xFFA0,
        0xFFF0, 0xFFFB, 0xFFFE, 0xFFFF, 0x1BCA0, 0x1BCA3, 0x1D173, 0x1D17A, 0x1FFFE, 0xE0000, 0xE0FFF, 0x10FFFF};
    for (size_t k = 0; k < COUNT(ends); k++) {
        char text[8] = "a", out[16];
        text_encode(ends[k], text + 1);
        cr_expect_str_eq(text_clean(out, sizeof out, text, false), "a" R, "U+%04X", ends[k]);
    }
}

Test(text, replaces_each_byte_that_is_not_utf8)
{
    expect_clean("\x80", R, "?");
    expect_clean("\x9B[2J", R "[2J", "?[2J");
    expect_clean("\xC0\x9B", R R, "??");               /* overlong */
    expect_clean("\xE0\x80\x9B", R R R, "???");        /* overlong */
    expect_clean("\xF0\x80\x80\x9B", R R R R, "????"); /* overlong */
    expect_clean("\xED\xA0\x80", R R R, "???");        /* a surrogate */
    expect_clean("\xF4\x90\x80\x80", R R R R, "????"); /* behind U+10FFFF */
    expect_clean("\xFF\xFE", R R, "??");
    expect_clean("a\xE2\x82", "a" R R, "a??");    /* ends within a character */
    expect_clean("\xE2\x1B[m", R R "[m", "??[m"); /* an escape where a continuation is due */
}

Test(text, lets_no_control_byte_out_of_random_bytes)
{
    srand(1);
    for (int round = 0; round < 20000; round++) {
        char text[24], out[80];
        size_t length = (size_t)rand() % (sizeof text - 1);
        for (size_t k = 0; k < length; k++)
            text[k] = (char)(rand() % 255 + 1);
        text[length] = '\0';
        size_t size = (size_t)rand() % sizeof out + 1;
        text_clean(out, size, text, rand() % 2);
        cr_assert_lt(strlen(out), size);
        const char *at = out;
        unsigned codepoint;
        for (int step; (step = text_decode(at, &codepoint)) != 0; at += step) {
            cr_assert_gt(step, 0);
            cr_assert(codepoint >= 0x20 && !(codepoint >= 0x7F && codepoint < 0xA0));
        }
        char again[256];
        cr_assert_str_eq(text_clean(again, sizeof again, out, false), out);
        cr_assert_leq(text_width(text_fit(again, sizeof again, text, size % 20)), size % 20);
        cr_assert_leq(text_width(text_fit_tail(again, sizeof again, text, size % 20)), size % 20);
        cr_assert_leq(text_width(text_fit_middle(again, sizeof again, text, size % 20)), size % 20);
    }
}

Test(text, cuts_clean_text_at_whole_characters)
{
    char out[4];
    cr_expect_str_eq(text_clean(out, sizeof out, "ab\xC3\xA4", false), "ab");
    cr_expect_str_eq(text_clean(out, 1, "ab", false), "");
    out[0] = 'x';
    text_clean(out, 0, "ab", false);
    cr_expect_eq(out[0], 'x');
}

Test(text, encodes_what_it_decodes)
{
    for (unsigned codepoint = 1; codepoint <= 0x10FFFF; codepoint++) {
        if (codepoint >= 0xD800 && codepoint < 0xE000)
            continue;
        char bytes[5];
        unsigned back = 0;
        int length = text_encode(codepoint, bytes);
        cr_assert_eq(text_decode(bytes, &back), length);
        cr_assert_eq(back, codepoint);
    }
}

Test(text, measures_columns)
{
    cr_expect_eq(text_width(""), 0);
    cr_expect_eq(text_width("conv1"), 5);
    cr_expect_eq(text_width("\xC3\xA4"), 1);
    cr_expect_eq(text_width("a\xCC\x88"), 1);        /* a and a combining diaeresis */
    cr_expect_eq(text_width("\xE5\xB1\xA4"), 2);     /* CJK */
    cr_expect_eq(text_width("\xF0\x9F\x9A\x80"), 2); /* emoji */
    cr_expect_eq(text_width("\xED\x95\x9C"), 2);     /* Hangul */
    cr_expect_eq(text_width("\xEF\xBC\xA1"), 2);     /* fullwidth A */
    cr_expect_eq(text_width("\xE2\xA0\x81"), 1);     /* braille */
    cr_expect_eq(text_width("\x1B\xFF"), 2);         /* as their replacements */
}

static void expect_fit(const char *text, size_t columns, const char *expected)
{
    char out[64];
    cr_expect_str_eq(text_fit(out, sizeof out, text, columns), expected);
}

Test(text, fits_into_columns)
{
    expect_fit("conv1", 5, "conv1");
    expect_fit("conv1", 4, "con~");
    expect_fit("conv1", 1, "~");
    expect_fit("conv1", 0, "");
    expect_fit("", 0, "");
    expect_fit("\xE5\xB1\xA4\xE5\xB1\xA4", 4, "\xE5\xB1\xA4\xE5\xB1\xA4");
    expect_fit("\xE5\xB1\xA4\xE5\xB1\xA4", 3, "\xE5\xB1\xA4~");
    expect_fit("\xE5\xB1\xA4\xE5\xB1\xA4", 2, "~");
    expect_fit("a\x1B", 2, "a" R);
    char out[4];
    cr_expect_str_eq(text_fit(out, sizeof out, "abcdef", 10), "ab~");
}

Test(text, fits_its_tail_or_both_ends)
{
    static const struct {
        const char *text;
        size_t columns;
        const char *tail, *middle;
    } cases[] = {{"conv1", 5, "conv1", "conv1"},
                 {"conv1", 4, "~nv1", "co~1"},
                 {"conv1", 3, "~v1", "c~1"},
                 {"conv1", 2, "~1", "c~"},
                 {"conv1", 1, "~", "~"},
                 {"conv1", 0, "", ""},
                 {"a\x1B"
                  "bcd",
                  4, "~bcd", "a" R "~d"},
                 {"\xE5\xB1\xA4\xE5\xB1\xA4", 3, "~\xE5\xB1\xA4", "~"}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char out[64];
        cr_expect_str_eq(text_fit_tail(out, sizeof out, cases[k].text, cases[k].columns), cases[k].tail);
        cr_expect_str_eq(text_fit_middle(out, sizeof out, cases[k].text, cases[k].columns), cases[k].middle);
    }
}

static void expect_double(double value, const char *expected)
{
    char out[32];
    cr_expect_str_eq(text_double(out, value), expected);
    if (!isnan(value))
        cr_expect_eq(strtod(out, NULL), value);
}

Test(text, writes_doubles_as_python_does)
{
    expect_double(0.0, "0.0");
    expect_double(-0.0, "-0.0");
    expect_double(1.0, "1.0");
    expect_double(0.34, "0.34");
    expect_double(0.1 + 0.2, "0.30000000000000004");
    expect_double(-1234.5, "-1234.5");
    expect_double(1e-4, "0.0001");
    expect_double(1e-5, "1e-05");
    expect_double(1.5e-7, "1.5e-07");
    expect_double(1e15, "1000000000000000.0");
    expect_double(1e16, "1e+16");
    expect_double(1.2345678901234568e+17, "1.2345678901234568e+17");
    expect_double(6.127911133542467, "6.127911133542467");
    expect_double(5e-324, "5e-324");
    expect_double(1.7976931348623157e308, "1.7976931348623157e+308");
    expect_double(NAN, "nan");
    expect_double(INFINITY, "inf");
    expect_double(-INFINITY, "-inf");
}

Test(text, reads_back_every_double)
{
    srand(2);
    for (int round = 0; round < 50000; round++) {
        uint64_t bits = 0;
        for (int k = 0; k < 5; k++)
            bits = bits << 15 ^ (uint64_t)rand();
        double value;
        memcpy(&value, &bits, sizeof value);
        char out[32];
        text_double(out, value);
        cr_assert_lt(strlen(out), sizeof out);
        cr_assert(isnan(value) || strtod(out, NULL) == value, "%s", out);
    }
}

Test(text, writes_doubles_for_people)
{
    char out[32];
    cr_expect_str_eq(text_short(out, 0.62610107, 4), "0.6261");
    cr_expect_str_eq(text_short(out, 5, 4), "5");
    cr_expect_str_eq(text_short(out, 12345, 3), "12300");
    cr_expect_str_eq(text_short(out, 0.00012345, 2), "0.00012");
    cr_expect_str_eq(text_short(out, 0.000012345, 2), "1.2e-05");
    cr_expect_str_eq(text_short(out, 9.99, 1), "10");
    cr_expect_str_eq(text_short(out, 1.5e9, 3), "1.5e+09");
    cr_expect_str_eq(text_short(out, -0.0, 3), "0");
    cr_expect_str_eq(text_short(out, -2.5, 3), "-2.5");
    cr_expect_str_eq(text_short(out, NAN, 3), "nan");
    cr_expect_str_eq(text_short(out, 1.0 / 3, 99), "0.33333333333333331");
}

/* What `write` puts on a stream, in a static buffer. */
static const char *written(void (*write)(FILE *stream, const char *text), const char *text)
{
    static char out[4096];
    FILE *stream = tmpfile();
    cr_assert_not_null(stream);
    write(stream, text);
    rewind(stream);
    out[fread(out, 1, sizeof out - 1, stream)] = '\0';
    fclose(stream);
    return out;
}

Test(text, quotes_csv)
{
    cr_expect_str_eq(written(text_csv, "conv1"), "conv1");
    cr_expect_str_eq(written(text_csv, ""), "");
    cr_expect_str_eq(written(text_csv, "a,b"), "\"a,b\"");
    cr_expect_str_eq(written(text_csv, "say \"a\""), "\"say \"\"a\"\"\"");
    cr_expect_str_eq(written(text_csv, "a\nb"), "\"a" R "b\"");
    cr_expect_str_eq(written(text_csv, "\x1B[m"), R "[m");
}

Test(text, writes_json_strings)
{
    cr_expect_str_eq(written(text_json, ""), "\"\"");
    cr_expect_str_eq(written(text_json, "conv1, \xC3\xA4/"), "\"conv1, \xC3\xA4/\"");
    cr_expect_str_eq(written(text_json, "say \"a\\b\""), "\"say \\\"a\\\\b\\\"\"");
    cr_expect_str_eq(written(text_json, "a\nb\x1B\xFF\x7F"), "\"a" R "b" R R R "\"");
}

static void print_line(FILE *stream, const char *text)
{
    text_printf(stream, "run %s: %d\n", text, 3);
}

static void print_piece(FILE *stream, const char *text)
{
    text_printf(stream, "%s", text);
}

Test(text, prints_one_clean_line)
{
    cr_expect_str_eq(written(print_line, "a\nb\x1B"), "run a" R "b" R ": 3\n");
    cr_expect_str_eq(written(print_piece, "a\n"), "a" R);
    cr_expect_str_eq(written(print_piece, ""), "");
    char text[3000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    cr_expect_str_eq(written(print_piece, text), text);
}
