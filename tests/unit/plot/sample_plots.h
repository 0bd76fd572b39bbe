/* Plots of the sample numbers. */
#ifndef TEST_PLOT_SAMPLE_PLOTS_H
#define TEST_PLOT_SAMPLE_PLOTS_H

#include <stdint.h>

#include "sample.h"

static const struct plot_dpi_subject sample_subject = {
    .name = "6-12 relu", .forward = sample_forward, .backward = sample_backward, .bound = sample_bound};

static inline struct plot_dpi sample_dpi(void)
{
    return (struct plot_dpi){.title = "DPI  mnist-6-12-relu  epoch 3",
                             .layers = SAMPLE_LAYERS,
                             .names = sample_names,
                             .subjects = 1,
                             .subject = &sample_subject,
                             .tolerance = 1e-4,
                             .cursor = -1};
}

enum { SAMPLE_IP = 6, SAMPLE_MIP = 4, SAMPLE_TRAJECTORIES = SAMPLE_IP * PLOT_SUBJECTS };

/* Into `trajectories` of 6; `count` is SAMPLE_IP or SAMPLE_MIP. */
static inline struct plot_plane sample_plane(struct plot_trajectory *trajectories, size_t count)
{
    for (size_t k = 0; k < count; k++)
        trajectories[k] = (struct plot_trajectory){.name = sample_names[k],
                                                   .count = SAMPLE_SNAPSHOTS,
                                                   .layer = (int)k,
                                                   .x = count == SAMPLE_IP ? sample_ip_x[k] : sample_mip_x[k],
                                                   .y = count == SAMPLE_IP ? sample_ip_y[k] : sample_mip_y[k]};
    bool ip = count == SAMPLE_IP;
    return (struct plot_plane){.title = ip ? "IP  mnist-2-2-sigmoid" : "M-IP  mnist-2-2-sigmoid",
                               .x_label = ip ? "I(X;T) [bits]" : "non-redundant X [bits]",
                               .y_label = ip ? "I(T;Y) [bits]" : "non-redundant Y [bits]",
                               .subjects = 1,
                               .count = count,
                               .trajectories = trajectories,
                               .epochs = sample_epochs,
                               .cursor = PLOT_NO_CURSOR,
                               .layer = -1};
}

/* Four that share the axes, as trained with other widths and other seeds: the chains of the sample and such as fall
 * faster; the second and the third are groups, the fourth lacks a layer. */
static double sample_chains[PLOT_SUBJECTS][2][SAMPLE_LAYERS], sample_deviations[2][SAMPLE_LAYERS];
static const int32_t sample_own[SAMPLE_LAYERS] = {0, 1, -1, 2, 3, 4};

static inline struct plot_dpi sample_overlay(struct plot_dpi_subject subjects[PLOT_SUBJECTS], size_t count)
{
    static const char *const of[PLOT_SUBJECTS] = {"6-12 relu", "2-2 sigmoid, 5 seeds", "6-12 sigmoid, 3 seeds",
                                                  "2-2 relu, no conv2"};
    for (int s = 0; s < PLOT_SUBJECTS; s++) {
        for (int k = 0; k < SAMPLE_LAYERS; k++) {
            sample_chains[s][0][k] = sample_forward[k] * exp(-0.12 * s * k);
            sample_chains[s][1][k] = sample_backward[k] * (1 - 0.2 * s) + 0.05 * s * k;
            sample_deviations[0][k] = 0.1 + 0.2 * k;
            sample_deviations[1][k] = k == 3 ? NAN : 0.2;
        }
        bool group = s == 1 || s == 2;
        subjects[s] = (struct plot_dpi_subject){.name = of[s],
                                                .forward = sample_chains[s][0],
                                                .backward = sample_chains[s][1],
                                                .forward_deviation = group ? sample_deviations[0] : NULL,
                                                .backward_deviation = group ? sample_deviations[1] : NULL,
                                                .bound = sample_bound};
    }
    subjects[3].own = sample_own;
    sample_chains[3][0][2] = sample_chains[3][1][2] = NAN;
    struct plot_dpi data = sample_dpi();
    data.title = "DPI  epoch 3";
    data.subjects = count;
    data.subject = subjects;
    return data;
}

static double sample_plane_x[PLOT_SUBJECTS][SAMPLE_IP][SAMPLE_SNAPSHOTS];
static double sample_plane_y[PLOT_SUBJECTS][SAMPLE_IP][SAMPLE_SNAPSHOTS];
static double sample_plane_deviation[SAMPLE_SNAPSHOTS];

/* Into `trajectories` of 24: as many subjects as asked for, of which the second is a group. */
static inline struct plot_plane sample_plane_overlay(struct plot_trajectory *trajectories, size_t subjects)
{
    static const char *const of[PLOT_SUBJECTS] = {"2-2 sigmoid", "2-2 sigmoid, 5 seeds", "6-12 sigmoid", "6-12 relu"};
    struct plot_plane data = sample_plane(trajectories, SAMPLE_IP);
    for (size_t s = 0; s < subjects; s++)
        for (size_t k = 0; k < SAMPLE_IP; k++) {
            struct plot_trajectory *t = &trajectories[s * SAMPLE_IP + k];
            for (int n = 0; n < SAMPLE_SNAPSHOTS; n++) {
                sample_plane_x[s][k][n] = sample_ip_x[k][n] * (1 - 0.15 * (double)s);
                sample_plane_y[s][k][n] = sample_ip_y[k][n] * (1 + 0.05 * (double)(s * k));
                sample_plane_deviation[n] = 0.05 * n;
            }
            *t = trajectories[k];
            t->x = sample_plane_x[s][k];
            t->y = sample_plane_y[s][k];
            t->x_deviation = t->y_deviation = s == 1 ? sample_plane_deviation : NULL;
            t->subject = (int)s;
        }
    data.title = "IP";
    data.subjects = subjects;
    data.names = of;
    data.count = subjects * SAMPLE_IP;
    return data;
}

#endif
