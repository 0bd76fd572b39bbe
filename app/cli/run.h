/* A run and its estimates, as estimate and plot take them. */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include <cli/cli.h>
#include <engine/engine.h>

struct estimated {
    struct store_run run;
    struct store_snapshot *snapshots; /* all of them; the chosen first */
    size_t count, chosen;
    struct ifl_params params;
    struct estimates estimates; /* of the chosen */
};

/* Finds the run `which`, chooses its steps and estimates `wanted` with the arguments' parameters, with progress on
 * stderr. */
enum ifl_status estimated_init(struct estimated *out, struct store *store, const struct arguments *arguments,
                               const char *which, const char *steps, ifl_quantity_set wanted, struct ifl_error *error);
/* The same without the estimates, and these, with `each` of struct estimate_options. */
enum ifl_status estimated_find(struct estimated *out, struct store *store, const struct arguments *arguments,
                               const char *which, const char *steps, struct ifl_error *error);
enum ifl_status estimated_compute(struct estimated *estimated, struct store *store, const struct arguments *arguments,
                                  ifl_quantity_set wanted,
                                  bool (*each)(void *context, const struct estimates *so_far, size_t snapshot),
                                  void *context, struct ifl_error *error);
void estimated_release(struct estimated *estimated);

#endif
