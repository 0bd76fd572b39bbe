/* What a mouse does, as the terminal tells it. */
#ifndef TUI_POINTER_H
#define TUI_POINTER_H

#include <stdbool.h>

enum pointer_kind {
    POINTER_PRESS,  /* of the first button */
    POINTER_DOUBLE, /* the second press of two in the same cell, shortly one after the other; the first came as a press
                     */
    POINTER_UP,     /* the wheel */
    POINTER_DOWN
};

struct pointer {
    enum pointer_kind kind;
    int x, y;            /* cell of the screen */
    bool control, shift; /* held; most terminals keep shift for selecting text */
};

#endif
