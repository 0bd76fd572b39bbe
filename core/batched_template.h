/* The batched kernel, for one instruction set. No guard: it is a template. Whoever includes it defines first
 *
 *   vec, bits                      a vector of doubles; the same many 64-bit integers
 *   WIDTH, GROUPS                  doubles of a vec; vecs that go through the QL iteration together
 *   COLUMNS_READ, COLUMNS_WRITTEN  columns that the tridiagonalisation's passes take together: what the registers hold
 *   MOST                           n up to which LAPACK was slower
 *   TARGET                         attribute of every function
 *   fma_add(a, b, c)               a * b + c, of vecs as all that follow
 *   fma_sub(a, b, c)               c - a * b
 *   square_root(a), larger(a, b), magnitude(a) = |a|, with_sign(a, b) = a >= 0 with the sign of b
 *   IN_REGISTER(v)                 makes the compiler load v, of which it makes several uses, once
 *   gathered(p, i)                 the vec of p[0][i], p[1][i] ...
 *   KERNEL                         the struct batched_kernel to define */
#include <float.h>
#include <math.h>

#define INLINE static inline __attribute__((always_inline)) TARGET
#if defined(__clang__)
#define UNROLLED _Pragma("clang loop unroll(full)")
#else
#define UNROLLED _Pragma("GCC unroll 8")
#endif

#define MOST_COLUMNS 4 /* of a pass */

/* What the tridiagonalisation knows of row r, side by side so that a pass over the rows is one stream.
 * The reflectors are I - u u' / h; the matrix after one is A - u w' - w u'. */
struct row {
    vec v1, w1, v2, w2; /* two reflectors' u and w, not yet applied to the matrix */
    vec u;              /* of the reflector in the making */
    vec y;              /* A u */
};

INLINE vec all(double x)
{
    vec v;
    UNROLLED
    for (size_t k = 0; k < WIDTH; k++)
        v[k] = x;
    return v;
}

INLINE vec pick(bits mask, vec yes, vec no)
{
    return (vec)(((bits)yes & mask) | ((bits)no & ~mask));
}

/* The triangle is packed: columns one after the other, each from its diagonal element down. */
INLINE size_t column_start(size_t n, size_t c)
{
    return c * n - c * (c - 1) / 2;
}

/* What a pass sums up besides. */
struct sums {
    vec uy;       /* u'y */
    vec v1u, w1u; /* v1'u, w1'u */
};

/* x -= left * right, for all columns. */
#define SUBTRACT(x, left, right)                                                                                       \
    do {                                                                                                               \
        vec once = (right);                                                                                            \
        IN_REGISTER(once);                                                                                             \
        UNROLLED                                                                                                       \
        for (size_t j = 0; j < width; j++)                                                                             \
            (x)[j] = fma_sub((left)[j], once, (x)[j]);                                                                 \
    } while (0)

/* Where a pass stands: columns c to c + width - 1, columns[j][r] being element (r, c + j). */
INLINE void find_columns(size_t n, vec *a, size_t c, size_t width, vec **columns)
{
    columns[0] = a + column_start(n, c) - c;
    UNROLLED
    for (size_t j = 1; j < width; j++)
        columns[j] = columns[j - 1] + (n - c - j);
}

/* `multiply` for `width` columns. */
INLINE void multiply_columns(size_t n, vec *a, struct row *restrict rows, size_t c, bool update, size_t width)
{
    vec *columns[MOST_COLUMNS];
    vec v1[MOST_COLUMNS], w1[MOST_COLUMNS], v2[MOST_COLUMNS], w2[MOST_COLUMNS], u[MOST_COLUMNS], y[MOST_COLUMNS];
    find_columns(n, a, c, width, columns);
    UNROLLED
    for (size_t j = 0; j < width; j++) {
        if (update) {
            v1[j] = rows[c + j].v1;
            w1[j] = rows[c + j].w1;
            v2[j] = rows[c + j].v2;
            w2[j] = rows[c + j].w2;
        }
        u[j] = rows[c + j].u;
        y[j] = rows[c + j].y;
    }
    /* the triangle in which these columns begin */
    UNROLLED
    for (size_t j = 0; j < width; j++) {
        UNROLLED
        for (size_t i = j; i < width; i++) {
            vec x = columns[j][c + i];
            if (update) {
                x = fma_sub(v1[j], w1[i], x);
                x = fma_sub(w1[j], v1[i], x);
                x = fma_sub(v2[j], w2[i], x);
                x = fma_sub(w2[j], v2[i], x);
                columns[j][c + i] = x;
            }
            y[i] = fma_add(x, u[j], y[i]);
            if (i != j)
                y[j] = fma_add(x, u[i], y[j]);
        }
    }
    for (size_t r = c + width; r < n; r++) {
        struct row *row = &rows[r];
        vec x[MOST_COLUMNS], below, right;
        UNROLLED
        for (size_t j = 0; j < width; j++) {
            x[j] = columns[j][r];
            IN_REGISTER(x[j]);
        }
        if (update) {
            SUBTRACT(x, w1, row->v1);
            SUBTRACT(x, v1, row->w1);
            SUBTRACT(x, w2, row->v2);
            SUBTRACT(x, v2, row->w2);
            UNROLLED
            for (size_t j = 0; j < width; j++)
                columns[j][r] = x[j];
        }
        below = row->y;
        right = row->u;
        IN_REGISTER(right);
        UNROLLED
        for (size_t j = 0; j < width; j++) {
            below = fma_add(x[j], u[j], below);
            y[j] = fma_add(x[j], right, y[j]);
        }
        row->y = below;
    }
    UNROLLED
    for (size_t j = 0; j < width; j++)
        rows[c + j].y = y[j];
}

/* y += A u for the rows and columns from `first` on; before that, where `update`, the pending reflectors are applied
 * to A. So A is read (and written) once. y must be 0 at first. */
INLINE void multiply(size_t n, vec *a, struct row *rows, size_t first, bool update, size_t width, struct sums *sums)
{
    /* Forth and back in turns, so that a pass begins where the last one left the cache warm. */
    size_t blocks = (n - first) / width, rest = first + blocks * width;
    if (update) {
        for (size_t k = 0; k < blocks; k++)
            multiply_columns(n, a, rows, first + k * width, update, width);
        for (size_t c = rest; c < n; c++)
            multiply_columns(n, a, rows, c, update, 1);
    } else {
        for (size_t c = n; c-- > rest;)
            multiply_columns(n, a, rows, c, update, 1);
        for (size_t k = blocks; k-- > 0;)
            multiply_columns(n, a, rows, first + k * width, update, width);
    }
    struct sums s = {all(0), all(0), all(0)};
    for (size_t r = first; r < n; r++) {
        const struct row *row = &rows[r];
        s.uy = fma_add(row->u, row->y, s.uy);
        if (!update) {
            s.v1u = fma_add(row->v1, row->u, s.v1u);
            s.w1u = fma_add(row->w1, row->u, s.w1u);
        }
    }
    *sums = s;
}

/* Column c, given as x in rows[].u from row c on, with the squares from row c + 2 on summed: d, e^2, and x becomes u.
 * Returns 1 / h; 0 where the column is done as it is. */
INLINE vec reflect(size_t n, struct row *rows, size_t c, vec squares, vec *d, vec *e2)
{
    *d = rows[c].u;
    *e2 = all(0);
    if (c + 1 == n)
        return all(0);
    vec alpha = rows[c + 1].u;
    bits needed = (bits)(squares > all(1e-200));
    vec norm2 = fma_add(alpha, alpha, pick(needed, squares, all(0)));
    vec beta = with_sign(square_root(norm2), alpha); /* of the other sign in truth */
    vec sum = alpha + beta;
    *e2 = norm2;
    rows[c + 1].u = sum;
    return pick(needed, all(1) / pick(needed, beta * sum, all(1)), all(0));
}

/* Ends the first (second = false) or second reflector of a pair: from u, y and the sums its w; and gives the next
 * column, c, with all that is pending applied, as `reflect` wants it. Returns the squares. */
INLINE vec advance(size_t n, const vec *a, struct row *rows, size_t c, bool second, vec h_inverse,
                   const struct sums *sums)
{
    vec uy = sums->uy;
    if (second)
        uy = fma_sub(sums->v1u * all(2), sums->w1u, uy);
    vec half = uy * h_inverse * h_inverse * all(0.5);
    const vec *column = a + column_start(n, c) - c;
    vec v1c = all(0), w1c = all(0), uc = rows[c].u, wc = all(0), squares = all(0);
    if (second) {
        v1c = rows[c].v1;
        w1c = rows[c].w1;
    }
    for (size_t r = c; r < n; r++) {
        struct row *row = &rows[r];
        vec u = row->u, y = row->y, x = column[r];
        if (second) {
            y = fma_sub(row->v1, sums->w1u, y);
            y = fma_sub(row->w1, sums->v1u, y);
            x = fma_sub(row->v1, w1c, x);
            x = fma_sub(row->w1, v1c, x);
        }
        vec w = fma_sub(u, half, y * h_inverse);
        if (r == c)
            wc = w;
        x = fma_sub(u, wc, x);
        x = fma_sub(w, uc, x);
        if (second) {
            row->v2 = u;
            row->w2 = w;
        } else {
            row->v1 = u;
            row->w1 = w;
        }
        row->u = x;
        row->y = all(0);
        if (r >= c + 2)
            squares = fma_add(x, x, squares);
    }
    return squares;
}

/* Functions of their own: each needs all registers. */
#define SEPARATE static __attribute__((noinline)) TARGET

SEPARATE void read_pass(size_t n, vec *a, struct row *rows, size_t first, struct sums *sums)
{
    multiply(n, a, rows, first, false, COLUMNS_READ, sums);
}

SEPARATE void write_pass(size_t n, vec *a, struct row *rows, size_t first, struct sums *sums)
{
    multiply(n, a, rows, first, true, COLUMNS_WRITTEN, sums);
}

SEPARATE vec advance_first(size_t n, const vec *a, struct row *rows, size_t c, vec h_inverse, const struct sums *sums)
{
    return advance(n, a, rows, c, false, h_inverse, sums);
}

SEPARATE vec advance_second(size_t n, const vec *a, struct row *rows, size_t c, vec h_inverse, const struct sums *sums)
{
    return advance(n, a, rows, c, true, h_inverse, sums);
}

/* d and e^2 of a tridiagonal matrix with the eigenvalues of `a`, last first, `stride` apart: e2[0] is between d[0] and
 * d[1]. Reflectors come in pairs: only every second one sees the matrix written, by one rank-4 update. */
SEPARATE void tridiagonalise(size_t n, vec *a, struct row *rows, vec *d, vec *e2, size_t stride)
{
    struct sums sums;
    vec squares = all(0), h_inverse, e;
    for (size_t r = 0; r < n; r++) {
        rows[r].u = a[r];
        rows[r].y = all(0);
        if (r >= 2)
            squares = fma_add(a[r], a[r], squares);
    }
    for (size_t k = 0; k < n; k++) {
        h_inverse = reflect(n, rows, k, squares, &d[(n - 1 - k) * stride], &e);
        if (k + 1 == n)
            return;
        e2[(n - 2 - k) * stride] = e;
        if (k % 2 == 0 && k > 0)
            write_pass(n, a, rows, k + 1, &sums);
        else
            read_pass(n, a, rows, k + 1, &sums);
        if (k % 2 == 0)
            squares = advance_first(n, a, rows, k + 1, h_inverse, &sums);
        else
            squares = advance_second(n, a, rows, k + 1, h_inverse, &sums);
    }
}

/* One QL sweep, from the bottom to row `top`, of `groups` matrices a lane each; a lane's own sweep ends at its row in
 * `tops`, and above it nothing changes, so that a matrix's eigenvalues do not depend on its neighbours by a single bit.
 * Where e2 is 0 the recurrence starts anew by itself. gamma must not be 0: p / r would be, and the next p = gamma^2 / c
 * 0/0; a tiny one instead leads to the same limit. */
INLINE void sweep(size_t n, size_t top, size_t groups, vec *restrict d, vec *restrict e2, const vec *shift,
                  const vec *tops)
{
    const vec tiny = all(1e-60);
    vec gamma[GROUPS], p[GROUPS], s[GROUPS], sigma[GROUPS];
    UNROLLED
    for (size_t g = 0; g < groups; g++) {
        sigma[g] = shift[g];
        gamma[g] = d[(n - 1) * groups + g] - sigma[g];
        gamma[g] = with_sign(larger(magnitude(gamma[g]), tiny), gamma[g]);
        p[g] = gamma[g] * gamma[g];
        s[g] = all(0);
    }
    for (size_t i = n - 1; i-- > top;) {
        vec *di = d + i * groups, *ei = e2 + i * groups;
        const vec row = all((double)(i + 1));
        UNROLLED
        for (size_t g = 0; g < groups; g++) {
            /* r = p + bb, c = p / r, s = bb / r, gamma' = c (alpha - sigma) - s gamma, p' = gamma'^2 / c */
            vec bb = ei[g], alpha = di[g], r = p[g] + bb;
            vec inverse = all(1) / (p[g] * r);
            ei[groups + g] = s[g] * r;
            vec t = p[g] * (alpha - sigma[g]);
            t = p[g] * fma_sub(bb, gamma[g], t);
            vec next = t * inverse;
            s[g] = bb * p[g] * inverse;
            vec moved = pick((bits)(row == tops[g]), sigma[g] + gamma[g], gamma[g] + (alpha - next));
            di[groups + g] = pick((bits)(row < tops[g]), di[groups + g], moved);
            next = with_sign(larger(magnitude(next), tiny), next);
            p[g] = next * next * (r * r * inverse);
            gamma[g] = next;
        }
    }
    UNROLLED
    for (size_t g = 0; g < groups; g++) {
        bits ends = (bits)(tops[g] == all((double)top));
        e2[top * groups + g] = pick(ends, s[g] * p[g], e2[top * groups + g]);
        d[top * groups + g] = pick(ends, sigma[g] + gamma[g], d[top * groups + g]);
    }
}

#define SWEEPS 30 /* at most, per eigenvalue, as LAPACK */

/* Wilkinson's shifts: of each lane's first 2 x 2 block. */
INLINE vec wilkinson(vec d0, vec d1, vec e2)
{
    vec delta = (d1 - d0) * all(0.5);
    vec root = square_root(fma_add(delta, delta, e2));
    return d0 - e2 / (delta + with_sign(root, delta));
}

/* The eigenvalues of `groups` * WIDTH tridiagonal matrices in place of d, in any order. False: no convergence. */
INLINE bool ql_iteration(size_t n, size_t groups, vec *d, vec *e2)
{
    vec norm[GROUPS], shift[GROUPS], tops[GROUPS];
    const vec tolerance = all(DBL_EPSILON * DBL_EPSILON / 16);
    bool good = true;
    for (size_t g = 0; g < groups; g++) {
        e2[(n - 1) * groups + g] = all(0);
        vec sum = all(0);
        for (size_t i = 0; i < n; i++)
            sum += fma_add(d[i * groups + g], d[i * groups + g], e2[i * groups + g] * all(2));
        for (size_t k = 0; k < WIDTH; k++)
            good = good && isfinite(sum[k]);
        norm[g] = square_root(sum);
        bits zero = (bits)(sum <= all(1e-280));
        vec inverse = pick(zero, all(0), all(1) / pick(zero, all(1), norm[g]));
        for (size_t i = 0; i < n; i++) {
            d[i * groups + g] *= inverse;
            vec e = e2[i * groups + g] * inverse * inverse;
            e2[i * groups + g] = pick((bits)(e > tolerance), e, all(0));
        }
    }
    if (!good)
        return false;

    size_t top[GROUPS * WIDTH] = {0}, sweeps = 0;
    for (;;) {
        size_t first = n - 1;
        const double *scalar_d = (const double *)d, *scalar_e2 = (const double *)e2;
        double *written_e2 = (double *)e2;
        UNROLLED
        for (size_t g = 0; g < groups; g++) {
            vec d0, d1, e, own_top;
            UNROLLED
            for (size_t k = 0; k < WIDTH; k++) {
                size_t lane = g * WIDTH + k, l = top[lane];
                while (l + 1 < n && !(scalar_e2[l * groups * WIDTH + lane] > DBL_EPSILON * DBL_EPSILON / 16))
                    written_e2[l++ * groups * WIDTH + lane] = 0;
                top[lane] = l;
                first = l < first ? l : first;
                bool done = l + 1 == n;
                d0[k] = scalar_d[l * groups * WIDTH + lane];
                d1[k] = scalar_d[(done ? l : l + 1) * groups * WIDTH + lane];
                e[k] = scalar_e2[l * groups * WIDTH + lane];
                own_top[k] = done ? (double)n : (double)l; /* no row of a lane that is done */
            }
            tops[g] = own_top;
            shift[g] = wilkinson(d0, d1, e);
        }
        if (first + 1 == n)
            break;
        if (sweeps++ == SWEEPS * n)
            return false;
        sweep(n, first, groups, d, e2, shift, tops);
    }
    for (size_t g = 0; g < groups; g++)
        for (size_t i = 0; i < n; i++)
            d[i * groups + g] *= norm[g];
    return true;
}

/* Batcher's merge exchange sort (Knuth 5.2.2 M), a network: the lanes go together. */
INLINE void sort(size_t n, size_t groups, vec *d)
{
    size_t highest = 1;
    while (highest * 2 < n)
        highest *= 2;
    for (size_t p = highest; p > 0 && n > 1; p /= 2) {
        size_t q = highest, r = 0, step = p;
        for (;;) {
            for (size_t i = 0; i + step < n; i++) {
                if ((i & p) != r)
                    continue;
                UNROLLED
                for (size_t g = 0; g < groups; g++) {
                    vec low = d[i * groups + g], high = d[(i + step) * groups + g];
                    bits swapped = (bits)(low > high);
                    d[i * groups + g] = pick(swapped, high, low);
                    d[(i + step) * groups + g] = pick(swapped, low, high);
                }
            }
            if (q == p)
                break;
            step = q - p;
            q /= 2;
            r = p;
        }
    }
}

/* Interleaves min(used, WIDTH) matrices, each times a power of two where its elements are very large or small, and
 * gives the inverse of that. Lanes to spare get the first matrix again. */
SEPARATE void load(size_t n, size_t used, const double *const *pairs, const double *const *diagonals, vec *a,
                   double *factors)
{
    const double *sources[WIDTH];
    for (size_t k = 0; k < WIDTH; k++)
        sources[k] = pairs[k < used ? k : 0];
    vec most = all(0), *to = a;
    size_t i = 0;
    for (size_t c = 0; c < n; c++) {
        vec x = all(1);
        for (size_t k = 0; k < WIDTH && diagonals != NULL; k++)
            x[k] = diagonals[k < used ? k : 0][c];
        most = larger(most, magnitude(x));
        *to++ = x;
        for (size_t end = i + n - 1 - c; i < end; i++) {
            x = gathered(sources, i);
            most = larger(most, magnitude(x));
            *to++ = x;
        }
    }
    vec by = all(1);
    bool scaled = false;
    for (size_t k = 0; k < WIDTH; k++) {
        int exponent = 0;
        if (most[k] > 0 && most[k] <= DBL_MAX && (most[k] < 1e-30 || most[k] > 1e30))
            frexp(most[k], &exponent);
        exponent = exponent > 1000 ? 1000 : exponent < -1000 ? -1000 : exponent; /* 2^1000 has an inverse */
        by[k] = ldexp(1, -exponent);
        factors[k] = ldexp(1, exponent);
        scaled = scaled || exponent != 0;
    }
    for (size_t k = 0; k < n * (n + 1) / 2 && scaled; k++)
        a[k] *= by;
}

/* The eigenvalues of all lanes, ascending, in place of d. */
INLINE bool solve_groups(size_t n, size_t groups, vec *d, vec *e2)
{
    if (!ql_iteration(n, groups, d, e2))
        return false;
    sort(n, groups, d);
    return true;
}

SEPARATE bool solve_tridiagonals(size_t n, size_t groups, vec *d, vec *e2)
{
    switch (groups) { /* for each number the loops over it are unrolled */
    case 1:
        return solve_groups(n, 1, d, e2);
    case 2:
        return solve_groups(n, 2, d, e2);
    case 3:
        return solve_groups(n, 3, d, e2);
    default:
        return solve_groups(n, GROUPS, d, e2);
    }
}

SEPARATE bool run(size_t n, size_t used, const double *const *pairs, const double *const *diagonals, double scale,
                  double *work, double *const *eigenvalues)
{
    size_t groups = (used + WIDTH - 1) / WIDTH;
    double factors[GROUPS * WIDTH];
    vec *a = (vec *)(void *)work, *rows = a + n * (n + 1) / 2;
    vec *d = rows + BATCHED_ROW_VECTORS * n, *e2 = d + n * groups;
    for (size_t g = 0; g < groups; g++) {
        size_t first = g * WIDTH;
        load(n, used - first, pairs + first, diagonals == NULL ? NULL : diagonals + first, a, factors + first);
        tridiagonalise(n, a, (struct row *)rows, d + g, e2 + g, groups);
    }
    if (!solve_tridiagonals(n, groups, d, e2))
        return false;
    const double *values = (const double *)d;
    for (size_t lane = 0; lane < used; lane++)
        for (size_t i = 0; i < n; i++)
            eigenvalues[lane][i] = values[i * groups * WIDTH + lane] * factors[lane] * scale;
    return true;
}

const struct batched_kernel KERNEL = {.width = WIDTH, .groups = GROUPS, .most = MOST, .run = run};
