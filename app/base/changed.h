/* The estimators' parameters in words, for whoever keeps a plot or a table. */
#ifndef BASE_CHANGED_H
#define BASE_CHANGED_H

#include <infoflow/params.h>

enum { CHANGED_BYTES = 192 };

/* Those that are not the defaults, each behind two blanks: `  h 7  alpha 2  median`. Under another width rule its own h
 * are usual. "" where all are. Returns `out`. */
char *changed_text(char out[CHANGED_BYTES], const struct ifl_params *params);

#endif
