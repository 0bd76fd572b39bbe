#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <infoflow/status.h>

#include <base/text.h>

#include "text_width.h"

static const unsigned replacement = 0xFFFD;

/* ---- UTF-8 ---- */

int text_decode(const char *text, unsigned *codepoint)
{
    const unsigned char *byte = (const unsigned char *)text;
    if (byte[0] < 0x80) {
        *codepoint = byte[0];
        return byte[0] != 0;
    }
    static const unsigned smallest[] = {0, 0, 0x80, 0x800, 0x10000}; /* by length: below it, the form is overlong */
    int length = byte[0] >= 0xF0 ? 4 : byte[0] >= 0xE0 ? 3 : 2;
    if (byte[0] < 0xC0 || byte[0] > 0xF4)
        return -1;
    unsigned value = byte[0] & (0x7Fu >> length);
    for (int k = 1; k < length; k++) {
        if ((byte[k] & 0xC0) != 0x80) /* the NUL included, so that nothing is read behind the end */
            return -1;
        value = value << 6 | (byte[k] & 0x3Fu);
    }
    if (value < smallest[length] || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000))
        return -1;
    *codepoint = value;
    return length;
}

int text_encode(unsigned codepoint, char out[5])
{
    int length = codepoint < 0x80 ? 1 : codepoint < 0x800 ? 2 : codepoint < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (int k = length - 1; k > 0; k--) {
        out[k] = (char)(0x80 | (codepoint & 0x3F));
        codepoint >>= 6;
    }
    out[0] = (char)(lead[length] | codepoint);
    out[length] = '\0';
    return length;
}

/* ---- the sanitiser ---- */

/* The next character as it may be shown, at *text, which moves on; 0 at the end. */
static unsigned next_shown(const char **text, int *width)
{
    unsigned codepoint;
    int length = text_decode(*text, &codepoint);
    if (length == 0)
        return 0;
    *text += length < 0 ? 1 : length;
    *width = length < 0 ? -1 : text_codepoint_width(codepoint);
    if (*width >= 0)
        return codepoint;
    *width = 1;
    return replacement;
}

char *text_clean(char *out, size_t size, const char *text, bool ascii)
{
    size_t used = 0;
    unsigned codepoint;
    int width;
    while ((codepoint = next_shown(&text, &width)) != 0) {
        char bytes[5];
        size_t length = (size_t)text_encode(ascii && codepoint >= 0x80 ? '?' : codepoint, bytes);
        if (used + length >= size)
            break;
        memcpy(out + used, bytes, length);
        used += length;
    }
    if (size > 0)
        out[used] = '\0';
    return out;
}

char *text_clean_new(const char *text)
{
    size_t size; /* at worst each byte becomes the three of U+FFFD */
    if (!ifl_size_mul(strlen(text), 3, &size) || size == SIZE_MAX)
        return NULL;
    char *out = ifl_alloc(size + 1, 1);
    return out == NULL ? NULL : text_clean(out, size + 1, text, false);
}

size_t text_width(const char *text)
{
    size_t columns = 0;
    int width;
    while (next_shown(&text, &width) != 0)
        columns += (size_t)width;
    return columns;
}

char *text_fit(char *out, size_t size, const char *text, size_t columns)
{
    if (size == 0)
        return out;
    size_t used = 0, taken = 0; /* bytes, columns */
    size_t cut = 0;             /* bytes that leave room for the mark */
    unsigned codepoint;
    int width;
    while ((codepoint = next_shown(&text, &width)) != 0) {
        char bytes[5];
        size_t length = (size_t)text_encode(codepoint, bytes);
        if (taken + (size_t)width > columns || used + length >= size) {
            if (columns > 0 && size > 1)
                out[cut++] = '~';
            out[cut] = '\0';
            return out;
        }
        memcpy(out + used, bytes, length);
        used += length;
        taken += (size_t)width;
        if (taken < columns && used + 1 < size)
            cut = used;
    }
    out[used] = '\0';
    return out;
}

/* Of a clean text, the columns after `before` up to the last `behind` give way to the mark. */
static char *cut_between(char *text, size_t before, size_t behind)
{
    char *head = text;
    const char *tail = text;
    int width = 0;
    for (size_t left = text_width(text); left > behind;) {
        next_shown(&tail, &width);
        left -= (size_t)width;
    }
    for (const char *at = text; next_shown(&at, &width) != 0 && (size_t)width <= before; head = text + (at - text))
        before -= (size_t)width;
    memmove(head + 1, tail, strlen(tail) + 1);
    *head = '~';
    return text;
}

char *text_fit_tail(char *out, size_t size, const char *text, size_t columns)
{
    text_clean(out, size, text, false);
    if (size == 0 || text_width(out) <= columns)
        return out;
    if (columns > 0)
        return cut_between(out, 0, columns - 1);
    *out = '\0';
    return out;
}

char *text_fit_middle(char *out, size_t size, const char *text, size_t columns)
{
    text_clean(out, size, text, false);
    if (size == 0 || text_width(out) <= columns)
        return out;
    if (columns > 0)
        return cut_between(out, columns / 2, columns - 1 - columns / 2);
    *out = '\0';
    return out;
}

/* Formats into `fixed` where that is large enough, else into new memory; NULL without memory. */
__attribute__((format(printf, 3, 0))) static char *format_text(char *fixed, size_t size, const char *format,
                                                               va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(fixed, size, format, arguments);
    char *text = fixed;
    if (length < 0) {
        text = NULL;
    } else if ((size_t)length >= size) {
        text = ifl_alloc((size_t)length + 1, 1);
        if (text != NULL)
            vsnprintf(text, (size_t)length + 1, format, again);
    }
    va_end(again);
    return text;
}

static void put_clean(FILE *stream, const char *text)
{
    unsigned codepoint;
    int width;
    while ((codepoint = next_shown(&text, &width)) != 0) {
        char bytes[5];
        text_encode(codepoint, bytes);
        fputs(bytes, stream);
    }
}

void text_printf(FILE *stream, const char *format, ...)
{
    char fixed[1024];
    va_list arguments;
    va_start(arguments, format);
    char *text = format_text(fixed, sizeof fixed, format, arguments);
    va_end(arguments);
    if (text == NULL)
        return;
    size_t formatted = strlen(format), length = strlen(text);
    bool line = formatted > 0 && format[formatted - 1] == '\n' && length > 0;
    if (line)
        text[length - 1] = '\0';
    put_clean(stream, text);
    if (line)
        fputc('\n', stream);
    if (text != fixed)
        free(text);
}

/* ---- numbers ---- */

/* A double as decimal digits d1 d2 ... and the exponent of 0.d1: 10^exponent * d1.d2... */
struct decimal {
    bool negative;
    int exponent;
    int count;
    char digits[18];
};

/* Rounded to `count` (1..17) significant digits. The digits are taken out of %e one by one because a locale may have
 * put anything in place of its decimal point. */
static struct decimal to_decimal(double value, int count)
{
    char text[40];
    snprintf(text, sizeof text, "%.*e", count - 1, value);
    struct decimal decimal = {.negative = text[0] == '-'};
    const char *at = text;
    for (; *at != '\0' && *at != 'e'; at++)
        if (*at >= '0' && *at <= '9' && decimal.count < 17)
            decimal.digits[decimal.count++] = *at;
    decimal.exponent = *at == 'e' ? (int)strtol(at + 1, NULL, 10) : 0;
    return decimal;
}

static struct decimal to_shortest_decimal(double value)
{
    for (int count = 1; count < 17; count++) {
        char text[40];
        snprintf(text, sizeof text, "%.*e", count - 1, value);
        if (strtod(text, NULL) == value)
            return to_decimal(value, count);
    }
    return to_decimal(value, 17);
}

static void strip_zeros(struct decimal *decimal)
{
    while (decimal->count > 1 && decimal->digits[decimal->count - 1] == '0')
        decimal->digits[--decimal->count] = '\0';
}

/* 123.4, 0.0012, 1200: the digits with a point among them, filled up with zeros. */
static char *print_positional(char *out, const struct decimal *decimal)
{
    if (decimal->exponent < 0) {
        out += sprintf(out, "0.");
        for (int k = -1; k > decimal->exponent; k--)
            *out++ = '0';
    }
    for (int k = 0; k < decimal->count || k <= decimal->exponent; k++) {
        if (k > 0 && k == decimal->exponent + 1)
            *out++ = '.';
        if (k < decimal->count)
            *out++ = decimal->digits[k];
        else
            *out++ = '0';
    }
    *out = '\0';
    return out;
}

/* 1.5e-07 */
static char *print_exponent(char *out, const struct decimal *decimal)
{
    out += sprintf(out, "%c%s%.*s", decimal->digits[0], decimal->count > 1 ? "." : "", decimal->count - 1,
                   decimal->digits + 1);
    return out + sprintf(out, "e%+03d", decimal->exponent);
}

/* nan, inf, -inf; false where the value is finite */
static bool print_special(char out[32], double value)
{
    if (!isfinite(value))
        snprintf(out, 32, "%s", isnan(value) ? "nan" : value < 0 ? "-inf" : "inf");
    return !isfinite(value);
}

char *text_double(char out[32], double value)
{
    if (print_special(out, value))
        return out;
    struct decimal decimal = to_shortest_decimal(value);
    strip_zeros(&decimal);
    char *at = out;
    if (decimal.negative)
        *at++ = '-';
    if (decimal.exponent < -4 || decimal.exponent >= 16) {
        print_exponent(at, &decimal);
    } else {
        at = print_positional(at, &decimal);
        if (decimal.count <= decimal.exponent + 1)
            memcpy(at, ".0", sizeof ".0");
    }
    return out;
}

char *text_short(char out[32], double value, int digits)
{
    if (print_special(out, value))
        return out;
    digits = digits < 1 ? 1 : digits > 17 ? 17 : digits;
    struct decimal decimal = to_decimal(value, digits);
    strip_zeros(&decimal);
    char *at = out;
    if (decimal.negative && value != 0)
        *at++ = '-';
    if (decimal.exponent < -4 || decimal.exponent >= 9)
        print_exponent(at, &decimal);
    else
        print_positional(at, &decimal);
    return out;
}

/* ---- for other programs ---- */

bool text_number(const char *text, double *out)
{
    const char *digits = text + (text[0] == '-' || text[0] == '+');
    if (strcmp(digits, "inf") == 0) {
        *out = text[0] == '-' ? -INFINITY : INFINITY;
        return true;
    }
    if (digits[strspn(digits, "0123456789.eE+-")] != '\0' || strspn(digits, "0123456789.") == 0)
        return false;
    char *end;
    double value = strtod(text, &end); /* the locale's decimal point is that of C: only LC_CTYPE is ever set */
    if (*end != '\0' || end == text)
        return false;
    *out = value;
    return true;
}

/* In double quotes, `escape` before each character that is among `special`. */
static void put_quoted(FILE *stream, const char *text, const char *special, char escape)
{
    unsigned codepoint;
    int width;
    fputc('"', stream);
    while ((codepoint = next_shown(&text, &width)) != 0) {
        char bytes[5];
        text_encode(codepoint, bytes);
        if (codepoint < 0x80 && strchr(special, (int)codepoint) != NULL)
            fputc(escape, stream);
        fputs(bytes, stream);
    }
    fputc('"', stream);
}

void text_csv(FILE *stream, const char *text)
{
    if (strpbrk(text, ",\"\r\n") == NULL)
        put_clean(stream, text);
    else
        put_quoted(stream, text, "\"", '"');
}

/* No control character is left to be escaped. */
void text_json(FILE *stream, const char *text)
{
    put_quoted(stream, text, "\"\\", '\\');
}
