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

enum { SAMPLE_IP = 6, SAMPLE_MIP = 4 };

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

#endif
