/* The parameters of the matrix-based Renyi estimators (Yu, Wickstrom, Jenssen, Principe). */
#ifndef INFOFLOW_PARAMS_H
#define INFOFLOW_PARAMS_H

#include <stdint.h>

#include "infoflow/status.h"

/* How the kernel width sigma of a variable follows from h and its distances. Under all but silverman and fixed, sigma
 * differs from feature map to feature map. */
enum ifl_width_rule {
    IFL_WIDTH_SILVERMAN, /* sigma = h n^(-1/(4+d)), the paper's */
    IFL_WIDTH_SCALED,    /* Silverman times the square root of the average marginal variance */
    IFL_WIDTH_MEDIAN,    /* h times the median distance */
    IFL_WIDTH_KNN,       /* h times the mean distance of a sample to its 10 nearest others */
    IFL_WIDTH_ALIGNMENT, /* h times the sigma whose kernel aligns best with the labels' delta kernel */
    IFL_WIDTH_FIXED,     /* sigma = h */
    IFL_WIDTH_RULES
};

/* How the Gram matrices of a set of C feature maps become one. */
enum ifl_composition {
    IFL_HADAMARD,  /* their Hadamard product, Eq. (3) */
    IFL_TENSOR,    /* the layer as one variable of dimension C d: no pair quantities */
    IFL_GEOMETRIC, /* the C-th root of their Hadamard product */
    IFL_COMPOSITIONS
};

struct ifl_params {
    double alpha;   /* Renyi order, >= 0, INFINITY allowed */
    double h;       /* width factor of X and T, > 0 */
    double h_error; /* width factor of the errors delta, > 0 */
    double h_label; /* width factor of Y's RBF on one-hot rows, > 0; 0: the delta kernel (same class 1, else 0) */
    enum ifl_width_rule width;
    enum ifl_composition composition;
    size_t pairs;  /* how many pairs of feature maps a layer's averages sample; 0: all */
    uint64_t seed; /* of that sample */
};

/* alpha = 1.01, h = 5, h_error = 0.1, delta kernel for Y, Silverman, Hadamard, all pairs. */
struct ifl_params ifl_params_default(void);

/* Sets the rule, and h and h_error to what is usual under it: 5 and 0.1 for silverman and fixed, 20 for scaled (near the
 * paper's width on images in [0, 1]), else 1. */
void ifl_params_set_width(struct ifl_params *params, enum ifl_width_rule rule);

/* IFL_INVALID, naming the parameter, where a value is outside the range given above. */
enum ifl_status ifl_params_check(const struct ifl_params *params, struct ifl_error *error);

/* Names as on the command line ("silverman", "hadamard"); parsing gives false for an unknown one. */
const char *ifl_width_rule_name(enum ifl_width_rule rule);
const char *ifl_composition_name(enum ifl_composition composition);
bool ifl_width_rule_parse(const char *name, enum ifl_width_rule *out);
bool ifl_composition_parse(const char *name, enum ifl_composition *out);

/* Kernel width sigma = h n^(-1/(4+d)) of n samples of a d-dimensional variable (Silverman's rule, Sec. III). */
double ifl_silverman(double h, size_t n, double d);

#endif
