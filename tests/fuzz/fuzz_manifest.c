/* run.json: what was accepted, written again, is read as the same run. */
#include <string.h>

#include <dump/manifest.h>

#include "fuzz.h"

static void write_string(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < 0x20 || *text == '"' || *text == '\\')
            fprintf(out, "\\u%04x", (unsigned)*text);
        else
            fputc(*text, out);
    fputc('"', out);
}

static void write_fields(FILE *out, const char *member, const struct field *fields, size_t count)
{
    fprintf(out, ", \"%s\": {", member);
    for (size_t k = 0; k < count; k++) {
        fputs(k > 0 ? ", " : "", out);
        write_string(out, fields[k].key);
        fputs(": ", out);
        if (fields[k].type == FIELD_TEXT)
            write_string(out, fields[k].text);
        else
            fputs(fields[k].text, out);
    }
    fputc('}', out);
}

static char *write_run(const struct run *run, size_t *size)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, size);
    REQUIRE(out != NULL);
    fputs("{\"format\": \"infoflow-run\", \"version\": 1, \"name\": ", out);
    write_string(out, run->name);
    write_fields(out, "params", run->params, run->n_params);
    write_fields(out, "tags", run->tags, run->n_tags);
    fputs(", \"layers\": [", out);
    for (size_t k = 0; k < run->n_layers; k++) {
        fputs(k > 0 ? ", {\"name\": " : "{\"name\": ", out);
        write_string(out, run->layers[k].name);
        fprintf(out, ", \"kind\": \"%s\", \"axes\": \"%s\"}", layer_kind_name(run->layers[k].kind),
                layer_axes_name(run->layers[k].axes));
    }
    fputs("]}", out);
    fclose(out);
    return text;
}

static void require_same_fields(const struct field *a, const struct field *b, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        REQUIRE(strcmp(a[k].key, b[k].key) == 0 && a[k].type == b[k].type && strcmp(a[k].text, b[k].text) == 0);
        REQUIRE(a[k].type != FIELD_NUMBER || a[k].number == b[k].number);
    }
}

static void require_same(const struct run *a, const struct run *b)
{
    REQUIRE(strcmp(a->name, b->name) == 0);
    REQUIRE(a->n_params == b->n_params && a->n_tags == b->n_tags && a->n_layers == b->n_layers);
    require_same_fields(a->params, b->params, a->n_params);
    require_same_fields(a->tags, b->tags, a->n_tags);
    for (size_t k = 0; k < a->n_layers; k++) {
        REQUIRE(strcmp(a->layers[k].name, b->layers[k].name) == 0 && a->layers[k].kind == b->layers[k].kind);
        REQUIRE(a->layers[k].axes == b->layers[k].axes && run_layer(a, a->layers[k].name) == (int32_t)k);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dump_limits limits = small_limits();
    struct dump_input input = {.path = "run.json", .limits = &limits};
    struct run run, again;
    struct ifl_error error;
    memset(&run, 0x5a, sizeof run);
    again = run;
    enum ifl_status status = manifest_parse(&run, (const char *)data, size, &input, &error);
    if (status != IFL_OK) {
        require_refusal(status, IFL_REFUSED, &error);
        REQUIRE(memcmp(&run, &again, sizeof run) == 0);
        return 0;
    }
    REQUIRE(run.name[0] != '\0' && strlen(run.name) <= limits.name && run.n_layers <= limits.layers);
    char *text = write_run(&run, &size);
    limits.json *= 8;
    status = manifest_parse(&again, text, size, &input, &error);
    REQUIRE(status == IFL_OK);
    require_same(&run, &again);
    run_release(&run);
    run_release(&again);
    free(text);
    return 0;
}
