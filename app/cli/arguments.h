/* Reading the values of options: arguments.c has the table of them, and those of all but the work on many widths. */
#ifndef CLI_ARGUMENTS_H
#define CLI_ARGUMENTS_H

#include <cli/cli.h>

/* IFL_INVALID says what is wrong with the text, not which option it is of. */
enum ifl_status read_number(const char *text, double *out, struct ifl_error *error);
enum ifl_status read_count(const char *text, unsigned long long most, unsigned long long *out, struct ifl_error *error);

/* h and h-error of the commands that take many: FROM:TO:COUNT, or one number. */
enum ifl_status read_h_grid(struct arguments *arguments, const char *value, struct ifl_error *error);
enum ifl_status read_h_error_grid(struct arguments *arguments, const char *value, struct ifl_error *error);
enum ifl_status read_share(struct arguments *arguments, const char *value, struct ifl_error *error);
enum ifl_status read_shard(struct arguments *arguments, const char *value, struct ifl_error *error);
enum ifl_status read_out(struct arguments *arguments, const char *value, struct ifl_error *error);

#endif
