/* Strings on their way out: to the screen, to stdout, to stderr. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* The one sanitiser. Copies `text` into `out` (`size` bytes, NUL included), cutting at a whole character where it
 * does not fit; every control character (C0, DEL, C1), every byte that is not valid UTF-8 and every character that
 * is invisible or turns the direction of its line becomes one U+FFFD; with `ascii`, everything outside ASCII becomes
 * `?`. Returns `out`. */
char *text_clean(char *out, size_t size, const char *text, bool ascii);

/* The same as a new string (free()), or NULL without memory. */
char *text_clean_new(const char *text);

/* One sanitised line on a stream, printf-like: each %s argument may be hostile, the format is ours. A newline at the
 * very end of the format ends the line; any other control character, of the format too, is sanitised. */
void text_printf(FILE *stream, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Columns a UTF-8 string takes on a terminal (wcwidth's rules for what text_clean lets through, without a locale). */
size_t text_width(const char *text);

/* Sanitises and cuts to at most `columns` columns, marking a cut with `~`; `out` of `size` bytes. Returns `out`. */
char *text_fit(char *out, size_t size, const char *text, size_t columns);
/* The same, cut at its beginning, or in the middle. */
char *text_fit_tail(char *out, size_t size, const char *text, size_t columns);
char *text_fit_middle(char *out, size_t size, const char *text, size_t columns);

/* Decodes one character; returns its length in bytes, 0 at the end, and -1 for an invalid byte. */
int text_decode(const char *text, unsigned *codepoint);
/* Encodes one into `out` (5 bytes); returns its length. */
int text_encode(unsigned codepoint, char out[5]);

/* A double as the shortest text that reads back as the same value and shows that it is no integer: `0.0`, `0.34`,
 * `1e-05`; `nan` for a NaN. At most 32 bytes. */
char *text_double(char out[32], double value);

/* A double for people: at most `digits` significant digits, no zeros behind them, and no exponent from 1e-4 to 1e9. */
char *text_short(char out[32], double value, int digits);

/* Reads the whole of `text` as a decimal number, or as `inf` with or without a sign. False, and *out as it was, where
 * it is anything else: `nan`, hexadecimal, blanks. */
bool text_number(const char *text, double *out);

/* One CSV field, quoted where RFC 4180 asks for it, sanitised. */
void text_csv(FILE *stream, const char *text);
/* One JSON string with its quotes, sanitised. */
void text_json(FILE *stream, const char *text);

#endif
