/* The estimator's parameters under the fingers: steps, typed values, undo. */
#ifndef TUI_SETTINGS_H
#define TUI_SETTINGS_H

#include <infoflow/params.h>

enum parameter {
    PARAMETER_H,
    PARAMETER_H_ERROR,
    PARAMETER_H_LABEL,
    PARAMETER_ALPHA,
    PARAMETER_WIDTH,
    PARAMETER_COMPOSITION,
    PARAMETER_PAIRS,
    PARAMETER_SEED,
    PARAMETERS
};

const char *parameter_name(enum parameter parameter);
/* Its value as it can be typed: `5.25`, `delta`, `inf`, `hadamard`, `all`. At most 32 bytes. */
char *parameter_text(char out[32], const struct ifl_params *params, enum parameter parameter);
bool parameter_is_default(const struct ifl_params *params, enum parameter parameter);
bool params_equal(const struct ifl_params *a, const struct ifl_params *b);

/* A width on the grid anchor * 1.05^steps: so a step there and one back give the same number to the last bit, and
 * with it the same cached spectra. */
struct width_grid {
    double anchor;
    int steps;
};

struct setting {
    struct ifl_params params;
    struct width_grid h, h_error;
};

enum { SETTINGS_UNDO = 256 };

struct settings {
    struct setting now;
    struct setting past[SETTINGS_UNDO]; /* the newest last */
    size_t n_past;
    struct setting undone[SETTINGS_UNDO]; /* for redo, the next last */
    size_t n_undone;
    enum parameter touched; /* last: what a number typed alone is for */
};

void settings_init(struct settings *settings, const struct ifl_params *params);

/* One step down or up of h, h-error or alpha, or the next width rule (with its usual h) or composition. False where the parameter is at its end. */
bool settings_step(struct settings *settings, enum parameter parameter, int direction);
void settings_default(struct settings *settings);
/* False where there is nothing to undo, or nothing undone. */
bool settings_undo(struct settings *settings);
bool settings_redo(struct settings *settings);

/* `VALUE` for the parameter touched last, or `NAME VALUE`, `NAME=VALUE`. IFL_INVALID says what is wrong with it;
 * nothing is changed then. */
enum ifl_status settings_type(struct settings *settings, const char *text, struct ifl_error *error);
enum ifl_status settings_set(struct settings *settings, enum parameter parameter, const char *value,
                             struct ifl_error *error);

#endif
