#include "golden.h"
#include "sample_plots.h"

static const struct {
    int columns, rows;
} sizes[] = {{80, 24}, {47, 40}, {33, 30}, {66, 50}, {20, 8}, {12, 3}};

enum { SIZES = sizeof sizes / sizeof *sizes };

static const char *const charsets[] = {"ascii", "braille"};

static void expect_canvas(const struct canvas *canvas, enum plot_colors colors, const char *name)
{
    char *text = NULL;
    cr_assert_eq(plot_to_text(canvas, colors, false, &text, NULL), IFL_OK);
    expect_golden(name, text);
    free(text);
}

/* One plot at the first `count` sizes in both charsets: `data` is a DPI or else a plane. */
static void expect_some_sizes(size_t count, const char *name, const struct plot_dpi *dpi,
                              const struct plot_plane *plane)
{
    for (size_t k = 0; k < count; k++)
        for (int charset = 0; charset < 2; charset++) {
            struct canvas canvas;
            cr_assert_eq(canvas_init(&canvas, sizes[k].columns, sizes[k].rows, (enum charset)charset, NULL), IFL_OK);
            struct rect all = {.columns = sizes[k].columns, .rows = sizes[k].rows};
            if (dpi != NULL)
                plot_dpi(&canvas, all, dpi);
            else
                plot_plane(&canvas, all, plane);
            char file[128];
            snprintf(file, sizeof file, "%s_%dx%d_%s.txt", name, sizes[k].columns, sizes[k].rows, charsets[charset]);
            expect_canvas(&canvas, PLOT_MONO, file);
            canvas_release(&canvas);
        }
}

static void expect_sizes(const char *name, const struct plot_dpi *dpi, const struct plot_plane *plane)
{
    expect_some_sizes(SIZES, name, dpi, plane);
}

/* One at 80x24. */
static void expect_one(const char *name, enum charset charset, enum plot_colors colors, const struct plot_dpi *dpi,
                       const struct plot_plane *plane)
{
    struct canvas canvas;
    cr_assert_eq(canvas_init(&canvas, 80, 24, charset, NULL), IFL_OK);
    struct rect all = {.columns = 80, .rows = 24};
    if (dpi != NULL)
        plot_dpi(&canvas, all, dpi);
    else
        plot_plane(&canvas, all, plane);
    expect_canvas(&canvas, colors, name);
    canvas_release(&canvas);
}

Test(golden, dpi)
{
    struct plot_dpi data = sample_dpi();
    expect_sizes("dpi", &data, NULL);
}

Test(golden, ip)
{
    struct plot_trajectory trajectories[SAMPLE_IP];
    struct plot_plane data = sample_plane(trajectories, SAMPLE_IP);
    expect_sizes("ip", NULL, &data);
}

Test(golden, mip)
{
    struct plot_trajectory trajectories[SAMPLE_IP];
    struct plot_plane data = sample_plane(trajectories, SAMPLE_MIP);
    expect_sizes("mip", NULL, &data);
}

Test(golden, cursor_and_colors)
{
    struct plot_dpi dpi = sample_dpi();
    dpi.cursor = 2;
    expect_one("dpi_cursor_256.txt", CHARSET_BRAILLE, PLOT_256, &dpi, NULL);
    expect_one("dpi_cursor_8.txt", CHARSET_ASCII, PLOT_8, &dpi, NULL);
    struct plot_trajectory trajectories[SAMPLE_IP];
    struct plot_plane plane = sample_plane(trajectories, SAMPLE_MIP);
    plane.cursor[0] = 5;
    plane.layer = 1;
    expect_one("mip_cursor_256.txt", CHARSET_BRAILLE, PLOT_256, NULL, &plane);
    plane.look.digits = true;
    expect_one("mip_digits_braille.txt", CHARSET_BRAILLE, PLOT_MONO, NULL, &plane);
}

Test(golden, dpi_of_what_is_missing)
{
    double values[SAMPLE_LAYERS], none[SAMPLE_LAYERS];
    for (int k = 0; k < SAMPLE_LAYERS; k++) {
        values[k] = k == 2 ? NAN : sample_forward[k] / 100;
        none[k] = NAN;
    }
    struct plot_dpi data = sample_dpi();
    struct plot_dpi_subject subject = sample_subject;
    data.subject = &subject;
    subject.backward = none;
    expect_one("dpi_no_errors.txt", CHARSET_ASCII, PLOT_MONO, &data, NULL);
    subject.forward = values;
    expect_one("dpi_gap_bound_above.txt", CHARSET_ASCII, PLOT_MONO, &data, NULL);
    subject.forward = none;
    data.look.stale = true;
    expect_one("dpi_nothing.txt", CHARSET_ASCII, PLOT_MONO, &data, NULL);
}

Test(golden, dpi_of_many_layers)
{
    enum { LAYERS = 40 };
    static char text[LAYERS][32];
    const char *names[LAYERS];
    double forward[LAYERS], backward[LAYERS];
    for (int k = 0; k < LAYERS; k++) {
        snprintf(text[k], sizeof text[k], "layer%d.%d.conv%d", k / 12 + 1, k / 3 % 4, k % 3 + 1);
        names[k] = text[k];
        forward[k] = 6 * exp(-k / 20.0);
        backward[k] = k == LAYERS - 1 ? NAN : 3 * exp((k - LAYERS) / 15.0);
    }
    struct plot_dpi_subject subject = {.forward = forward, .backward = backward, .bound = 6.5};
    struct plot_dpi data = {.title = "DPI  resnet",
                            .layers = LAYERS,
                            .names = names,
                            .subjects = 1,
                            .subject = &subject,
                            .tolerance = 1e-4,
                            .cursor = 17};
    expect_one("dpi_40_layers.txt", CHARSET_BRAILLE, PLOT_MONO, &data, NULL);
    data.layers = 16;
    expect_one("dpi_16_layers.txt", CHARSET_ASCII, PLOT_MONO, &data, NULL);
}

Test(golden, plane_of_little)
{
    double x[] = {0.5, NAN, 0.5}, y[] = {2e-7, NAN, 2e-7};
    struct plot_trajectory one = {.name = "fc1", .count = 3, .x = x, .y = y};
    struct plot_plane data = {.title = "IP",
                              .x_label = "I(X;T) [bits]",
                              .y_label = "I(T;Y) [bits]",
                              .count = 1,
                              .trajectories = &one,
                              .cursor = PLOT_NO_CURSOR,
                              .layer = -1};
    expect_one("plane_one_point.txt", CHARSET_ASCII, PLOT_MONO, NULL, &data);
    data.look.stale = true;
    data.count = 0;
    expect_one("plane_nothing.txt", CHARSET_BRAILLE, PLOT_MONO, NULL, &data);
}

/* ---- several subjects ---- */

enum { OVERLAY_SIZES = 3 };

Test(golden, dpi_of_several)
{
    struct plot_dpi_subject subjects[PLOT_SUBJECTS];
    struct plot_dpi data = sample_overlay(subjects, 2);
    expect_some_sizes(OVERLAY_SIZES, "dpi_2_subjects", &data, NULL);
    data = sample_overlay(subjects, 4);
    data.look.front = 2;
    data.cursor = 4;
    expect_some_sizes(OVERLAY_SIZES, "dpi_4_subjects", &data, NULL);
    expect_one("dpi_4_subjects_256.txt", CHARSET_BRAILLE, PLOT_256, &data, NULL);
    data.chains = 1U << DPI_BACKWARD;
    subjects[1].bound = 5;
    expect_one("dpi_4_subjects_backward.txt", CHARSET_ASCII, PLOT_MONO, &data, NULL);
}

Test(golden, ip_of_several)
{
    struct plot_trajectory trajectories[SAMPLE_TRAJECTORIES];
    struct plot_plane data = sample_plane_overlay(trajectories, 2);
    expect_some_sizes(OVERLAY_SIZES, "ip_2_subjects", NULL, &data);
    data = sample_plane_overlay(trajectories, 4);
    data.look.front = 3;
    data.layer = 2;
    data.cursor[0] = data.cursor[1] = 5;
    expect_some_sizes(OVERLAY_SIZES, "ip_4_subjects", NULL, &data);
    expect_one("ip_4_subjects_256.txt", CHARSET_BRAILLE, PLOT_256, NULL, &data);
}

Test(golden, deviations)
{
    struct plot_dpi_subject subjects[PLOT_SUBJECTS];
    struct plot_dpi dpi = sample_overlay(subjects, 2);
    dpi.subjects = 1;
    dpi.subject = &subjects[1];
    expect_some_sizes(2, "dpi_deviations", &dpi, NULL);
    struct plot_trajectory trajectories[SAMPLE_TRAJECTORIES];
    struct plot_plane plane = sample_plane_overlay(trajectories, 2);
    plane.subjects = 1;
    plane.count = SAMPLE_IP;
    plane.trajectories = &trajectories[SAMPLE_IP];
    expect_one("ip_deviations.txt", CHARSET_BRAILLE, PLOT_MONO, NULL, &plane);
}

/* ---- limits ---- */

Test(golden, zooms)
{
    struct plot_dpi dpi = sample_dpi();
    dpi.look.x = (struct range){1.5, 4.2};
    dpi.look.y = (struct range){5.9, 6.12};
    expect_some_sizes(2, "dpi_zoom", &dpi, NULL);
    struct plot_trajectory trajectories[SAMPLE_TRAJECTORIES];
    struct plot_plane plane = sample_plane(trajectories, SAMPLE_IP);
    plane.look.x = (struct range){0.5, 3};
    plane.look.y = (struct range){0.2, 1.55};
    expect_some_sizes(2, "ip_zoom", NULL, &plane);
    plane.look.no_legend = true;
    expect_one("ip_zoom_no_legend.txt", CHARSET_BRAILLE, PLOT_MONO, NULL, &plane);
}

Test(golden, logarithmic)
{
    struct plot_dpi dpi = sample_dpi();
    dpi.look.log = true;
    expect_some_sizes(2, "dpi_log", &dpi, NULL);
    struct plot_trajectory trajectories[SAMPLE_TRAJECTORIES];
    struct plot_plane plane = sample_plane(trajectories, SAMPLE_IP);
    plane.look.log = true;
    expect_some_sizes(2, "ip_log", NULL, &plane);
    plane.look.x = (struct range){1e-3, 10};
    plane.look.y = (struct range){1e-3, 10};
    expect_one("ip_log_zoom.txt", CHARSET_ASCII, PLOT_MONO, NULL, &plane);
}
