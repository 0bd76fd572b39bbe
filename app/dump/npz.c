#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include <dump/archive_inside.h>
#include <dump/file.h>

/* A .npz file: a zip of .npy arrays, read by its central directory. */
struct npz {
    struct archive archive;
    zip_t *zip;
    FILE *file;          /* under the zip, which closes it; NULL where it lies in memory */
    zip_stat_t *entries; /* [archive.count], as the central directory has them */
};

static void npz_free(struct archive *archive)
{
    struct npz *npz = (struct npz *)archive;
    free(npz->entries);
    zip_discard(npz->zip);
    free(npz);
}

/* What libzip could not do, as a status. It blames the zip for allocations that fail, and for reads of an entry:
 * malloc's errno and `file`, if there is one, tell them apart. Whoever enters libzip sets errno to 0 before. */
static enum ifl_status zip_failed(struct ifl_error *error, zip_error_t *problem, FILE *file)
{
    if (errno == ENOMEM)
        return dump_no_memory(error);
    if (file != NULL && ferror(file)) /* where libzip stopped at it in an earlier call, errno is gone */
        return file_failed(error, "cannot read", errno != 0 ? errno : EIO);
    int code = zip_error_code_system(problem);
    /* offsets that point nowhere end in these, all else is of the machine */
    bool offset = code == EFBIG || code == EINVAL || code == EOVERFLOW;
    if (zip_error_system_type(problem) == ZIP_ET_SYS && !offset)
        return file_failed(error, "cannot read", code);
    return ifl_fail(error, IFL_REFUSED, "zip: %s", zip_error_strerror(problem));
}

/* The entries of an honest zip share no byte of it, so that their headers and contents together fit into it; entries
 * that overlap, as in a bomb, claim more. 30 + name: a local header, 46 + name: a central one, 22: the end record. */
static enum ifl_status check_overlap(struct npz *npz, uint64_t size, struct ifl_error *error)
{
    uint64_t left = size < 22 ? 0 : size - 22;
    zip_uint64_t count = (zip_uint64_t)zip_get_num_entries(npz->zip, 0);
    for (zip_uint64_t k = 0; k < count; k++) {
        zip_stat_t about;
        if (zip_stat_index(npz->zip, k, ZIP_FL_ENC_RAW, &about) != 0)
            return zip_failed(error, zip_get_error(npz->zip), npz->file);
        uint64_t headers = 30 + 46 + 2 * (uint64_t)strlen(about.name);
        if (headers > left || about.comp_size > left - headers)
            return ifl_fail(error, IFL_REFUSED, "%s: overlaps other entries of the zip", about.name);
        left -= headers + about.comp_size;
    }
    return IFL_OK;
}

/* The key of `KEY.npy` as new memory; NULL with *status IFL_OK for another name. */
static char *key_of_name(const char *name, enum ifl_status *status)
{
    static const char ending[] = ".npy";
    size_t length = strlen(name);
    if (length < sizeof ending || strcmp(name + length - (sizeof ending - 1), ending) != 0)
        return NULL;
    char *key = strndup(name, length - (sizeof ending - 1));
    if (key == NULL)
        *status = IFL_NO_MEMORY;
    return key;
}

static enum ifl_status list_entries(struct npz *npz, const struct dump_input *input, struct ifl_error *error)
{
    zip_uint64_t count = (zip_uint64_t)zip_get_num_entries(npz->zip, 0);
    if (count > input->limits->entries)
        return ifl_fail(error, IFL_REFUSED, "%llu entries, more than %zu", (unsigned long long)count,
                        input->limits->entries);
    npz->archive.keys = ifl_alloc((size_t)count, sizeof *npz->archive.keys);
    npz->entries = ifl_alloc((size_t)count, sizeof *npz->entries);
    if (npz->archive.keys == NULL || npz->entries == NULL)
        return dump_no_memory(error);
    for (zip_uint64_t k = 0; k < count; k++) {
        enum ifl_status status = IFL_OK;
        zip_stat_t about;
        if (zip_stat_index(npz->zip, k, ZIP_FL_ENC_RAW, &about) != 0)
            return zip_failed(error, zip_get_error(npz->zip), npz->file);
        char *key = key_of_name(about.name, &status);
        if (status != IFL_OK)
            return dump_no_memory(error);
        if (key == NULL) {
            dump_note(input, about.name, "not a .npy array, ignored");
            continue;
        }
        npz->entries[npz->archive.count] = about;
        npz->archive.keys[npz->archive.count++] = key;
    }
    return IFL_OK;
}

/* The consistency check of libzip holds each local header against the central directory. It also refuses duplicate
 * names, but without saying which: those are found here, in a zip opened without it. */
static enum ifl_status open_zip(struct npz *npz, zip_source_t *source, bool *duplicates, struct ifl_error *error)
{
    zip_error_t problem;
    enum ifl_status status = IFL_OK;
    zip_error_init(&problem);
    *duplicates = false;
    zip_t *zip = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &problem);
    if (zip == NULL && zip_error_code_zip(&problem) == ZIP_ER_EXISTS) {
        *duplicates = true;
        zip_error_fini(&problem);
        zip = zip_open_from_source(source, ZIP_RDONLY, &problem);
    }
    if (zip == NULL)
        status = zip_failed(error, &problem, npz->file);
    else
        npz->zip = zip;
    zip_error_fini(&problem);
    return status;
}

static const struct archive_operations operations;

/* Takes `source` over, whatever comes of it; `file` is what it reads, or NULL. */
static enum ifl_status open_source(struct archive **out, zip_source_t *source, FILE *file, uint64_t size,
                                   const struct dump_input *input, struct ifl_error *error)
{
    bool duplicates = false;
    errno = 0;
    struct npz *npz = ifl_alloc(1, sizeof *npz);
    if (npz == NULL) {
        zip_source_free(source);
        return dump_no_memory(error);
    }
    npz->file = file;
    enum ifl_status status = open_zip(npz, source, &duplicates, error);
    if (status != IFL_OK) {
        zip_source_free(source);
        free(npz);
        return status;
    }
    npz->archive.operations = &operations;
    npz->archive.limits = input->limits;
    npz->archive.cancel = dump_cancel(input);
    status = list_entries(npz, input, error);
    if (status == IFL_OK)
        status = archive_check_duplicates(&npz->archive, error);
    if (status == IFL_OK && duplicates)
        status = ifl_fail(error, IFL_REFUSED, "zip: two entries of the same name");
    if (status == IFL_OK)
        status = check_overlap(npz, size, error);
    if (status != IFL_OK) {
        archive_free(&npz->archive);
        return status;
    }
    *out = &npz->archive;
    return IFL_OK;
}

enum ifl_status npz_open(struct archive **out, const void *data, size_t size, const struct dump_input *input,
                         struct ifl_error *error)
{
    FILE *file = NULL;
    uint64_t bytes = size;
    zip_error_t problem;
    enum ifl_status status = data != NULL ? IFL_OK : file_open(&file, &bytes, input->path, error);
    if (status != IFL_OK)
        return status;
    zip_error_init(&problem);
    errno = 0;
    zip_source_t *source = data != NULL ? zip_source_buffer_create(data, size, 0, &problem)
                                        : zip_source_filep_create(file, 0, -1, &problem);
    if (source != NULL) {
        status = open_source(out, source, file, bytes, input, error);
    } else {
        status = zip_failed(error, &problem, file);
        if (file != NULL)
            fclose(file);
    }
    zip_error_fini(&problem);
    return status;
}

/* An entry being read. */
struct open_entry {
    zip_file_t *file;
    FILE *under; /* as npz->file */
    const atomic_bool *cancel;
};

static enum ifl_status entry_read(void *context, void *into, size_t size, size_t *got, struct ifl_error *error)
{
    struct open_entry *entry = context;
    enum ifl_status status = dump_check_cancel(entry->cancel, error);
    if (status != IFL_OK)
        return status;
    errno = 0;
    zip_int64_t part = zip_fread(entry->file, into, size < PIECE_BYTES ? size : PIECE_BYTES);
    if (part < 0)
        return zip_failed(error, zip_file_get_error(entry->file), entry->under);
    *got = (size_t)part;
    return IFL_OK;
}

/* What the central directory says of an entry must be possible: DEFLATE's densest code is a match of 258 bytes in 2
 * bits, so 1032 bytes from one. (Honest data come near: a dead layer packs 1014 times.) */
static enum ifl_status check_entry(const zip_stat_t *about, struct ifl_error *error)
{
    if (about->encryption_method != ZIP_EM_NONE)
        return ifl_fail(error, IFL_REFUSED, "encrypted");
    if (about->comp_method != ZIP_CM_STORE && about->comp_method != ZIP_CM_DEFLATE)
        return ifl_fail(error, IFL_REFUSED, "compression method %d is not supported", about->comp_method);
    bool possible =
        about->comp_method == ZIP_CM_STORE ? about->size == about->comp_size : about->size / 1032 <= about->comp_size;
    if (!possible)
        return ifl_fail(error, IFL_REFUSED, "claims %llu bytes, but only %llu are present",
                        (unsigned long long)about->size, (unsigned long long)about->comp_size);
    return IFL_OK;
}

/* `out` must outlive `bytes`; untouched where this fails. */
static enum ifl_status entry_open(struct open_entry *out, struct npz *npz, size_t index, struct bytes *bytes,
                                  struct ifl_error *error)
{
    const zip_stat_t *about = &npz->entries[index];
    enum ifl_status status = check_entry(about, error);
    if (status != IFL_OK)
        return status;
    errno = 0;
    zip_file_t *file = zip_fopen_index(npz->zip, about->index, 0);
    if (file == NULL)
        return zip_failed(error, zip_get_error(npz->zip), npz->file);
    *out = (struct open_entry){file, npz->file, npz->archive.cancel};
    *bytes = (struct bytes){.read = entry_read, .context = out, .size = about->size};
    return IFL_OK;
}

static void entry_close(struct open_entry *entry)
{
    if (entry->file != NULL)
        zip_fclose(entry->file);
}

static enum ifl_status read_header(struct archive *archive, size_t index, struct npy_header *out,
                                   struct ifl_error *error)
{
    struct open_entry entry = {0};
    struct bytes bytes;
    enum ifl_status status = entry_open(&entry, (struct npz *)archive, index, &bytes, error);
    if (status == IFL_OK)
        status = npy_read_header(out, &bytes, archive->limits, error);
    entry_close(&entry);
    return status;
}

static enum ifl_status read_array(struct archive *archive, size_t index, struct npy *out, struct ifl_error *error)
{
    struct open_entry entry = {0};
    struct bytes bytes;
    enum ifl_status status = entry_open(&entry, (struct npz *)archive, index, &bytes, error);
    if (status == IFL_OK)
        status = npy_read(out, &bytes, archive->limits, error);
    entry_close(&entry);
    return status;
}

static const struct archive_operations operations = {read_header, read_array, npz_free};
