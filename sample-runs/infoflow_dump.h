/* Records runs for infoflow from C: one header, C99, nothing but the standard library. record_in_c.c is an example.
 *
 *   static const struct infoflow_layer layers[] = {{"conv1", "conv", "NCHW"}, {"fc1", "fc", "ND"}};
 *   infoflow_write_run("runs/mine", "mine", "{\"lr\": 0.1, \"seed\": 0}", layers, 2);
 *   ...
 *   const struct infoflow_array arrays[] = {
 *       INFOFLOW_ARRAY("X", "F32", x, n, 784), INFOFLOW_ARRAY("Y", "I32", labels, n),
 *       INFOFLOW_ARRAY("T/conv1", "F32", t1, n, 6, 24, 24), INFOFLOW_ARRAY("delta/conv1", "F32", d1, n, 6, 24, 24),
 *       INFOFLOW_ARRAY("T/fc1", "F32", t2, n, 10), INFOFLOW_NUMBER("metrics/loss", loss)};
 *   infoflow_write_snapshot("runs/mine", step, 0, arrays, 6);
 *
 * FORMAT.md says what the keys are. Both functions return 0, or -1 with errno set and no file of that name changed: a
 * file is written as NAME.tmp and renamed when it is whole. The folder must be there. Numbers are written as they lie
 * in memory, and the format is little-endian: on other machines this ends in ENOTSUP. */
#ifndef INFOFLOW_DUMP_H
#define INFOFLOW_DUMP_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct infoflow_layer {
    const char *name, *kind, *axes; /* kind: conv, pool, fc, other; axes: NCHW, NHWC, ND */
};

struct infoflow_array {
    const char *key;
    const char *dtype; /* F16 BF16 F32 F64 I8 I16 I32 I64 U8 U16 U32 U64 BOOL */
    const void *data;  /* in C order */
    size_t rank, shape[8];
};
#define INFOFLOW_ARRAY(key, dtype, data, ...)                                                                          \
    {                                                                                                                  \
        key, dtype, data, sizeof((size_t[]){__VA_ARGS__}) / sizeof(size_t),                                            \
        {                                                                                                              \
            __VA_ARGS__                                                                                                \
        }                                                                                                              \
    }
#define INFOFLOW_NUMBER(key, value) INFOFLOW_ARRAY(key, "F64", ((const double[]){value}), 1)

/* The bytes of an array; 0 for a dtype that is none. */
static inline uint64_t infoflow_bytes(const struct infoflow_array *a)
{
    static const char *const dtypes[] = {"I8",  "U8",  "BOOL", "", "I16", "U16", "F16", "BF16",
                                         "I32", "U32", "F32",  "", "I64", "U64", "F64", ""};
    uint64_t bytes = 0;
    for (int k = 0; k < 16; k++)
        if (dtypes[k][0] != '\0' && strcmp(dtypes[k], a->dtype) == 0)
            bytes = (uint64_t)1 << k / 4;
    for (size_t axis = 0; axis < a->rank; axis++)
        bytes *= a->shape[axis];
    return bytes;
}

static inline void infoflow_quoted(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < 0x20 || *text == '"' || *text == '\\')
            fprintf(out, "\\u%04x", (unsigned)*text);
        else
            fputc(*text, out);
    fputc('"', out);
}

/* Ends the writing of FOLDER/NAME.tmp: renames it if all went well, and removes it if not. */
static inline int infoflow_settle(FILE *out, const char *tmp)
{
    char path[4096];
    int bad = ferror(out);
    bad |= fclose(out) != 0;
    snprintf(path, sizeof path, "%.*s", (int)(strlen(tmp) - 4), tmp);
    if (!bad && rename(tmp, path) == 0)
        return 0;
    int why = errno;
    remove(tmp);
    errno = why;
    return -1;
}

/* `params`: a JSON object, or NULL. */
static inline int infoflow_write_run(const char *folder, const char *name, const char *params,
                                     const struct infoflow_layer *layers, size_t n_layers)
{
    char tmp[4096];
    snprintf(tmp, sizeof tmp, "%s/run.json.tmp", folder);
    FILE *out = fopen(tmp, "wb");
    if (out == NULL)
        return -1;
    fputs("{\"format\": \"infoflow-run\", \"version\": 1, \"name\": ", out);
    infoflow_quoted(out, name);
    fprintf(out, ", \"params\": %s,\n \"layers\": [", params != NULL ? params : "{}");
    for (size_t k = 0; k < n_layers; k++) {
        fputs(k > 0 ? ",\n  {\"name\": " : "{\"name\": ", out);
        infoflow_quoted(out, layers[k].name);
        fprintf(out, ", \"kind\": \"%s\", \"axes\": \"%s\"}", layers[k].kind, layers[k].axes);
    }
    fputs("]}\n", out);
    return infoflow_settle(out, tmp);
}

/* One tensor in the header of a .safetensors file; its bytes begin at *at, which moves behind them. */
static inline void infoflow_describe(FILE *out, const struct infoflow_array *a, uint64_t *at)
{
    uint64_t begin = *at;
    *at += infoflow_bytes(a);
    infoflow_quoted(out, a->key);
    fprintf(out, ":{\"dtype\":\"%s\",\"shape\":[", a->dtype);
    for (size_t axis = 0; axis < a->rank; axis++)
        fprintf(out, axis > 0 ? ",%zu" : "%zu", a->shape[axis]);
    fprintf(out, "],\"data_offsets\":[%llu,%llu]}", (unsigned long long)begin, (unsigned long long)*at);
}

/* FOLDER/step-0000469.safetensors; with a batch above 0, step-0000469.b1.safetensors. The arrays are X, Y, T/.., .. as
 * FORMAT.md has them, without step and batch. */
static inline int infoflow_write_snapshot(const char *folder, int64_t step, int64_t batch,
                                          const struct infoflow_array *arrays, size_t count)
{
    const struct infoflow_array own[] = {{"step", "I64", &step, 0, {0}}, {"batch", "I64", &batch, 0, {0}}};
    char tmp[4096], number[32] = "";
    uint64_t length = 0, at = 0;
    bool bad = *(const unsigned char *)&(const uint16_t){1} != 1;
    for (size_t k = 0; k < count; k++)
        bad |= arrays[k].rank > 8 || infoflow_bytes(&arrays[k]) == 0;
    if (bad) {
        errno = EINVAL;
        return -1;
    }
    if (batch > 0)
        snprintf(number, sizeof number, ".b%lld", (long long)batch);
    snprintf(tmp, sizeof tmp, "%s/step-%07lld%s.safetensors.tmp", folder, (long long)step, number);
    FILE *out = fopen(tmp, "wb");
    if (out == NULL)
        return -1;

    fwrite(&length, 8, 1, out); /* until it is known */
    for (size_t k = 0; k < count + 2; k++) {
        fputc(k == 0 ? '{' : ',', out);
        infoflow_describe(out, k < 2 ? &own[k] : &arrays[k - 2], &at);
    }
    fputc('}', out);
    while (ftell(out) % 8 != 0)
        fputc(' ', out);
    length = (uint64_t)ftell(out) - 8;
    for (size_t k = 0; k < count + 2; k++) {
        const struct infoflow_array *a = k < 2 ? &own[k] : &arrays[k - 2];
        fwrite(a->data, 1, (size_t)infoflow_bytes(a), out);
    }
    fseek(out, 0, SEEK_SET);
    fwrite(&length, 8, 1, out);
    return infoflow_settle(out, tmp);
}

#endif
