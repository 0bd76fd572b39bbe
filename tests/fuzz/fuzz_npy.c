/* A .npy file, as an array, as labels and as a variable of a snapshot. */
#include <float.h>
#include <math.h>
#include <string.h>

#include <base/maps.h>
#include <dump/labels.h>
#include <dump/variable.h>

#include "fuzz.h"

/* A source that gives a few bytes at a time. */
static enum ifl_status dribble(void *context, void *into, size_t size, size_t *got, struct ifl_error *error)
{
    struct memory *memory = context;
    struct bytes whole = bytes_of_memory(memory);
    return whole.read(memory, into, size < 7 ? size : 7, got, error);
}

static enum ifl_status read_whole(struct npy *out, const uint8_t *data, size_t size, struct ifl_error *error)
{
    struct dump_limits limits = small_limits();
    struct memory memory = {data, size};
    struct bytes bytes = bytes_of_memory(&memory);
    return npy_read(out, &bytes, &limits, error);
}

/* The header says how much there is, and the source agrees: only the bytes themselves tell that it is not so. */
static void check_claims(const uint8_t *data, size_t size, bool sound)
{
    struct dump_limits limits = small_limits();
    struct memory memory = {data, size};
    struct bytes bytes = bytes_of_memory(&memory);
    struct npy_header header;
    struct npy array;
    if (npy_read_header(&header, &bytes, &limits, NULL) != IFL_OK)
        return;
    memory = (struct memory){data, size};
    bytes = (struct bytes){
        .read = dribble, .context = &memory, .size = (uint64_t)header.length + header.count * header.width};
    enum ifl_status status = npy_read(&array, &bytes, &limits, NULL);
    REQUIRE((status == IFL_OK) == sound);
    if (status == IFL_OK)
        npy_release(&array);
}

static void check_numbers(const struct npy *array)
{
    size_t count = array->header.count, bad = 0;
    double largest = -1, most = 0;
    bool finite = npy_largest(array, &largest);
    bool not_finite = npy_not_finite(array, &bad);
    double *numbers = malloc((count + 1) * sizeof *numbers);
    REQUIRE(numbers != NULL && finite == !not_finite && (!not_finite || bad < count));
    npy_numbers(array, 0, 1, count, numbers, 1);
    for (size_t k = 0; k < count; k++) {
        double number = npy_number(array, k);
        int64_t integer = 0;
        REQUIRE(memcmp(&number, &numbers[k], sizeof number) == 0 || (isnan(number) && isnan(numbers[k])));
        if (npy_integer(array, k, &integer) && array->header.kind == NPY_FLOAT)
            REQUIRE((double)integer == number);
        most = fabs(number) > most ? fabs(number) : most;
    }
    REQUIRE(!finite || most == largest);
    if (not_finite)
        REQUIRE(!isfinite(npy_number_at_index(array, bad)));
    free(numbers);
}

static void check_labels(const struct npy *array)
{
    struct ifl_error error;
    size_t n = 0, classes = 0;
    int32_t *labels = NULL;
    enum ifl_status status = labels_layout(&n, &array->header, &error);
    if (status == IFL_OK)
        status = labels_read(&labels, &classes, array, &error);
    if (status != IFL_OK) {
        require_refusal(status, IFL_REFUSED, &error);
        REQUIRE(labels == NULL && classes == 0);
        return;
    }
    for (size_t k = 0; k < n; k++)
        REQUIRE(labels[k] >= 0 && (size_t)labels[k] < classes);
    free(labels);
}

static void check_distances(const struct variable *variable, size_t n)
{
    size_t count = (variable->kept + (variable->maps > 1)) * ifl_pair_count(n);
    for (size_t k = 0; k < count; k++)
        REQUIRE(variable->distances[k] >= 0 && variable->distances[k] <= FLT_MAX);
}

static void check_variable(const struct npy *array, const struct layout *layout, size_t n, size_t limit)
{
    struct ifl_error error;
    struct variable variable = {.maps = layout->maps, .kept = maps_kept(layout->maps, limit), .dim = layout->dim};
    size_t pairs = ifl_pair_count(n);
    if (n < 2 || n > 64 || layout->maps > 4096 || (variable.kept + 1) * pairs > (1 << 18))
        return; /* refused by whoever reads a snapshot, or too slow here */
    enum ifl_status status = variable_check(&variable, layout, array, n, NULL, &error);
    REQUIRE(variable_fill(&variable, layout, array, n, NULL, &error) == status);
    if (status != IFL_OK) {
        require_refusal(status, IFL_REFUSED, &error);
        REQUIRE(variable.distances == NULL);
        return;
    }
    check_distances(&variable, n);
    free(variable.distances);
}

static void check_variables(const struct npy *array)
{
    struct layout layout;
    for (int axes = 0; axes < AXES_KINDS; axes++) {
        if (layout_of_values(&layout, &array->header, (enum layer_axes)axes, NULL) == IFL_OK) {
            check_variable(array, &layout, layout.n, 0);
            check_variable(array, &layout, layout.n, 2);
        }
    }
    if (layout_of_distances(&layout, &array->header, NULL) == IFL_OK) {
        layout.dim = 3;
        check_variable(array, &layout, samples_of_pairs(layout.pairs), 2);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ifl_error error;
    struct npy array, untouched;
    memset(&array, 0x5a, sizeof array);
    memset(&untouched, 0x5a, sizeof untouched);
    enum ifl_status status = read_whole(&array, data, size, &error);
    check_claims(data, size, status == IFL_OK);
    if (status != IFL_OK) {
        require_refusal(status, IFL_REFUSED, &error);
        REQUIRE(memcmp(&array, &untouched, sizeof array) == 0);
        return 0;
    }
    REQUIRE(array.header.length + array.header.count * array.header.width == size);
    check_numbers(&array);
    check_labels(&array);
    check_variables(&array);
    npy_release(&array);
    return 0;
}
