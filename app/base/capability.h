/* What can be shown: asked of the locale, the environment and the terminal in this one place. */
#ifndef BASE_CAPABILITY_H
#define BASE_CAPABILITY_H

#include <stdbool.h>

enum color_wish { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* How the screen is coloured. THEME_AUTO: as the terminal and the environment say. */
enum theme { THEME_AUTO, THEME_DARK, THEME_LIGHT, THEME_MONO, THEMES };
const char *theme_name(enum theme theme);
bool theme_parse(const char *name, enum theme *out);

/* Whether the locale in force (setlocale) writes UTF-8. */
bool capability_unicode(void);
/* Takes over the user's locale for characters, or for who insists on Unicode one that has it. Whether it writes UTF-8.
 */
bool capability_locale(bool insist);

/* How many colours to use: 0, 8 or 256. `terminal`: the output is one. `described`: as many as its description has, or
 * -1: to be told from TERM and COLORTERM. NO_COLOR counts for COLOR_AUTO alone. */
int capability_colors(enum color_wish wish, bool terminal, int described);

/* Whether COLORFGBG says that the background is light. Where nothing says so, *known is false. */
bool capability_light(bool *known);

#endif
