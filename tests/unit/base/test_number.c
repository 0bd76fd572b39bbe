#include <criterion/criterion.h>
#include <math.h>

#include <base/text.h>

Test(number, decimals_and_infinities)
{
    static const struct {
        const char *text;
        double value;
    } good[] = {{"0", 0},       {"-0.5", -0.5}, {".97", .97},      {"1.", 1},           {"1e-3", 1e-3},
                {"+2E+2", 200}, {"007", 7},     {"inf", INFINITY}, {"-inf", -INFINITY}, {"1e999", INFINITY}};
    static const char *const bad[] = {"",    ".",   "-",  "e5",  "1x",   "0x10", " 1",    "1 ", "nan", "infinity",
                                      "--1", "1-2", "1e", "1e+", "6-12", "1,5",  "-inf ", "+",  "1_0"};
    for (size_t k = 0; k < sizeof good / sizeof *good; k++) {
        double value = -7;
        cr_assert(text_number(good[k].text, &value), "%s", good[k].text);
        cr_assert_eq(value, good[k].value, "%s", good[k].text);
    }
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        double value = -7;
        cr_assert(!text_number(bad[k], &value), "%s", bad[k]);
        cr_assert_eq(value, -7, "%s", bad[k]);
    }
}
