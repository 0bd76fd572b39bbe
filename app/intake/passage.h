/* One snapshot file on its way into the database. Its distances lie in memory if they are few; if they are many the
 * file is read a second time while they are stored, a variable at a time. Private to intake/. */
#ifndef INTAKE_PASSAGE_H
#define INTAKE_PASSAGE_H

#include <dump/dump.h>
#include <store/store.h>

/* Distances that importing holds in memory at most, in bytes. */
#define HELD_BYTES ((size_t)24 << 20)

struct passage {
    struct dump_reader *reader;
    struct snapshot held; /* n == 0: not held */
};

/* Errors as dump_reader_new's; `run` with its map_limit. */
enum ifl_status passage_open(struct passage *out, const struct run *run, const char *path,
                             const struct dump_limits *limits, const struct dump_notes *notes, struct ifl_error *error);
void passage_release(struct passage *passage);

/* The snapshot, its distances there or not. */
const struct snapshot *passage_snapshot(const struct passage *passage);
/* Bytes of its distances. */
size_t passage_bytes(const struct passage *passage);

/* Reads all of the file and refuses what is to be refused; holds the distances if they take at most `room` bytes. */
enum ifl_status passage_check(struct passage *passage, size_t room, struct ifl_error *error);

/* Adds the snapshot to the run, as store_add_snapshot does. Refusals name `path`. */
enum ifl_status passage_store(struct passage *passage, struct store *store, int64_t run, const char *path, bool *added,
                              struct ifl_error *error);

/* The map_limit that the run of this id has, or what `wanted` (INTAKE_MAPS where 0) means for one that is new: id 0. */
enum ifl_status find_map_limit(struct store *store, int64_t id, size_t wanted, size_t *limit, struct ifl_error *error);

#endif
