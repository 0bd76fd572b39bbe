#include <criterion/criterion.h>
#include <string.h>

#include <base/nearest.h>

static const char *const names[] = {"alpha", "h", "h-error", "h-label", "threads", "tolerance"};

static const char *near(const char *typed)
{
    const char *name = nearest_name(names, sizeof names / sizeof *names, typed, strlen(typed));
    return name == NULL ? "" : name;
}

Test(nearest, finds_the_name_that_was_meant)
{
    cr_expect_str_eq(near("alhpa"), "alpha");
    cr_expect_str_eq(near("alpa"), "alpha");
    cr_expect_str_eq(near("alphaa"), "alpha");
    cr_expect_str_eq(near("tolerence"), "tolerance");
    cr_expect_str_eq(near("herror"), "h-error");
    cr_expect_str_eq(near("tolrn"), "tolerance", "the beginning of it");
    cr_expect_str_eq(near("h-lable"), "h-label");
}

Test(nearest, finds_nothing_that_is_far)
{
    cr_expect_str_eq(near(""), "");
    cr_expect_str_eq(near("x"), "");
    cr_expect_str_eq(near("nonsense"), "");
    cr_expect(nearest_name(names, 0, "alpha", 5) == NULL);
}

Test(nearest, takes_any_length)
{
    char typed[400];
    memset(typed, 'x', sizeof typed);
    cr_expect(nearest_name(names, 6, typed, sizeof typed) == NULL);
    memcpy(typed, "tolerance", 9);
    nearest_name(names, 6, typed, sizeof typed);
}
