#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <base/records.h>

static char conv1[] = "conv1", fc1[] = "fc,\"1\"\x1B", name[] = "a\\b";
static struct layer layers[] = {{conv1, LAYER_CONV, AXES_NCHW}, {fc1, LAYER_FC, AXES_ND}};
static struct run run = {.name = name, .layers = layers, .n_layers = 2};
static struct ifl_record first[] = {
    {.layer = -1, .quantity = IFL_H_X, .value = 3},
    {.layer = 0, .quantity = IFL_I_XT, .value = 0.1, .sampled = true, .error = 1e-5},
};
static struct ifl_record second[] = {
    {.layer = 1, .quantity = IFL_I_XT, .value = 2.5e+300, .sampled = true, .error = INFINITY},
};
static const struct estimate estimates[] = {
    {.step = 7, .batch = 1, .epoch = 0.5, .records = first, .count = 2},
    {.step = 8, .epoch = NAN}, /* not computed */
    {.step = 9, .epoch = 2, .records = second, .count = 1},
};

static char *document(enum records_format format, int runs)
{
    static char text[4096];
    struct records records;
    FILE *stream = tmpfile();
    records_begin(&records, stream, format);
    for (int k = 0; k < runs; k++)
        records_add(&records, &run, estimates, 3);
    records_end(&records);
    cr_expect_eq(records.count, 3u * (unsigned)runs);
    rewind(stream);
    text[fread(text, 1, sizeof text - 1, stream)] = '\0';
    fclose(stream);
    return text;
}

#define CSV_HEAD "run,step,epoch,batch,layer,quantity,value\n"
#define CSV_ROWS                                                                                                       \
    "a\\b,7,0.5,1,,H(X),3\n"                                                                                           \
    "a\\b,7,0.5,1,conv1,I(X;T),0.10000000000000001\n"                                                                  \
    "a\\b,9,2.0,0,\"fc,\"\"1\"\"\xEF\xBF\xBD\",I(X;T),2.5000000000000001e+300\n"

Test(records, are_csv)
{
    cr_expect_str_eq(document(RECORDS_CSV, 0), CSV_HEAD);
    cr_expect_str_eq(document(RECORDS_CSV, 1), CSV_HEAD CSV_ROWS);
    cr_expect_str_eq(document(RECORDS_CSV, 2), CSV_HEAD CSV_ROWS CSV_ROWS);
}

#define JSON_ROWS                                                                                                      \
    "\n {\n  \"run\": \"a\\\\b\",\n  \"step\": 7,\n  \"epoch\": 0.5,\n  \"batch\": 1,\n  \"layer\": \"\",\n"           \
    "  \"quantity\": \"H(X)\",\n  \"value\": 3.0\n },"                                                                 \
    "\n {\n  \"run\": \"a\\\\b\",\n  \"step\": 7,\n  \"epoch\": 0.5,\n  \"batch\": 1,\n  \"layer\": \"conv1\",\n"      \
    "  \"quantity\": \"I(X;T)\",\n  \"value\": 0.10000000000000001,\n  \"error\": 1.0000000000000001e-5\n },"          \
    "\n {\n  \"run\": \"a\\\\b\",\n  \"step\": 9,\n  \"epoch\": 2.0,\n  \"batch\": 0,\n"                               \
    "  \"layer\": \"fc,\\\"1\\\"\xEF\xBF\xBD\",\n  \"quantity\": \"I(X;T)\",\n  \"value\": 2.5000000000000001e300,\n"  \
    "  \"error\": null\n }"

Test(records, are_json)
{
    cr_expect_str_eq(document(RECORDS_JSON, 0), "[]\n");
    cr_expect_str_eq(document(RECORDS_JSON, 1), "[" JSON_ROWS "\n]\n");
    cr_expect_str_eq(document(RECORDS_JSON, 2), "[" JSON_ROWS "," JSON_ROWS "\n]\n");
}
