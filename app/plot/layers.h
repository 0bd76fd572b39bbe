/* The layers of several subjects as one row, matched by name. */
#ifndef PLOT_LAYERS_H
#define PLOT_LAYERS_H

#include <plot/view.h>

struct layers {
    size_t count;
    const char **names; /* [count], the runs' */
    int32_t *own;       /* [n_subjects][room]: the subject's layer in its run's forward order, -1: it lacks that one */
    size_t room;
};

/* The union in the order of the first subject; what another has beside it stands where that one has it, and behind all
 * where no name is common. */
enum ifl_status layers_init(struct layers *out, const struct view_subject *subjects, size_t n_subjects,
                            struct ifl_error *error);
void layers_release(struct layers *layers);

#endif
