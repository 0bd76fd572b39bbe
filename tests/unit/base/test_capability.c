#include <criterion/criterion.h>
#include <locale.h>
#include <stdlib.h>

#include <base/capability.h>

static void set(const char *name, const char *value)
{
    if (value != NULL)
        setenv(name, value, 1);
    else
        unsetenv(name);
}

static void set_all(const char *term, const char *colorterm, const char *no_color)
{
    set("TERM", term);
    set("COLORTERM", colorterm);
    set("NO_COLOR", no_color);
}

Test(capability, tells_colors_from_names)
{
    static const struct {
        const char *term, *colorterm;
        int colors;
    } cases[] = {{NULL, NULL, 0},
                 {"", "truecolor", 0},
                 {"dumb", "truecolor", 0},
                 {"xterm", NULL, 8},
                 {"xterm", "", 8},
                 {"xterm-256color", NULL, 256},
                 {"xterm-kitty", "truecolor", 256},
                 {"alacritty", "24bit", 256},
                 {"xterm-direct", NULL, 256}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        set_all(cases[k].term, cases[k].colorterm, NULL);
        cr_expect_eq(capability_colors(COLOR_AUTO, true, -1), cases[k].colors, "case %zu", k);
        cr_expect_eq(capability_colors(COLOR_AUTO, false, -1), 0, "case %zu: into a file", k);
        cr_expect_eq(capability_colors(COLOR_ALWAYS, false, -1), 256, "case %zu: always", k);
        cr_expect_eq(capability_colors(COLOR_NEVER, true, -1), 0, "case %zu: never", k);
    }
}

Test(capability, believes_the_description)
{
    set_all("xterm", "truecolor", NULL);
    cr_expect_eq(capability_colors(COLOR_AUTO, true, 0), 0);
    cr_expect_eq(capability_colors(COLOR_AUTO, true, 8), 8);
    cr_expect_eq(capability_colors(COLOR_AUTO, true, 88), 8);
    cr_expect_eq(capability_colors(COLOR_AUTO, true, 256), 256);
    cr_expect_eq(capability_colors(COLOR_AUTO, true, 1 << 24), 8, "red, green and blue are no palette");
    cr_expect_eq(capability_colors(COLOR_ALWAYS, true, 8), 8, "more than there are");
}

Test(capability, obeys_no_color_unless_told_otherwise)
{
    set_all("xterm-256color", NULL, "1");
    cr_expect_eq(capability_colors(COLOR_AUTO, true, 256), 0);
    cr_expect_eq(capability_colors(COLOR_ALWAYS, true, 256), 256);
    set("NO_COLOR", "");
    cr_expect_eq(capability_colors(COLOR_AUTO, true, 256), 256, "empty is not set");
}

Test(capability, reads_the_background)
{
    static const struct {
        const char *value;
        bool known, light;
    } cases[] = {{NULL, false, false},   {"", false, false},           {"15;0", true, false},
                 {"0;15", true, true},   {"0;default;15", true, true}, {"0;7", true, true},
                 {"7;8", true, false},   {"15;default", false, false}, {"1;", false, false},
                 {"1;99", false, false}, {"1;-1", false, false},       {"1;7x", false, false}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        bool known;
        set("COLORFGBG", cases[k].value);
        cr_expect_eq(capability_light(&known), cases[k].light, "case %zu", k);
        cr_expect_eq(known, cases[k].known, "case %zu", k);
    }
}

Test(capability, asks_the_locale)
{
    set("LC_ALL", "C");
    cr_expect_not(capability_locale(false));
    cr_expect_not(capability_unicode());
    cr_expect(capability_locale(true), "C.UTF-8 is everywhere these tests run");
    cr_expect(capability_unicode());
    set("LC_ALL", "C.UTF-8");
    cr_expect(capability_locale(false));
}
