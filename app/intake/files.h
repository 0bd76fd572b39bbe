/* Which snapshot files a followed folder holds, and what has become of each. Private to intake/. */
#ifndef INTAKE_FILES_H
#define INTAKE_FILES_H

#include <infoflow/status.h>
#include <stdint.h>
#include <sys/stat.h>

/* What changes when a file is written or replaced. All zero: there is no file. */
struct stamp {
    int64_t size, modified, modified_ns, changed, changed_ns;
    uint64_t inode;
};
struct stamp stamp_of(const struct stat *about);
bool stamp_same(const struct stamp *a, const struct stamp *b);

struct file {
    char *name;
    struct stamp stamp;
    enum mark {
        FILE_NEW,       /* to be read */
        FILE_UNSETTLED, /* refused at the first look: perhaps it is being written, so look once more */
        FILE_REFUSED,   /* nothing to be done until it changes */
        FILE_FAILED,    /* could not be read: tried again now and then */
        FILE_TAKEN      /* in the database */
    } mark;
    int64_t look_at;     /* of one unsettled: when, in milliseconds of now_ms */
    uint64_t said;       /* text_hash of the last complaint of it; 0: none */
    int64_t step, batch; /* of one taken */
};

struct files {
    struct file *items; /* by name */
    size_t count;
};
void files_release(struct files *files);

/* Brings `files` up to what `folder` holds now. Those that changed are new again. IFL_NOT_FOUND, IFL_FAILED. */
enum ifl_status files_list(struct files *files, const char *folder, struct ifl_error *error);

/* Those with one of the marks of the set are new again. */
void files_renew(struct files *files, unsigned marks);

/* Whether it is to be read at `now`; `slow`: one of the looks that come now and then. */
bool file_is_due(const struct file *file, int64_t now, bool slow);

int64_t now_ms(void);
uint64_t text_hash(const char *text);

#endif
