#include <criterion/criterion.h>
#include <string.h>

#include <dump/manifest.h>

#include "fixtures.h"

#define START "{\"format\": \"infoflow-run\", \"version\": 1, \"name\": \"r\", "

static enum ifl_status parse(struct run *out, const char *text, struct noted *noted, struct ifl_error *error)
{
    struct dump_limits limits = dump_limits_default();
    struct dump_notes notes = notes_into(noted);
    struct dump_input input = input_of("run.json", &limits, &notes);
    struct buffer exact = {0}; /* without a NUL, so that a sanitiser sees what reads past the end */
    put_text(&exact, text);
    enum ifl_status status = manifest_parse(out, (const char *)exact.data, exact.size, &input, error);
    buffer_release(&exact);
    return status;
}

static const char whole[] =
    START "\"params\": {\"dataset\": \"mnist\", \"seed\": 0, \"lr\": 0.1, \"eps\": 1e-5, \"one\": 1.0, "
          "\"big\": -9007199254740993, \"nesterov\": true, \"amp\": false, \"clip\": null, "
          "\"sizes\": [6, {\"a\": 0.5}], \"text\": \"\\u00e4\\n\"}, "
          "\"tags\": {\"any\": \"text\"}, "
          "\"layers\": [{\"name\": \"conv1\", \"kind\": \"conv\", \"axes\": \"NHWC\"}, {\"name\": \"block/fc\"}]}";

Test(manifest, reads_a_whole_one)
{
    static const struct {
        const char *key;
        enum field_type type;
        const char *text;
        double number;
    } params[] = {
        {"dataset", FIELD_TEXT, "mnist", 0},   {"seed", FIELD_NUMBER, "0", 0},
        {"lr", FIELD_NUMBER, "0.1", 0.1},      {"eps", FIELD_NUMBER, "1e-05", 1e-5},
        {"one", FIELD_NUMBER, "1.0", 1},       {"big", FIELD_NUMBER, "-9007199254740993", -9007199254740992.0},
        {"nesterov", FIELD_BOOL, "true", 0},   {"amp", FIELD_BOOL, "false", 0},
        {"clip", FIELD_NULL, "null", 0},       {"sizes", FIELD_JSON, "[6,{\"a\":0.5}]", 0},
        {"text", FIELD_TEXT, "\xc3\xa4\n", 0},
    };
    struct run run;
    struct noted noted;
    struct ifl_error error;
    cr_assert_eq(parse(&run, whole, &noted, &error), IFL_OK, "%s", error.message);
    cr_expect_str_eq(run.name, "r");
    cr_expect_eq(noted.count, 0);
    cr_assert_eq(run.n_params, COUNT(params));
    for (size_t k = 0; k < COUNT(params); k++) {
        cr_expect_str_eq(run.params[k].key, params[k].key);
        cr_expect_str_eq(run.params[k].text, params[k].text);
        cr_expect_eq(run.params[k].type, params[k].type);
        cr_expect_eq(run.params[k].number, params[k].number);
    }
    cr_assert_eq(run.n_tags, 1);
    cr_expect_str_eq(run.tags[0].text, "text");
    cr_assert_eq(run.n_layers, 2);
    cr_expect_str_eq(run.layers[0].name, "conv1");
    cr_expect_eq(run.layers[0].kind, LAYER_CONV);
    cr_expect_eq(run.layers[0].axes, AXES_NHWC);
    cr_expect_str_eq(run.layers[1].name, "block/fc");
    cr_expect_eq(run.layers[1].kind, LAYER_OTHER);
    cr_expect_eq(run.layers[1].axes, AXES_NCHW);
    run_release(&run);
}

Test(manifest, needs_neither_params_nor_tags)
{
    struct run run;
    struct noted noted;
    struct ifl_error error;
    cr_assert_eq(parse(&run, START "\"layers\": []}", &noted, &error), IFL_OK, "%s", error.message);
    cr_expect_eq(run.n_params + run.n_tags + run.n_layers, 0);
    run_release(&run);
}

Test(manifest, notes_unknown_keys)
{
    struct run run;
    struct noted noted;
    struct ifl_error error;
    cr_assert_eq(parse(&run, START "\"extra\": 1, \"layers\": [{\"name\": \"a\", \"units\": 3}]}", &noted, &error),
                 IFL_OK);
    cr_expect_str_eq(noted.text, "run.json: layers[0].units: unknown key, ignored\n"
                                 "run.json: extra: unknown key, ignored\n");
    run_release(&run);
}

Test(manifest, refuses)
{
    static const struct {
        const char *text;
        const char *refusal;
    } cases[] = {
        {"", "line 1: "},
        {"[]", "not a JSON object"},
        {"{\n\"a\": 1,\n\"a\": 2}", "line 3: |duplicate"},
        {"{\n\"a\": }", "line 2: "},
        {"{} x", "line 1: "},
        {"{\"a\": \"\xff\"}", "line 1: "},
        {"{}", "format: missing"},
        {"{\"format\": 1}", "format: not a string"},
        {"{\"format\": \"other\"}", "format: |expected"},
        {"{\"format\": \"infoflow-run\"}", "version: missing"},
        {"{\"format\": \"infoflow-run\", \"version\": \"1\"}", "version: not an integer"},
        {"{\"format\": \"infoflow-run\", \"version\": 2}", "version: 2 is not supported"},
        {"{\"format\": \"infoflow-run\", \"version\": 1}", "name: missing"},
        {"{\"format\": \"infoflow-run\", \"version\": 1, \"name\": \"\"}", "name: empty"},
        {START "\"params\": []}", "params: not an object"},
        {START "\"params\": {\"\": 1}}", "params: name: empty"},
        {START "\"tags\": 1}", "tags: not an object"},
        {START "\"tags\": {}}", "layers: missing"},
        {START "\"layers\": {}}", "layers: not a list"},
        {START "\"layers\": [1]}", "layers[0]: not an object"},
        {START "\"layers\": [{}]}", "layers[0].name: missing"},
        {START "\"layers\": [{\"name\": 1}]}", "layers[0].name: not a string"},
        {START "\"layers\": [{\"name\": \"\"}]}", "layers[0].name: empty"},
        {START "\"layers\": [{\"name\": \"a\"}, {\"name\": \"a\"}]}", "layers[1].name: |\"a\"|layers[0]"},
        {START "\"layers\": [{\"name\": \"a\", \"kind\": \"lstm\"}]}", "layers[0].kind: |\"lstm\""},
        {START "\"layers\": [{\"name\": \"a\", \"kind\": 1}]}", "layers[0].kind: not a string"},
        {START "\"layers\": [{\"name\": \"a\", \"axes\": \"nchw\"}]}", "layers[0].axes: |\"nchw\""},
    };
    for (size_t k = 0; k < COUNT(cases); k++) {
        struct run run;
        struct noted noted;
        struct ifl_error error;
        expect_refusal(parse(&run, cases[k].text, &noted, &error), &error, cases[k].refusal);
    }
}

Test(manifest, refuses_every_prefix)
{
    for (size_t size = 0; size < strlen(whole); size++) {
        struct run run;
        struct noted noted;
        struct ifl_error error;
        char prefix[sizeof whole];
        memcpy(prefix, whole, size);
        prefix[size] = '\0';
        expect_refusal(parse(&run, prefix, &noted, &error), &error, "line 1: ");
    }
}

Test(manifest, holds_its_limits)
{
    struct dump_limits limits = dump_limits_default();
    struct run run;
    struct ifl_error error;
    static const char deep[] = "{\"a\":\n[[\"[[[[\\\"[[[[\"]]}";
    static const char layers[] = START "\"layers\": [{\"name\": \"a\"}, {\"name\": \"b\"}]}";
    static const char names[] = START "\"params\": {\"abcd\": 1}, \"layers\": []}";
    struct dump_input input = input_of("run.json", &limits, NULL);

    limits.json_depth = 2;
    expect_refusal(manifest_parse(&run, deep, sizeof deep - 1, &input, &error), &error, "line 2: nested deeper than 2");
    limits.json_depth = 3;
    expect_refusal(manifest_parse(&run, deep, sizeof deep - 1, &input, &error), &error, "format: missing");
    limits.layers = 1;
    expect_refusal(manifest_parse(&run, layers, sizeof layers - 1, &input, &error), &error, "layers: 2 |more than 1");
    limits.name = 3;
    expect_refusal(manifest_parse(&run, names, sizeof names - 1, &input, &error), &error,
                   "params: name: longer than 3");
    static const char params[] = START "\"params\": {\"a\": 1, \"b\": 1}, \"layers\": []}";
    static const char tags[] = START "\"params\": {\"a\": 1}, \"tags\": {\"a\": 1, \"b\": 1}, \"layers\": []}";
    limits.fields = 1;
    expect_refusal(manifest_parse(&run, params, sizeof params - 1, &input, &error), &error, "params: 2 of them|than 1");
    expect_refusal(manifest_parse(&run, tags, sizeof tags - 1, &input, &error), &error, "tags: 2 of them, more than 1");
    limits.json = sizeof names - 2;
    expect_refusal(manifest_parse(&run, names, sizeof names - 1, &input, &error), &error, "bytes, more than");
}
