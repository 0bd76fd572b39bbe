/* The options of the commands: one table for who reads a command line, prints a help or completes a line in a shell. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <cli/cli.h>

/* IFL_INVALID says what is wrong with the text, not which option it is of. */
typedef enum ifl_status option_read(struct arguments *arguments, const char *value, struct ifl_error *error);

struct option {
    const char *name;  /* with its dashes */
    unsigned group;    /* of the commands that take it; 0: every one */
    const char *value; /* a pattern of what it takes, or NULL */
    const char *help;  /* lines */
    option_read *read; /* NULL: it is a switch or a text, stored as it is */
    size_t stored;     /* where in struct arguments */
};

extern const struct option options[]; /* up to one without a name */

/* The option of this name (`length` bytes of `text`) that the command takes, or NULL: of several of that name the
 * first. */
const struct option *find_option(const struct command *command, const char *text, size_t length);
/* Whether it is that one. */
bool is_taken(const struct command *command, const struct option *option);

/* A pattern is what a usage line says of a value or a word: alternatives between bars, those that begin in lower case
 * literally so, the others a name for what stands there: "forward|backward", "N|all", "FILE", "[RUN...]". */
struct alternative {
    const char *text;
    size_t length;
    enum named { NAMED_ITSELF, NAMED_FILE, NAMED_FOLDER, NAMED_RUN, NAMED_OTHER } named;
};

/* The next one of the pattern at *at, which ends where its text does or at a blank; false behind the last. */
bool next_alternative(const char **at, struct alternative *out);

option_read read_alpha, read_h, read_h_error, read_h_grid, read_h_error_grid, read_h_label, read_width,
    read_composition, read_pairs, read_seed, read_threads, read_csv, read_json, read_quantities, read_size,
    read_charset, read_color, read_chain, read_over, read_with, read_tolerance, read_share, read_shard, read_maps;

enum ifl_status read_number(const char *text, double *out, struct ifl_error *error);
enum ifl_status read_count(const char *text, unsigned long long most, unsigned long long *out, struct ifl_error *error);

#endif
