#include <stdbool.h>

#include <base/nearest.h>

struct distance {
    int part;  /* to the beginning of the name that is nearest to what was typed */
    int whole; /* to the name */
};

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* Insertions, deletions, replacements and two letters that changed places (Damerau-Levenshtein, each letter once). */
static struct distance distance_to(const char *name, const char *typed, size_t length)
{
    int rows[3][NEAREST_MOST + 1];
    int *two_before = rows[0], *before = rows[1], *row = rows[2];
    for (size_t k = 0; k <= length; k++)
        row[k] = (int)k;
    struct distance distance = {row[length], row[length]};
    for (size_t n = 0; name[n] != '\0'; n++) {
        int *oldest = two_before;
        two_before = before;
        before = row;
        row = oldest;
        row[0] = (int)n + 1;
        for (size_t k = 1; k <= length; k++) {
            row[k] = least(least(before[k], row[k - 1]) + 1, before[k - 1] + (name[n] != typed[k - 1]));
            if (n > 0 && k > 1 && name[n] == typed[k - 2] && name[n - 1] == typed[k - 1])
                row[k] = least(row[k], two_before[k - 2] + 1);
        }
        distance.whole = row[length];
        distance.part = least(distance.part, row[length]);
    }
    return distance;
}

const char *nearest_name(const char *const *names, size_t count, const char *typed, size_t length)
{
    length = length < NEAREST_MOST ? length : NEAREST_MOST;
    const char *best = NULL;
    struct distance best_yet = {(int)(length + 1) / 2, 0};
    for (size_t k = 0; k < count; k++) {
        struct distance d = distance_to(names[k], typed, length);
        bool nearer = best == NULL ? d.part <= best_yet.part && d.part < (int)length
                                   : d.part < best_yet.part || (d.part == best_yet.part && d.whole < best_yet.whole);
        if (nearer) {
            best = names[k];
            best_yet = d;
        }
    }
    return best;
}
