/* Inks as colours of a picture. */
#ifndef PLOT_PALETTE_H
#define PLOT_PALETTE_H

#include <stdbool.h>
#include <stdint.h>

/* 0xRRGGBB of an ink, the same that plot_color() has a terminal of 256 colours show, but for time on a light background. */
uint32_t palette_rgb(uint8_t ink, bool light);
uint32_t palette_background(bool light);

#endif
