/* A run's chains over grids of widths, and what is said of them; sweep.c goes through them, sweep_out.c prints. */
#ifndef CLI_SWEEP_H
#define CLI_SWEEP_H

#include <base/records.h>
#include <cli/run.h>
#include <infoflow/trust.h>

/* What was seen at one width. */
struct sweep_width {
    double h;
    size_t entropies, constant, collapsed, saturated;
    struct ifl_dpi dpi; /* of the snapshots that it is fit for */
};

struct sweep_chain {
    const char *name;
    enum ifl_chain chain;
    struct sweep_width *widths;
    struct ifl_width_seen *seen;
    bool *fit;    /* [count][snapshots] */
    size_t count; /* of widths; 0: this chain is not swept */
};

enum { SWEEP_CHAINS = 2 };

struct sweep {
    const struct arguments *arguments;
    struct estimated run; /* without estimates */
    struct engine_series *series;
    int32_t layer;        /* whose collapse and saturation count; -1: any layer's */
    struct sweep_chain chains[SWEEP_CHAINS];
    struct records records;
};

void sweep_print_chain(const struct sweep *sweep, const struct sweep_chain *chain);
void sweep_print_snapshot(struct sweep *sweep, const struct sweep_chain *chain, size_t width,
                          const struct estimates *estimates);
/* After the last snapshot of width k. */
void sweep_print_width(const struct sweep *sweep, const struct sweep_chain *chain, size_t k);
/* The advice. False without memory. */
bool sweep_print_end(struct sweep *sweep);
/* In its place after a failure: what is there of a JSON document can be read. */
void sweep_print_broken(struct sweep *sweep);

#endif
