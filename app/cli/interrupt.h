/* Signals that end a command: what is under way is given up and undone, the database is closed, and then the process dies
 * of the signal, so that a shell's loop ends too. */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

#include <stdatomic.h>

/* Raised by SIGINT, SIGTERM and SIGHUP. */
extern atomic_bool interrupted;

/* From now on they do no more than that, the first time; a second one ends the process at once. What is ignored stays so. */
void interrupt_catch(void);
/* From now on they end the process at once: nothing is under way that would have to be undone. */
void interrupt_let(void);
/* Dies of the signal, if there was one. */
void interrupt_end(void);

#endif
