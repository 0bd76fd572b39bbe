/* The command line: one file a subcommand. */
#ifndef CLI_H
#define CLI_H

#include <stdio.h>

#include <base/capability.h>
#include <infoflow/quantity.h>
#include <plot/plot.h>
#include <store/store.h>

/* Exit codes, a contract with scripts. */
enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_REFUSED = 3, EXIT_CHECK = 4 };

/* What a PID is drawn over. */
enum over { OVER_TRAINING, OVER_TOPOLOGIES };

/* Values equal factors apart; count 0: none were given. */
struct grid {
    double from, to;
    size_t count;
};

/* What the words of a command line say. */
struct arguments {
    const char *db; /* NULL: the default */
    struct ifl_params params;
    bool h_given, h_error_given;
    int threads;
    enum { FORMAT_TABLE, FORMAT_CSV, FORMAT_JSON } format;
    const char *steps; /* NULL: all */
    ifl_quantity_set quantities;
    bool no_pairs, no_cache;
    const char *step; /* NULL: the last */
    int columns, rows; /* 0: the terminal's, else 80x24 */
    int charset;       /* enum charset, -1: by the locale */
    enum color_wish color;
    const char *svg;
    bool overlay;
    int over;          /* enum over, -1: as the runs ask for */
    const char *layer; /* NULL: none named */
    bool with_y;
    int chain;        /* enum ifl_chain, -1: both */
    double tolerance; /* bits */
    struct grid h_grid, h_error_grid;
    double share;         /* of the links that may be violated, 0..1 */
    size_t shard, shards; /* 1..shards; 0: the whole */
    const char *out;      /* a part's file, or NULL */
    const char *filter;   /* NULL: every run */
    bool deleted, purge;
    const char *watch; /* a folder for the workbench to follow, or NULL */
    bool poll;         /* follow it without the system's notifications */
    size_t maps;       /* of a layer, kept one by one, as intake.h has it; 0: none given */
    bool skip_bad;
    bool help, version;
    const char **words; /* what is no option */
    int n_words;
};

struct command {
    const char *name;
    unsigned options;       /* set of option groups */
    const char *words;      /* patterns of the words it takes, between blanks */
    const char *summary;    /* half a line */
    const char *help;       /* up to the options */
    enum store_among among; /* which runs its words name */
    int (*run)(struct arguments *arguments);
};

/* Option groups: options.c has the options. */
enum {
    OPTIONS_DATA = 1,
    OPTIONS_PARAMS = 2,
    OPTIONS_ESTIMATE = 4,
    OPTIONS_PLOT = 8,
    OPTIONS_SCREEN = 16,
    OPTIONS_CHECK = 32,
    OPTIONS_WATCH = 64,
    OPTIONS_WORKBENCH = 128,
    OPTIONS_RUNS = 256,
    OPTIONS_DELETE = 512,
    OPTIONS_GRID = 1024,
    OPTIONS_SWEEP = 2048,
    OPTIONS_COMPUTE = 4096,
    OPTIONS_INTAKE = 8192,
    OPTIONS_IMPORT = 16384
};

/* Reads `argv`; words keep pointing into it. IFL_INVALID names the option. */
enum ifl_status arguments_parse(struct arguments *out, const struct command *command, int argc, char **argv,
                                struct ifl_error *error);
void arguments_release(struct arguments *arguments);
/* Whether the word after `option` is its value, whichever command takes it; "--h=5" has its own. */
bool takes_next_word(const char *option);

/* The values of a grid, or of none the one alone: *out to free(). */
enum ifl_status grid_widths(const struct grid *grid, double one, double **out, size_t *count, struct ifl_error *error);

/* A text of several lines, sanitised line by line, on stdout, `title` before each; nothing where it is empty. */
void print_lines(const char *title, const char *text);

/* One line on stderr, `infoflow: ...`, sanitised. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The error's line; the exit code that goes with it. */
int fail(const struct ifl_error *error);

/* Where the run database is, or shall be (free()); NULL and why. */
char *database_path(const struct arguments *arguments, struct ifl_error *error);
/* Opens the database named or the default one. */
enum ifl_status open_database(struct store **out, const struct arguments *arguments, enum store_mode mode,
                              struct ifl_error *error);

/* The snapshots of a run that `steps` names ("3,7", "first", "last", "all" or NULL), moved to the front; the others
 * stay behind them. */
enum ifl_status choose_steps(struct store_snapshot *snapshots, size_t *count, const char *steps,
                             struct ifl_error *error);

/* Progress of long work on stderr where that is a terminal: `what done/total` on one line, cleared at the end or before
 * a message. `what` is a static text, untyped because that is a progress callback's context. */
void progress_step(void *what, size_t done, size_t total);
void progress_end(void);

/* Prints rows as an aligned table: the first row is the header, columns whose every cell reads as a number are set
 * right. Cells are sanitised. */
struct table;
struct table *table_new(size_t columns);
void table_cell(struct table *table, const char *text);
void table_format(struct table *table, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* As a table for people or as CSV; frees it. False without memory at any point before. */
bool table_print(struct table *table, FILE *stream, bool csv);
void table_free(struct table *table);

int command_import(struct arguments *arguments);
int command_watch(struct arguments *arguments);
int command_runs(struct arguments *arguments);
int command_show(struct arguments *arguments);
int command_estimate(struct arguments *arguments);
int command_plot(struct arguments *arguments);
int command_check(struct arguments *arguments);
int command_sweep(struct arguments *arguments);
int command_compute(struct arguments *arguments);
int command_merge(struct arguments *arguments);
int command_verify(struct arguments *arguments);
int command_delete(struct arguments *arguments);
int command_restore(struct arguments *arguments);
int command_rename(struct arguments *arguments);
int command_tag(struct arguments *arguments);
int command_note(struct arguments *arguments);
int command_workbench(struct arguments *arguments);

extern const struct command commands[]; /* up to one without a name */
extern const struct command workbench;
const struct command *find_command(const char *name);
/* The first word that is neither an option nor its value, if it names a command; taken out of argv. */
const struct command *take_command(int *argc, char **argv);
void print_help(const struct command *command);
/* Prints what the last word of an unfinished command line may be, by the words before it; argv[0] is none of them. */
int complete(int argc, char **argv);
int infoflow_main(int argc, char **argv);

#endif
