/* Signals, as news for the loop. */
#ifndef TUI_SIGNALS_H
#define TUI_SIGNALS_H

#include <stdbool.h>

#include <infoflow/status.h>

/* What has come since the last signals_take. */
struct signals {
    int ending; /* SIGINT, SIGTERM or SIGHUP; 0: none */
    bool resized, stopped, continued;
};

/* Before the terminal is opened: curses leaves signals alone that have a handler. */
enum ifl_status signals_open(struct ifl_error *error);
/* All handlers are as they were. */
void signals_close(void);

/* Readable when there is something to take. */
int signals_fd(void);
struct signals signals_take(void);

/* Stops the program as ^Z does; returns when it is continued. */
void signals_stop(void);

#endif
