/* Small files of lines that are the user's own: the config file, saved views, the session, the history. */
#ifndef TUI_CONFIG_H
#define TUI_CONFIG_H

#include <stddef.h>

#include <infoflow/status.h>

/* ---- where they are (free(); NULL: there is no such place, or no memory) ---- */

char *config_folder(void); /* $XDG_CONFIG_HOME/infoflow, else ~/.config/infoflow */
char *state_folder(void);  /* $XDG_STATE_HOME/infoflow, else ~/.local/state/infoflow */
char *config_path(void);   /* `config` in the config folder */
char *history_path(void);  /* `history` in the state folder */
/* The session of one database, by its real path; of one that is missing, by where it would be. */
char *session_path(const char *database);
/* `~/x` in the home folder; everything else as it is. */
char *path_expand(const char *path);

/* ---- reading and writing ---- */

enum { CONFIG_BYTES = 256 << 10 };

/* What takes a line, without its end. */
typedef enum ifl_status config_line(void *context, const char *line, struct ifl_error *error);

/* Gives each line to `take`. A line that fails does not keep those behind it from being read; the first failure is then
 * the result, `FILE:LINE: reason` and how many more there were. IFL_NOT_FOUND: there is no such file; IFL_REFUSED: none
 * that is to be read (no plain file, more than CONFIG_BYTES: no line of it is taken). */
enum ifl_status config_read(const char *path, config_line *take, void *context, struct ifl_error *error);

/* The whole file anew, or as it was: mode 0600 or the one it has, in folders that are made where they are missing
 * (0700). A link stays one. What is there and no plain file (a device, a FIFO) is left alone: IFL_REFUSED. */
enum ifl_status config_write(const char *path, const char *text, struct ifl_error *error);

/* The same of a file for others, where the user says: as the umask or the file that is there
 * has it, in a folder that is there. */
enum ifl_status config_export(const char *path, const char *text, struct ifl_error *error);

/* ---- saved views: `views/NAME` in the config folder ---- */

enum { VIEW_NAME = 64 };

/* The file of a view (free()). IFL_INVALID: not a name for one: 1 to 64 bytes that can be typed, no slash, no dot at
 * the beginning. */
enum ifl_status view_path(const char *name, char **out, struct ifl_error *error);

/* The names of the saved views, sorted; none where the folder is missing. */
struct view_names {
    char **items;
    size_t count;
};
void view_names_read(struct view_names *out);
void view_names_release(struct view_names *names);

#endif
