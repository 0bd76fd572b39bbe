/* What a code point may do on a terminal, without a locale. */
#ifndef BASE_TEXT_WIDTH_H
#define BASE_TEXT_WIDTH_H

/* Columns of a code point: 0 (combining), 1 or 2; -1 for what must never reach a terminal as it is: controls (C0,
 * DEL, C1), bidirectional marks, embeddings, overrides and isolates, invisible characters, line and paragraph
 * separators, variation selectors and tags, surrogates and noncharacters. */
int text_codepoint_width(unsigned codepoint);

#endif
