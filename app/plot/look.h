/* What every plot can be told beside its data, and what it tells back. */
#ifndef PLOT_LOOK_H
#define PLOT_LOOK_H

#include <stdbool.h>
#include <stddef.h>

struct range {
    double lo, hi; /* lo > hi: nothing seen yet */
};

/* So many subjects (runs, or groups of runs) share the axes of one plot. */
enum { PLOT_SUBJECTS = 4 };

/* The cell in which a value was drawn: what a pointer points at. */
struct plot_mark {
    int x, y; /* of the canvas */
    int subject;
    int layer;  /* forward order of the subject's run; -1: none */
    long point; /* of the timeline; the k-th of a sweep or of a row of topologies; -1: none */
};

/* The caller's array; a plot appends as many as there is room for. */
struct plot_marks {
    struct plot_mark *items;
    size_t count, room;
};

/* Zeroed, it asks for nothing special. */
struct plot_look {
    bool stale;        /* the values are of other parameters than those asked for */
    bool given_up;    /* and no others are on their way */
    bool log;          /* a logarithmic value axis; what is not above zero is not drawn on it */
    bool no_legend;    /* leave legends and keys out, for a larger plot */
    bool digits;       /* time by digits too, for terminals that cannot show it by colour; in ASCII always */
    int front;         /* the subject drawn over the others */
    size_t before;     /* subjects that are not on this plot and have numbers before those that are */
    struct range x, y; /* what the axes show, to the last value (a zoom, or axes shared with another plot); lo >= hi:
                        * what the data ask for */
    struct plot_marks *marks; /* NULL: not wanted */
    const char *empty;        /* what to say where there is nothing to draw; NULL: nothing to show yet */
};

/* The number of a subject, and its last digit, which marks what is drawn of it: of PLOT_SUBJECTS each has its own. */
static inline size_t plot_number(const struct plot_look *look, size_t subject)
{
    return look->before + subject + 1;
}

static inline char plot_digit(const struct plot_look *look, size_t subject)
{
    return (char)('0' + plot_number(look, subject) % 10);
}

#endif
