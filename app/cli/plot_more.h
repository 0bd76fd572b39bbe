/* The plots that take more than one estimate of one run: pid and width. */
#ifndef CLI_PLOT_MORE_H
#define CLI_PLOT_MORE_H

#include <cli/cli.h>
#include <plot/view.h>

/* Draws from the runs named by arguments->words[1] on. */
typedef enum ifl_status plot_more(struct store *store, const struct arguments *arguments, struct ifl_error *error);

plot_more plot_pid_runs, plot_width_run;

/* Which of them the first word names, or NULL. */
plot_more *plot_more_find(const struct arguments *arguments);
int command_plot_more(const struct arguments *arguments, plot_more *plot);

/* The point of training in words: `  step 469  epoch 1`. */
char *plot_point_text(char out[96], const struct store_snapshot *snapshot);
/* The point of the timeline at `step` (NULL: the last). */
enum ifl_status plot_find_point(const struct timeline *timeline, const char *step, size_t *point,
                                struct ifl_error *error);
/* The run's layer of the name that --layer gives; -1 where none is given. */
enum ifl_status plot_find_layer(const struct run *run, const struct arguments *arguments, int32_t *layer,
                                struct ifl_error *error);

#endif
