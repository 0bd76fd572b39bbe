#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "capability.h"

static const char *const theme_names[THEMES] = {"auto", "dark", "light", "mono"};

const char *theme_name(enum theme theme)
{
    return theme_names[theme];
}

bool theme_parse(const char *name, enum theme *out)
{
    for (int k = 0; k < THEMES; k++)
        if (strcmp(theme_names[k], name) == 0) {
            *out = (enum theme)k;
            return true;
        }
    return false;
}

bool capability_unicode(void)
{
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

bool capability_locale(bool insist)
{
    static const char *const others[] = {"C.UTF-8", "en_US.UTF-8"};
    setlocale(LC_CTYPE, ""); /* NOLINT(concurrency-mt-unsafe): before there is a second thread */
    bool unicode = capability_unicode();
    for (size_t k = 0; insist && !unicode && k < sizeof others / sizeof *others; k++)
        unicode = setlocale(LC_CTYPE, others[k]) != NULL; /* NOLINT(concurrency-mt-unsafe): likewise */
    return unicode;
}

static bool is_set(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0';
}

static bool says(const char *name, const char *part)
{
    const char *value = getenv(name);
    return value != NULL && strstr(value, part) != NULL;
}

static int colors_by_name(void)
{
    const char *name = getenv("TERM");
    if (name == NULL || name[0] == '\0' || strcmp(name, "dumb") == 0)
        return 0;
    bool many =
        says("TERM", "256") || says("TERM", "direct") || says("COLORTERM", "truecolor") || says("COLORTERM", "24bit");
    return many ? 256 : 8;
}

int capability_colors(enum color_wish wish, bool terminal, int described)
{
    if (wish == COLOR_NEVER || (wish == COLOR_AUTO && (!terminal || is_set("NO_COLOR"))))
        return 0;
    if (described < 0)
        return wish == COLOR_ALWAYS ? 256 : colors_by_name();
    /* With more than 256 the numbers behind the first 8 are no palette but red, green and blue. */
    return described == 256 ? 256 : described >= 8 ? 8 : 0;
}

/* `15;0`, or `0;default;15`: the last is the background. */
bool capability_light(bool *known)
{
    const char *colors = getenv("COLORFGBG");
    const char *last = colors != NULL ? strrchr(colors, ';') : NULL;
    char *end = NULL;
    long background = last != NULL ? strtol(last + 1, &end, 10) : -1;
    *known = end != NULL && end != last + 1 && *end == '\0' && background >= 0 && background <= 15;
    return *known && (background == 7 || background >= 9);
}
