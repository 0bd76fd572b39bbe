#include <stdlib.h>
#include <string.h>

#include <dump/input.h>
#include <dump/npy.h>

/* The header is a Python dict literal with exactly three keys. What is read here is the part of Python that NumPy
 * writes: strings without escapes, True and False, a tuple of decimal integers. */
struct cursor {
    const char *at;
    const char *end;
};

static void skip_space(struct cursor *cursor)
{
    while (cursor->at < cursor->end && (*cursor->at == ' ' || *cursor->at == '\t' || *cursor->at == '\n'))
        cursor->at++;
}

static bool sees(struct cursor *cursor, char character)
{
    skip_space(cursor);
    return cursor->at < cursor->end && *cursor->at == character;
}

static bool take(struct cursor *cursor, char character)
{
    if (!sees(cursor, character))
        return false;
    cursor->at++;
    return true;
}

static bool take_word(struct cursor *cursor, const char *word)
{
    skip_space(cursor);
    const char *at = cursor->at;
    for (; *word != '\0' && at < cursor->end && *at == *word; at++)
        word++;
    if (*word != '\0')
        return false;
    cursor->at = at;
    return true;
}

struct word {
    const char *text;
    size_t length;
};

static bool take_string(struct cursor *cursor, struct word *out)
{
    char quote = sees(cursor, '\'') ? '\'' : '"';
    if (!take(cursor, quote))
        return false;
    const char *start = cursor->at;
    while (cursor->at < cursor->end && *cursor->at != quote && *cursor->at != '\\' && *cursor->at != '\n')
        cursor->at++;
    *out = (struct word){start, (size_t)(cursor->at - start)};
    return take(cursor, quote);
}

static bool word_is(struct word word, const char *text)
{
    return word.length == strlen(text) && memcmp(word.text, text, word.length) == 0;
}

/* For messages: a word's length as printf's precision, of a text that may be long. */
static int shown(struct word word)
{
    return word.length < 40 ? (int)word.length : 40;
}

static enum ifl_status malformed(struct ifl_error *error, const char *expected)
{
    return ifl_fail(error, IFL_REFUSED, "malformed .npy header: %s expected", expected);
}

static enum ifl_status parse_dtype(struct npy_header *header, struct word dtype, struct ifl_error *error)
{
    static const struct {
        const char *name;
        enum npy_kind kind;
        size_t width;
    } types[] = {
        {"b1", NPY_BOOL, 1}, {"i1", NPY_INT, 1},   {"i2", NPY_INT, 2},   {"i4", NPY_INT, 4},
        {"i8", NPY_INT, 8},  {"u1", NPY_UINT, 1},  {"u2", NPY_UINT, 2},  {"u4", NPY_UINT, 4},
        {"u8", NPY_UINT, 8}, {"f2", NPY_FLOAT, 2}, {"f4", NPY_FLOAT, 4}, {"f8", NPY_FLOAT, 8},
    };
    char order = '\0';
    if (dtype.length > 0)
        order = dtype.text[0];
    struct word type = {dtype.text + (order != '\0'), dtype.length - (order != '\0')};

    if (type.length > 0 && type.text[0] == 'O')
        return ifl_fail(error, IFL_REFUSED, "an array of Python objects (a pickle) is never read");
    for (size_t k = 0; k < sizeof types / sizeof *types; k++) {
        /* `|` says that byte order does not apply: right for one byte and for nothing wider */
        bool ordered = order == '<' || order == '>' || (order == '|' && types[k].width == 1);
        if (!ordered || !word_is(type, types[k].name))
            continue;
        header->kind = types[k].kind;
        header->width = types[k].width;
        header->big_endian = order == '>';
        return IFL_OK;
    }
    return ifl_fail(error, IFL_REFUSED, "dtype '%.*s' is not supported", shown(dtype), dtype.text);
}

static enum ifl_status parse_descr(struct npy_header *header, struct cursor *cursor, struct ifl_error *error)
{
    struct word dtype;
    if (sees(cursor, '['))
        return ifl_fail(error, IFL_REFUSED, "structured dtypes are not supported");
    if (!take_string(cursor, &dtype))
        return malformed(error, "a dtype");
    return parse_dtype(header, dtype, error);
}

static enum ifl_status parse_order(struct npy_header *header, struct cursor *cursor, struct ifl_error *error)
{
    header->fortran = take_word(cursor, "True");
    if (!header->fortran && !take_word(cursor, "False"))
        return malformed(error, "True or False");
    return IFL_OK;
}

static enum ifl_status parse_size(size_t *out, struct cursor *cursor, struct ifl_error *error)
{
    skip_space(cursor);
    const char *start = cursor->at;
    size_t value = 0;
    if (cursor->at < cursor->end && *cursor->at == '-')
        return ifl_fail(error, IFL_REFUSED, "negative size in the shape");
    for (; cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9'; cursor->at++) {
        size_t digit = (size_t)(*cursor->at - '0');
        if (!ifl_size_mul(value, 10, &value) || value > (size_t)-1 - digit)
            return ifl_fail(error, IFL_REFUSED, "the shape overflows");
        value += digit;
    }
    if (cursor->at == start)
        return malformed(error, "a size");
    *out = value;
    return IFL_OK;
}

/* `()`, `(3,)`, `(3, 4)` and `(3, 4,)`; but `(3)` is no tuple. */
static enum ifl_status parse_shape(struct npy_header *header, struct cursor *cursor, const struct dump_limits *limits,
                                   struct ifl_error *error)
{
    bool comma = true;
    if (!take(cursor, '('))
        return malformed(error, "a tuple as shape");
    header->rank = 0;
    while (!sees(cursor, ')')) {
        if (!comma)
            return malformed(error, "',' or ')' in the shape");
        if (header->rank == NPY_RANK_MAX || header->rank == limits->rank)
            return ifl_fail(error, IFL_REFUSED, "more than %zu axes", header->rank);
        enum ifl_status status = parse_size(&header->shape[header->rank++], cursor, error);
        if (status != IFL_OK)
            return status;
        comma = take(cursor, ',');
    }
    cursor->at++;
    if (header->rank == 1 && !comma)
        return malformed(error, "a tuple as shape");
    return IFL_OK;
}

enum { KEY_DESCR, KEY_ORDER, KEY_SHAPE, KEYS };
static const char *const key_names[KEYS] = {"descr", "fortran_order", "shape"};

static enum ifl_status parse_entry(struct npy_header *header, struct cursor *cursor, bool seen[KEYS],
                                   const struct dump_limits *limits, struct ifl_error *error)
{
    struct word name;
    int key = 0;
    if (!take_string(cursor, &name) || !take(cursor, ':'))
        return malformed(error, "a key");
    while (key < KEYS && !word_is(name, key_names[key]))
        key++;
    if (key == KEYS)
        return ifl_fail(error, IFL_REFUSED, "unknown .npy header key '%.*s'", shown(name), name.text);
    if (seen[key])
        return ifl_fail(error, IFL_REFUSED, "duplicate .npy header key '%s'", key_names[key]);
    seen[key] = true;

    switch (key) {
    case KEY_DESCR:
        return parse_descr(header, cursor, error);
    case KEY_ORDER:
        return parse_order(header, cursor, error);
    default:
        return parse_shape(header, cursor, limits, error);
    }
}

static enum ifl_status parse_dict(struct npy_header *header, struct cursor *cursor, const struct dump_limits *limits,
                                  struct ifl_error *error)
{
    bool seen[KEYS] = {false};
    bool comma = true;
    if (!take(cursor, '{'))
        return malformed(error, "'{'");
    while (!sees(cursor, '}')) {
        if (!comma)
            return malformed(error, "',' or '}'");
        enum ifl_status status = parse_entry(header, cursor, seen, limits, error);
        if (status != IFL_OK)
            return status;
        comma = take(cursor, ',');
    }
    cursor->at++;
    skip_space(cursor); /* the padding up to the data */
    if (cursor->at < cursor->end)
        return malformed(error, "nothing after '}'");
    for (int key = 0; key < KEYS; key++)
        if (!seen[key])
            return ifl_fail(error, IFL_REFUSED, "the .npy header has no '%s'", key_names[key]);
    return IFL_OK;
}

enum ifl_status npy_count(struct npy_header *header, const struct dump_limits *limits, struct ifl_error *error)
{
    size_t count = 1, size = 0;
    for (size_t axis = 0; axis < header->rank; axis++)
        if (!ifl_size_mul(count, header->shape[axis], &count))
            return ifl_fail(error, IFL_REFUSED, "the shape overflows");
    if (!ifl_size_mul(count, header->width, &size))
        return ifl_fail(error, IFL_REFUSED, "the shape overflows");
    if (size > limits->array)
        return ifl_fail(error, IFL_REFUSED, "an array of %zu bytes, more than %zu", size, limits->array);
    header->count = count;
    return IFL_OK;
}

static enum ifl_status read_exactly(struct bytes *bytes, void *into, size_t size, struct ifl_error *error)
{
    size_t got = 0;
    enum ifl_status status = bytes_read(bytes, into, size, &got, error);
    if (status == IFL_OK && got < size)
        status = ifl_fail(error, IFL_REFUSED, "ends within its .npy header");
    return status;
}

/* Magic, version and the length of the dict: \x93NUMPY, two bytes, then two (version 1) or four, little-endian. */
static enum ifl_status read_preamble(size_t *offset, size_t *length, struct bytes *bytes, struct ifl_error *error)
{
    unsigned char start[8], size[4] = {0};
    enum ifl_status status = read_exactly(bytes, start, sizeof start, error);
    if (status != IFL_OK)
        return status;
    if (memcmp(start, "\x93NUMPY", 6) != 0)
        return ifl_fail(error, IFL_REFUSED, "not a .npy array");
    if (start[6] < 1 || start[6] > 3 || start[7] != 0)
        return ifl_fail(error, IFL_REFUSED, ".npy version %d.%d is not supported", start[6], start[7]);

    size_t digits = start[6] == 1 ? 2 : 4;
    status = read_exactly(bytes, size, digits, error);
    if (status != IFL_OK)
        return status;
    *offset = sizeof start + digits;
    *length = size[0] | (size_t)size[1] << 8 | (size_t)size[2] << 16 | (size_t)size[3] << 24;
    return IFL_OK;
}

enum ifl_status npy_read_header(struct npy_header *out, struct bytes *bytes, const struct dump_limits *limits,
                                struct ifl_error *error)
{
    struct npy_header header = {0};
    size_t offset = 0, length = 0;
    enum ifl_status status = read_preamble(&offset, &length, bytes, error);
    if (status != IFL_OK)
        return status;
    if (length > limits->header)
        return ifl_fail(error, IFL_REFUSED, "a .npy header of %zu bytes, more than %zu", length, limits->header);

    char *text = ifl_alloc(length, 1);
    if (text == NULL)
        return dump_no_memory(error);
    status = read_exactly(bytes, text, length, error);
    struct cursor cursor = {text, text + length};
    if (status == IFL_OK)
        status = parse_dict(&header, &cursor, limits, error);
    if (status == IFL_OK)
        status = npy_count(&header, limits, error);
    free(text);
    if (status != IFL_OK)
        return status;
    header.length = offset + length;
    *out = header;
    return IFL_OK;
}
