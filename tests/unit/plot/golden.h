/* Texts compared with files of tests/golden/FOLDER/; INFOFLOW_GOLDEN=update in the environment writes them anew. */
#ifndef TEST_PLOT_GOLDEN_H
#define TEST_PLOT_GOLDEN_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef GOLDEN_FOLDER
#define GOLDEN_FOLDER "plot"
#endif

static inline void expect_golden(const char *name, const char *text)
{
    char path[512];
    snprintf(path, sizeof path, "%s/golden/%s/%s", TESTS_DIR, GOLDEN_FOLDER, name);
    const char *mode = getenv("INFOFLOW_GOLDEN");
    if (mode != NULL && strcmp(mode, "update") == 0) {
        FILE *file = fopen(path, "w");
        cr_assert_not_null(file, "%s", path);
        fputs(text, file);
        fclose(file);
        return;
    }
    static char expected[1 << 20];
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file, "%s is missing", path);
    expected[fread(expected, 1, sizeof expected - 1, file)] = '\0';
    fclose(file);
    cr_expect(strcmp(text, expected) == 0, "%s differs:\n%s\nbut expected is:\n%s", name, text, expected);
}

#endif
