#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <base/group.h>

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool same_field(const struct field *a, const struct field *b)
{
    if (a->type != b->type)
        return false;
    return (a->type == FIELD_NUMBER && a->number == b->number) || same_text(a->text, b->text);
}

static bool same_layer(const struct layer *a, const struct layer *b)
{
    return a->kind == b->kind && a->axes == b->axes && strcmp(a->name, b->name) == 0;
}

static bool is_seed(const struct field *field)
{
    return strcasecmp(field->key, "seed") == 0;
}

static size_t count_params(const struct run *run)
{
    size_t count = 0;
    for (size_t k = 0; k < run->n_params; k++)
        count += !is_seed(&run->params[k]);
    return count;
}

bool run_same_group(const struct run *a, const struct run *b)
{
    if (a->n_layers != b->n_layers || a->n_params == 0 || b->n_params == 0 || count_params(a) != count_params(b))
        return false;
    for (size_t k = 0; k < a->n_layers; k++)
        if (!same_layer(&a->layers[k], &b->layers[k]))
            return false;
    for (size_t k = 0; k < a->n_params; k++) {
        if (is_seed(&a->params[k]))
            continue;
        const struct field *other = run_param(b, a->params[k].key);
        if (other == NULL || !same_field(&a->params[k], other))
            return false;
    }
    return true;
}

/* ---- grouping ---- */

static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t size)
{
    for (size_t k = 0; k < size; k++)
        hash = (hash ^ ((const unsigned char *)bytes)[k]) * UINT64_C(1099511628211);
    return hash ^ hash >> 29;
}

/* Equal where run_same_group holds. Params are added up, for their order does not count; numbers count as little as
 * their texts may differ. */
static uint64_t hash_run(const struct run *run)
{
    const uint64_t start = UINT64_C(14695981039346656037);
    uint64_t sum = 0, layers = start;
    for (size_t k = 0; k < run->n_params; k++) {
        const struct field *param = &run->params[k];
        if (is_seed(param))
            continue;
        uint64_t hash = hash_bytes(start, param->key, strlen(param->key));
        double number = param->number == 0 ? 0 : param->number; /* -0 too */
        if (param->type == FIELD_NUMBER)
            hash = hash_bytes(hash, &number, sizeof number);
        else if (param->text != NULL)
            hash = hash_bytes(hash, param->text, strlen(param->text));
        sum += hash;
    }
    for (size_t k = 0; k < run->n_layers; k++)
        layers = hash_bytes(layers, run->layers[k].name, strlen(run->layers[k].name) + 1);
    return sum ^ layers;
}

struct hashed {
    uint64_t hash;
    size_t run;
    size_t first; /* the first run of its group */
};

static int compare_hashes(const void *a, const void *b)
{
    const struct hashed *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return (x->run > y->run) - (x->run < y->run);
}

/* The first runs of their groups among those of one hash, which is nearly always one group. */
static void find_firsts(struct hashed *same, size_t count, const struct run *const *runs)
{
    for (size_t k = 0; k < count; k++) {
        size_t before = 0;
        while (before < k &&
               (same[before].first != same[before].run || !run_same_group(runs[same[before].run], runs[same[k].run])))
            before++;
        same[k].first = same[before].run; /* before == k: itself */
    }
}

bool run_groups(size_t *groups, size_t *n_groups, const struct run *const *runs, size_t count)
{
    struct hashed *hashed = ifl_alloc(count, sizeof *hashed);
    size_t *firsts = ifl_alloc(count, sizeof *firsts);
    bool ok = hashed != NULL && firsts != NULL;
    for (size_t k = 0; ok && k < count; k++)
        hashed[k] = (struct hashed){.hash = hash_run(runs[k]), .run = k};
    if (ok && count > 1)
        qsort(hashed, count, sizeof *hashed, compare_hashes);
    for (size_t k = 0, end; ok && k < count; k = end) {
        for (end = k + 1; end < count && hashed[end].hash == hashed[k].hash;)
            end++;
        find_firsts(hashed + k, end - k, runs);
    }
    for (size_t k = 0; ok && k < count; k++)
        firsts[hashed[k].run] = hashed[k].first;
    size_t found = 0;
    for (size_t k = 0; ok && k < count; k++)
        groups[k] = firsts[k] == k ? found++ : groups[firsts[k]]; /* a first comes before the others */
    if (ok)
        *n_groups = found;
    free(hashed);
    free(firsts);
    return ok;
}

/* ---- the name ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool inside_character(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* The length of what all names begin with, no character and no number of any cut. */
static size_t common_start(const struct run *const *runs, size_t count)
{
    const char *first = runs[0]->name;
    size_t length = strlen(first);
    bool digit = false;
    for (size_t k = 1; k < count; k++) {
        size_t same = 0;
        while (same < length && runs[k]->name[same] == first[same])
            same++;
        length = same;
    }
    for (size_t k = 0; k < count; k++)
        digit = digit || is_digit(runs[k]->name[length]);
    while (digit && length > 0 && is_digit(first[length - 1]))
        length--;
    while (length > 0 && inside_character(first[length]))
        length--;
    return length;
}

/* The same of their ends, not reaching into the first `start` bytes. */
static size_t common_end(const struct run *const *runs, size_t count, size_t start)
{
    const char *first = runs[0]->name, *end = first + strlen(first);
    size_t length = (size_t)(end - first) - start;
    bool digit = false;
    for (size_t k = 1; k < count; k++) {
        const char *name = runs[k]->name;
        size_t size = strlen(name), same = 0;
        while (same < length && same < size - start && name[size - 1 - same] == end[-1 - (ptrdiff_t)same])
            same++;
        length = same;
    }
    for (size_t k = 0; k < count; k++) {
        size_t size = strlen(runs[k]->name);
        digit = digit || (size > start + length && is_digit(runs[k]->name[size - length - 1]));
    }
    while (length > 0 && (inside_character(end[-(ptrdiff_t)length]) || (digit && is_digit(end[-(ptrdiff_t)length]))))
        length--;
    return length;
}

char *run_group_name(const struct run *const *runs, size_t count)
{
    if (count == 0)
        return ifl_alloc(1, 1);
    const char *first = runs[0]->name;
    size_t size = strlen(first), start = count == 1 ? size : common_start(runs, count);
    size_t end = count == 1 ? 0 : common_end(runs, count, start);
    char *name = ifl_alloc(size + 2, 1);
    if (name == NULL)
        return NULL;
    memcpy(name, first, start);
    if (count > 1)
        name[start++] = '*';
    memcpy(name + start, first + size - end, end);
    return name;
}

/* ---- what differs ---- */

static bool differs(const char *key, const struct run *const *runs, size_t count)
{
    const struct field *first = run_param(runs[0], key);
    for (size_t k = 1; k < count; k++) {
        const struct field *other = run_param(runs[k], key);
        if ((first == NULL) != (other == NULL) || (first != NULL && !same_field(first, other)))
            return true;
    }
    return false;
}

struct keys {
    const char **items;
    size_t count, room;
};

static bool has_key(const struct keys *keys, const char *key)
{
    for (size_t k = 0; k < keys->count; k++)
        if (strcmp(keys->items[k], key) == 0)
            return true;
    return false;
}

/* False without memory. */
static bool add_key(struct keys *keys, const char *key)
{
    if (keys->count == keys->room) {
        size_t room = keys->room == 0 ? 32 : 2 * keys->room, bytes;
        const char **grown = ifl_size_mul(room, sizeof *grown, &bytes) ? realloc(keys->items, bytes) : NULL;
        if (grown == NULL)
            return false;
        keys->items = grown;
        keys->room = room;
    }
    keys->items[keys->count++] = key;
    return true;
}

bool runs_difference(const char ***keys, size_t *n_keys, const struct run *const *runs, size_t count)
{
    struct keys all = {0};
    bool ok = true;
    for (size_t k = 0; k < count && ok; k++)
        for (size_t p = 0; p < runs[k]->n_params && ok; p++)
            if (!has_key(&all, runs[k]->params[p].key))
                ok = add_key(&all, runs[k]->params[p].key);
    if (!ok) {
        free(all.items);
        return false;
    }
    size_t found = 0;
    for (size_t k = 0; k < all.count; k++)
        if (differs(all.items[k], runs, count))
            all.items[found++] = all.items[k];
    *keys = all.items;
    *n_keys = found;
    return true;
}
