#include <string.h>

#include "infoflow/snapshot.h"
#include "simd.h"

/* Plain differences: the shortcut |x|^2 + |y|^2 - 2xy loses every digit for data far from the origin.
 *
 * LANES rows at a time are turned into columns, DEPTH values of each, so that a SIMD lane is a pair and nothing is
 * summed across lanes. Two other rows meet them at once: enough sums that none waits for another. */
enum { LANES = 16, DEPTH = 128, FOURS = LANES / 4 };

/* Of GNU C: sums in plain arrays the compiler would keep in memory. */
typedef double four __attribute__((vector_size(32)));

struct columns {
    size_t first, count; /* rows */
    size_t from, depth;  /* their values */
    four at[DEPTH][FOURS];
};

/* Lanes beyond `count` are 0. */
static void columns_turn(struct columns *c, const double *rows, size_t stride)
{
    for (size_t lane = 0; lane < LANES; lane++)
        for (size_t k = 0; k < c->depth; k++)
            c->at[k][lane / 4][lane % 4] = lane < c->count ? rows[(c->first + lane) * stride + c->from + k] : 0;
}

/* The distances of row i from those of the columns that are packed with it: set by the first values, then added to. */
static inline void put(double *out, size_t n, size_t i, const struct columns *c, const double *sums)
{
    size_t lane = i < c->first ? 0 : i + 1 - c->first;
    double *at = out + ifl_pair_index(n, i, c->first + lane);
    if (c->from == 0)
        for (; lane < c->count; lane++)
            *at++ = sums[lane];
    else
        for (; lane < c->count; lane++)
            *at++ += sums[lane];
}

/* All rows before the columns' last against the columns. */
IFL_CLONES
static void columns_meet(const struct columns *c, const double *rows, size_t n, size_t stride, double *out)
{
    for (size_t i = 0; i + 1 < c->first + c->count; i += 2) {
        const double *a = rows + i * stride + c->from, *b = a + stride;
        four a_sums[FOURS] = {{0}}, b_sums[FOURS] = {{0}};
        for (size_t k = 0; k < c->depth; k++) {
            const four *column = c->at[k];
            four x = {a[k], a[k], a[k], a[k]}, y = {b[k], b[k], b[k], b[k]};
            for (size_t q = 0; q < FOURS; q++) {
                four from_x = x - column[q], from_y = y - column[q];
                a_sums[q] += from_x * from_x;
                b_sums[q] += from_y * from_y;
            }
        }
        double sums[2][LANES];
        memcpy(sums[0], a_sums, sizeof a_sums);
        memcpy(sums[1], b_sums, sizeof b_sums);
        put(out, n, i, c, sums[0]);
        put(out, n, i + 1, c, sums[1]);
    }
}

void ifl_squared_distances(const double *rows, size_t n, size_t d, size_t stride, double *out)
{
    struct columns c;
    if (d == 0)
        memset(out, 0, ifl_pair_count(n) * sizeof *out);
    for (c.first = 0; c.first < n; c.first += LANES) {
        c.count = n - c.first < LANES ? n - c.first : LANES;
        for (c.from = 0; c.from < d; c.from += DEPTH) {
            c.depth = d - c.from < DEPTH ? d - c.from : DEPTH;
            columns_turn(&c, rows, stride);
            columns_meet(&c, rows, n, stride, out);
        }
    }
}
