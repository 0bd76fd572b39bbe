#include "infoflow/snapshot.h"
#include "simd.h"

/* Plain differences: the shortcut |x|^2 + |y|^2 - 2xy loses every digit for data far from the origin. */
IFL_CLONES
void ifl_squared_distances(const double *rows, size_t n, size_t d, size_t stride, double *out)
{
    for (size_t i = 0; i + 1 < n; i++) {
        const double *restrict x = rows + i * stride;
        for (size_t j = i + 1; j < n; j++) {
            const double *restrict y = rows + j * stride;
            double sum = 0;
#pragma omp simd reduction(+ : sum)
            for (size_t k = 0; k < d; k++)
                sum += (x[k] - y[k]) * (x[k] - y[k]);
            *out++ = sum;
        }
    }
}
