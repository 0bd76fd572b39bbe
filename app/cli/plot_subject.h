/* A RUN as a plot takes it: one run, or `RUN,RUN,...`, whose mean is drawn. */
#ifndef CLI_PLOT_SUBJECT_H
#define CLI_PLOT_SUBJECT_H

#include <cli/run.h>
#include <plot/view.h>

struct plot_subject {
    char *name;                  /* the run's, or `NAME + 2 runs` */
    struct estimated *estimated; /* [count] */
    struct view_run *runs;       /* [count] */
    size_t count;
    struct timeline timeline;
};

/* IFL_INVALID for a group whose runs are not of the same layers. */
enum ifl_status plot_subject_init(struct plot_subject *out, struct store *store, const struct arguments *arguments,
                                  const char *which, const char *steps, ifl_quantity_set wanted,
                                  struct ifl_error *error);
void plot_subject_release(struct plot_subject *subject);
/* What views draw; it points into the subject. */
struct view_subject plot_subject_view(const struct plot_subject *subject);

/* The first RUN of `which` (free()), or NULL without memory. */
char *plot_subject_first(const char *which);

#endif
