#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <base/text.h>
#include <cli/json.h>

json_t *json_text(const char *text)
{
    char *clean = text_clean_new(text);
    json_t *value = clean == NULL ? NULL : json_string(clean);
    free(clean);
    return value;
}

json_t *json_lines(const char *text)
{
    char *clean = NULL;
    size_t size;
    FILE *stream = open_memstream(&clean, &size);
    bool ok = stream != NULL;
    while (ok && *text != '\0') {
        size_t length = strcspn(text, "\n");
        char *line = strndup(text, length);
        char *clean_line = line != NULL ? text_clean_new(line) : NULL;
        ok = clean_line != NULL && fprintf(stream, "%s%s", clean_line, text[length] == '\n' ? "\n" : "") >= 0;
        free(clean_line);
        free(line);
        text += length + (text[length] == '\n');
    }
    ok = stream != NULL && fclose(stream) == 0 && ok;
    json_t *value = ok ? json_string(clean) : NULL;
    free(clean);
    return value;
}

json_t *json_value(double value)
{
    if (!isfinite(value))
        return json_null();
    if (value == floor(value) && fabs(value) < 9007199254740992.0)
        return json_integer((json_int_t)value);
    return json_real(value);
}

static void set_clean(json_t *object, const char *key, json_t *value);

/* The same with every string and key in it sanitised; NULL without memory. Takes `value`. */
static json_t *json_clean(json_t *value)
{
    json_t *clean = NULL, *member;
    const char *key;
    size_t k;
    switch (value != NULL ? json_typeof(value) : JSON_NULL) {
    case JSON_STRING:
        clean = json_text(json_string_value(value));
        break;
    case JSON_ARRAY:
        clean = json_array();
        json_array_foreach(value, k, member)
            json_array_append_new(clean, json_clean(json_incref(member)));
        break;
    case JSON_OBJECT:
        clean = json_object();
        json_object_foreach(value, key, member)
            set_clean(clean, key, json_clean(json_incref(member)));
        break;
    default:
        return value;
    }
    json_decref(value);
    return clean;
}

static json_t *field_value(const struct field *field)
{
    switch (field->type) {
    case FIELD_NULL:
        return json_null();
    case FIELD_BOOL:
        return json_boolean(field->text[0] == 't');
    case FIELD_NUMBER:
        return json_value(field->number);
    case FIELD_JSON: {
        json_t *value = json_loads(field->text, JSON_DECODE_ANY, NULL);
        return value != NULL ? json_clean(value) : json_text(field->text);
    }
    default:
        return json_text(field->text);
    }
}

/* object[key] = value, the key sanitised; takes the value. */
static void set_clean(json_t *object, const char *key, json_t *value)
{
    char *clean = text_clean_new(key);
    if (clean == NULL)
        json_decref(value);
    else
        json_object_set_new(object, clean, value);
    free(clean);
}

json_t *json_fields(const struct field *fields, size_t count)
{
    json_t *object = json_object();
    for (size_t k = 0; k < count; k++)
        set_clean(object, fields[k].key, field_value(&fields[k]));
    return object;
}

json_t *json_metrics(const struct metric *metrics, size_t count)
{
    json_t *object = json_object();
    for (size_t k = 0; k < count; k++)
        set_clean(object, metrics[k].name, json_value(metrics[k].value));
    return object;
}

bool json_print(json_t *value)
{
    bool ok = value != NULL &&
              (json_dumpf(value, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(17)) == 0 || ferror(stdout));
    json_decref(value);
    if (ok)
        putchar('\n');
    return ok;
}
