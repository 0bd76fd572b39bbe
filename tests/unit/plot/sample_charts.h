/* A sweep over h and a PID over training: numbers as the charts will meet them. */
#ifndef TEST_PLOT_SAMPLE_CHARTS_H
#define TEST_PLOT_SAMPLE_CHARTS_H

#include <infoflow/quantity.h>
#include <plot/pid.h>
#include <plot/width.h>

#include "sample.h"

enum { SWEEP = 37, SWEEP_LAYERS = 4 };

/* Entropies of 7 bits that fall from a layer's own h on: saturated below, collapsed far above. */
struct sample_sweep {
    double h[SWEEP], bound[SWEEP], entropy[SWEEP_LAYERS][SWEEP], information[SWEEP_LAYERS][SWEEP];
    unsigned health[SWEEP];
    size_t violations[SWEEP];
    struct plot_width_layer layers[SWEEP_LAYERS];
};

static inline struct plot_width sample_width(struct sample_sweep *s)
{
    static const double edge[SWEEP_LAYERS] = {20, 9, 6, 1};
    for (int k = 0; k < SWEEP; k++) {
        s->h[k] = 0.1 * pow(10, k / 12.0);
        s->bound[k] = 7 / (1 + pow(s->h[k] / 8, 2));
        for (int l = 0; l < SWEEP_LAYERS; l++) {
            s->entropy[l][k] = 7 / (1 + pow(s->h[k] / edge[l], 2));
            s->information[l][k] = fmin(s->bound[k], s->entropy[l][k]) * 0.97;
        }
        s->health[k] = s->entropy[2][k] > 6.93 ? IFL_SATURATED : s->entropy[2][k] < 0.07 ? IFL_COLLAPSED : 0;
        s->violations[k] = k < 5 ? 1 : k > 33 ? 12 : 0;
    }
    for (int l = 0; l < SWEEP_LAYERS; l++)
        s->layers[l] = (struct plot_width_layer){sample_names[l], s->entropy[l], s->information[l]};
    return (struct plot_width){.title = "width  mnist-2-2-sigmoid  epoch 10",
                               .count = SWEEP,
                               .h = s->h,
                               .layers = SWEEP_LAYERS,
                               .layer = s->layers,
                               .bound = s->bound,
                               .health = s->health,
                               .violations = s->violations,
                               .trusted = {s->h[10], s->h[33]},
                               .current = 5,
                               .cursor = 2};
}

enum { SAMPLE_PID = 4, TOPOLOGIES = 5 };

struct sample_pid {
    double bound[SAMPLE_SNAPSHOTS], tradeoff[SAMPLE_PID][SAMPLE_SNAPSHOTS], nonredundant[SAMPLE_PID][SAMPLE_SNAPSHOTS];
    double deviation[TOPOLOGIES], percent[TOPOLOGIES];
    struct plot_pid_series series[SAMPLE_PID];
};

static inline struct plot_pid sample_pid(struct sample_pid *s)
{
    for (int l = 0; l < SAMPLE_PID; l++) {
        for (int k = 0; k < SAMPLE_SNAPSHOTS; k++) {
            s->bound[k] = sample_bound;
            s->nonredundant[l][k] = 100 * sample_mip_x[l][k] / sample_ip_x[l][k];
            s->tradeoff[l][k] = 100 - s->nonredundant[l][k];
        }
        s->series[l] =
            (struct plot_pid_series){.name = sample_names[l],
                                     .count = SAMPLE_SNAPSHOTS,
                                     .x = sample_epochs,
                                     .values = {sample_ip_x[l], s->tradeoff[l], s->nonredundant[l], s->bound},
                                     .layer = l};
    }
    return (struct plot_pid){.title = "PID  mnist-2-2-sigmoid",
                             .x_label = "epoch",
                             .count = SAMPLE_PID,
                             .series = s->series,
                             .cursor = SIZE_MAX,
                             .layer = -1};
}

/* Five topologies of 2 to 32 maps, groups of runs. */
static inline struct plot_pid sample_topologies(struct sample_pid *s)
{
    static const char *const categories[TOPOLOGIES] = {"2", "6 sigmoid", "6 relu", "12", "32"};
    static const double mmi[TOPOLOGIES] = {3.1, 4.8, 5.6, 6.0, 6.1}, tradeoff[TOPOLOGIES] = {70, 62, 55, 45, 41};
    for (int k = 0; k < TOPOLOGIES; k++) {
        s->bound[k] = sample_bound;
        s->percent[k] = 100 - tradeoff[k];
        s->deviation[k] = 0.9 - 0.2 * k;
    }
    s->series[0] = (struct plot_pid_series){
        .count = TOPOLOGIES, .values = {mmi, tradeoff, s->percent, s->bound}, .deviations = {s->deviation}};
    return (struct plot_pid){.title = "PID  conv2",
                             .x_label = "feature maps",
                             .categories = categories,
                             .count = 1,
                             .series = s->series,
                             .cursor = 2,
                             .layer = -1};
}

#endif
