#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include <base/reason.h>

Test(reason, is_what_the_system_says)
{
    cr_expect_str_eq(reason_of(ENOENT).text, strerror(ENOENT));
    cr_expect(strstr(reason_of(987654).text, "987654") != NULL);
}
