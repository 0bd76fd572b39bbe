/* The terminal given back when the program crashes. */
#ifndef TUI_CRASH_H
#define TUI_CRASH_H

/* Before the terminal is changed: how it is. `output` is an outlet (outlet.h). */
void crash_remember(int output, int input);
/* The terminal is ours: a crash gives it back before it goes on. Needs the terminal's description (newterm). */
void crash_arm(void);
void crash_disarm(void);
/* Gives it back now, where it is ours; within a second. */
void crash_give_back(void);

#endif
