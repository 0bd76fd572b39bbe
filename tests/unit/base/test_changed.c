/* Which parameters a plot says that it was made with. */
#include <criterion/criterion.h>
#include <math.h>

#include <base/changed.h>

static void expect(const char *text, struct ifl_params params)
{
    char out[CHANGED_BYTES];
    cr_expect_str_eq(changed_text(out, &params), text);
}

Test(changed, names_what_is_not_the_default)
{
    struct ifl_params params = ifl_params_default();
    expect("", params);
    params.h = 7;
    params.alpha = INFINITY;
    expect("  h 7  alpha inf", params);
    ifl_params_set_width(&params, IFL_WIDTH_MEDIAN);
    expect("  median  alpha inf", params);
    params = ifl_params_default();
    params.width = IFL_WIDTH_MEDIAN;
    expect("  median  h 5  h-error 0.1", params);
}

Test(changed, has_room_for_all_of_them)
{
    struct ifl_params params = {.alpha = 1.0 / 3,
                                .h = 1e-300 / 3,
                                .h_error = 1e300 / 3,
                                .h_label = 2.0 / 3,
                                .width = IFL_WIDTH_ALIGNMENT,
                                .composition = IFL_GEOMETRIC,
                                .pairs = SIZE_MAX,
                                .seed = UINT64_MAX};
    expect("  alignment  h 3.33333e-301  h-error 3.33333e+299  h-label 0.666667  alpha 0.333333  geometric"
           "  pairs 18446744073709551615  seed 18446744073709551615",
           params);
}
