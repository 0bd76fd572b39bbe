/* I(X;T) of two arrays through libinfoflow: X uniform in the unit square, T = X + noise, for growing noise.
 *
 *   cc mutual_information.c $(pkg-config --cflags --libs infoflow) -o mutual_information */
#include <infoflow/infoflow.h>
#include <stdio.h>
#include <stdlib.h>

enum { N = 100, D = 2, PAIRS = N * (N - 1) / 2 };

static double mutual_information(const double *x, const double *t)
{
    static double x_distances[PAIRS], t_distances[PAIRS];
    ifl_squared_distances(x, N, D, D, x_distances);
    ifl_squared_distances(t, N, D, D, t_distances);
    struct ifl_variable layer = {.maps = 1, .dim = D, .real = IFL_F64, .sum = t_distances};
    struct ifl_snapshot snapshot = {
        .n = N, .layers = 1, .x = {.maps = 1, .dim = D, .real = IFL_F64, .sum = x_distances}, .t = &layer};
    struct ifl_params params = ifl_params_default();
    params.h = 0.5;
    struct ifl_record *record;
    struct ifl_error error;
    size_t count;
    if (ifl_estimate(&snapshot, &params, IFL_BIT(IFL_I_XT), NULL, &record, &count, &error) != IFL_OK) {
        fprintf(stderr, "%s\n", error.message);
        exit(1);
    }
    double bits = record->value;
    free(record);
    return bits;
}

int main(void)
{
    static double x[N * D], t[N * D];
    for (double noise = 0; noise < 3; noise = noise == 0 ? 0.125 : 2 * noise) {
        for (int k = 0; k < N * D; k++) {
            x[k] = (double)rand() / RAND_MAX;
            t[k] = x[k] + noise * ((double)rand() / RAND_MAX - 0.5);
        }
        printf("noise %5.3f   I(X;T) = %.3f bits\n", noise, mutual_information(x, t));
    }
    return 0;
}
