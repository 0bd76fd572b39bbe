#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <base/text.h>
#include <dump/file.h>
#include <dump/json.h>
#include <dump/manifest.h>

static enum ifl_status check_name(const char *name, const char *key, const struct dump_limits *limits,
                                  struct ifl_error *error)
{
    if (*name == '\0')
        return ifl_fail(error, IFL_REFUSED, "%s: empty", key);
    if (strlen(name) > limits->name)
        return ifl_fail(error, IFL_REFUSED, "%s: longer than %zu bytes", key, limits->name);
    return IFL_OK;
}

/* A member that must be a string; NULL with IFL_OK where it is absent and may be. */
static enum ifl_status find_string(const char **out, const json_t *object, const char *member, bool needed,
                                   const char *key, struct ifl_error *error)
{
    const json_t *value = json_object_get(object, member);
    if (value == NULL && needed)
        return ifl_fail(error, IFL_REFUSED, "%s: missing", key);
    if (value != NULL && !json_is_string(value))
        return ifl_fail(error, IFL_REFUSED, "%s: not a string", key);
    *out = json_string_value(value);
    return IFL_OK;
}

static enum ifl_status find_name(char **out, const json_t *object, const char *key, const struct dump_limits *limits,
                                 struct ifl_error *error)
{
    const char *name = NULL;
    enum ifl_status status = find_string(&name, object, "name", true, key, error);
    if (status == IFL_OK)
        status = check_name(name, key, limits, error);
    if (status != IFL_OK)
        return status;
    char *copy = strdup(name);
    if (copy == NULL)
        return dump_no_memory(error);
    *out = copy;
    return IFL_OK;
}

static void note_unknown(const json_t *object, const char *prefix, const char *const *known, size_t count,
                         const struct dump_input *input)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)object, name, value)
    {
        size_t k = 0;
        while (k < count && strcmp(name, known[k]) != 0)
            k++;
        if (k < count)
            continue;
        char key[1024]; /* as long as a message gets */
        snprintf(key, sizeof key, "%s%s", prefix, name);
        dump_note(input, key, "unknown key, ignored");
    }
}

static enum ifl_status check_format(const json_t *root, struct ifl_error *error)
{
    const char *format = NULL;
    enum ifl_status status = find_string(&format, root, "format", true, "format", error);
    if (status != IFL_OK)
        return status;
    if (strcmp(format, "infoflow-run") != 0)
        return ifl_fail(error, IFL_REFUSED, "format: \"infoflow-run\" expected");
    const json_t *version = json_object_get(root, "version");
    if (version == NULL)
        return ifl_fail(error, IFL_REFUSED, "version: missing");
    if (!json_is_integer(version))
        return ifl_fail(error, IFL_REFUSED, "version: not an integer");
    if (json_integer_value(version) != 1)
        return ifl_fail(error, IFL_REFUSED, "version: %lld is not supported, only 1 is",
                        (long long)json_integer_value(version));
    return IFL_OK;
}

static char *number_text(const json_t *value)
{
    char text[32];
    if (json_is_integer(value))
        snprintf(text, sizeof text, "%lld", (long long)json_integer_value(value));
    else
        text_double(text, json_real_value(value));
    return strdup(text);
}

static void field_set(struct field *field, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_STRING:
        field->type = FIELD_TEXT;
        field->text = strdup(json_string_value(value));
        break;
    case JSON_INTEGER:
    case JSON_REAL:
        field->type = FIELD_NUMBER;
        field->number = json_number_value(value);
        field->text = number_text(value);
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        field->type = FIELD_BOOL;
        field->text = strdup(json_is_true(value) ? "true" : "false");
        break;
    case JSON_NULL:
        field->type = FIELD_NULL;
        field->text = strdup("null");
        break;
    default:
        field->type = FIELD_JSON;
        field->text = json_dumps(value, JSON_COMPACT);
        break;
    }
}

/* `params` or `tags`: any object, or absent. */
static enum ifl_status read_fields(struct field **out, size_t *count, const json_t *root, const char *member,
                                   const struct dump_limits *limits, struct ifl_error *error)
{
    json_t *object = json_object_get(root, member);
    if (object == NULL)
        return IFL_OK;
    if (!json_is_object(object))
        return ifl_fail(error, IFL_REFUSED, "%s: not an object", member);
    if (json_object_size(object) > limits->fields)
        return ifl_fail(error, IFL_REFUSED, "%s: %zu of them, more than %zu", member, json_object_size(object),
                        limits->fields);

    size_t done = 0;
    enum ifl_status status = IFL_OK;
    struct field *fields = ifl_alloc(json_object_size(object), sizeof *fields);
    if (fields == NULL)
        return dump_no_memory(error);
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value)
    {
        status = check_name(name, "name", limits, error);
        if (status != IFL_OK) {
            ifl_error_prefix(error, "%s", member);
            break;
        }
        struct field *field = &fields[done++];
        field->key = strdup(name);
        field_set(field, value);
        if (field->key == NULL || field->text == NULL) {
            status = dump_no_memory(error);
            break;
        }
    }
    if (status != IFL_OK) {
        fields_free(fields, done);
        return status;
    }
    *out = fields;
    *count = done;
    return IFL_OK;
}

static enum ifl_status read_kind(struct layer *layer, const json_t *object, const char *key, struct ifl_error *error)
{
    const char *kind = NULL;
    layer->kind = LAYER_OTHER;
    enum ifl_status status = find_string(&kind, object, "kind", false, key, error);
    if (status == IFL_OK && kind != NULL && !layer_kind_parse(kind, &layer->kind))
        status = ifl_fail(error, IFL_REFUSED, "%s: unknown kind \"%s\"", key, kind);
    return status;
}

static enum ifl_status read_axes(struct layer *layer, const json_t *object, const char *key, struct ifl_error *error)
{
    const char *axes = NULL;
    layer->axes = AXES_NCHW;
    enum ifl_status status = find_string(&axes, object, "axes", false, key, error);
    if (status == IFL_OK && axes != NULL && !layer_axes_parse(axes, &layer->axes))
        status = ifl_fail(error, IFL_REFUSED, "%s: unknown axes \"%s\"", key, axes);
    return status;
}

/* Appends the layer to `run`, which has room for it and owns all of it even where this fails. */
static enum ifl_status read_layer(struct run *run, const json_t *object, const struct dump_input *input,
                                  struct ifl_error *error)
{
    static const char *const known[] = {"name", "kind", "axes"};
    size_t index = run->n_layers;
    char prefix[32], key[40];
    snprintf(prefix, sizeof prefix, "layers[%zu]", index);
    if (!json_is_object(object))
        return ifl_fail(error, IFL_REFUSED, "%s: not an object", prefix);

    struct layer layer = {0};
    snprintf(key, sizeof key, "%s.name", prefix);
    enum ifl_status status = find_name(&layer.name, object, key, input->limits, error);
    if (status != IFL_OK)
        return status;
    int32_t same = run_layer(run, layer.name);
    run->layers[run->n_layers++] = layer;
    if (same >= 0)
        return ifl_fail(error, IFL_REFUSED, "%s: \"%s\" is the name of layers[%d] too", key, layer.name, (int)same);

    snprintf(key, sizeof key, "%s.kind", prefix);
    status = read_kind(&run->layers[index], object, key, error);
    if (status != IFL_OK)
        return status;
    snprintf(key, sizeof key, "%s.axes", prefix);
    status = read_axes(&run->layers[index], object, key, error);
    if (status != IFL_OK)
        return status;
    snprintf(key, sizeof key, "%s.", prefix);
    note_unknown(object, key, known, sizeof known / sizeof *known, input);
    return IFL_OK;
}

static enum ifl_status read_layers(struct run *run, const json_t *root, const struct dump_input *input,
                                   struct ifl_error *error)
{
    const json_t *layers = json_object_get(root, "layers");
    if (layers == NULL)
        return ifl_fail(error, IFL_REFUSED, "layers: missing");
    if (!json_is_array(layers))
        return ifl_fail(error, IFL_REFUSED, "layers: not a list");
    size_t count = json_array_size(layers);
    if (count > input->limits->layers)
        return ifl_fail(error, IFL_REFUSED, "layers: %zu of them, more than %zu", count, input->limits->layers);
    run->layers = ifl_alloc(count, sizeof *run->layers);
    if (run->layers == NULL)
        return dump_no_memory(error);
    for (size_t k = 0; k < count; k++) {
        enum ifl_status status = read_layer(run, json_array_get(layers, k), input, error);
        if (status != IFL_OK)
            return status;
    }
    return IFL_OK;
}

static enum ifl_status read_root(struct run *run, const json_t *root, const struct dump_input *input,
                                 struct ifl_error *error)
{
    static const char *const known[] = {"format", "version", "name", "params", "tags", "layers"};
    if (!json_is_object(root))
        return ifl_fail(error, IFL_REFUSED, "not a JSON object");
    enum ifl_status status = check_format(root, error);
    if (status == IFL_OK)
        status = find_name(&run->name, root, "name", input->limits, error);
    if (status == IFL_OK)
        status = read_fields(&run->params, &run->n_params, root, "params", input->limits, error);
    if (status == IFL_OK)
        status = read_fields(&run->tags, &run->n_tags, root, "tags", input->limits, error);
    if (status == IFL_OK)
        status = read_layers(run, root, input, error);
    if (status == IFL_OK)
        note_unknown(root, "", known, sizeof known / sizeof *known, input);
    return status;
}

enum ifl_status manifest_parse(struct run *out, const char *text, size_t size, const struct dump_input *input,
                               struct ifl_error *error)
{
    json_t *root = NULL;
    struct run run = {0};
    enum ifl_status status =
        json_load_limited(&root, text, size, input->limits->json, input->limits->json_depth, error);
    if (status == IFL_OK)
        status = read_root(&run, root, input, error);
    json_decref(root);
    if (status != IFL_OK) {
        run_release(&run);
        return status;
    }
    *out = run;
    return IFL_OK;
}

enum ifl_status manifest_read(struct run *out, const struct dump_input *input, struct ifl_error *error)
{
    char *text = NULL;
    size_t size = 0;
    enum ifl_status status = file_read(&text, &size, input->path, input->limits->json, error);
    if (status == IFL_OK)
        status = manifest_parse(out, text, size, input, error);
    free(text);
    return status;
}
