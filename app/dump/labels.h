/* Y: labels as integers or as one-hot rows. */
#ifndef DUMP_LABELS_H
#define DUMP_LABELS_H

#include <dump/npy.h>

/* What its header says of Y; *n the number of samples. */
enum ifl_status labels_layout(size_t *n, const struct npy_header *header, struct ifl_error *error);

/* The class of each sample as new memory (free()), and the largest class + 1. */
enum ifl_status labels_read(int32_t **out, size_t *classes, const struct npy *array, struct ifl_error *error);

#endif
