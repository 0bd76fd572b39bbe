/* A trainer in plain C that records itself: two tanh layers and a softmax learn three spirals.
 *
 *   mkdir runs && cc -std=c99 -O2 record_in_c.c -o record_in_c -lm && ./record_in_c runs && infoflow import runs
 */
#include <math.h>

#include "infoflow_dump.h"

enum { PROBE = 96, LAYERS = 3, WIDEST = 16, STEPS = 2000 };

static const size_t sizes[LAYERS + 1] = {2, 16, 8, 3};
static float weights[LAYERS][WIDEST][WIDEST + 1]; /* the last of a row is the bias */

/* Of the whole probe: what the recorder wants. outputs[0] is the input. */
static float outputs[LAYERS + 1][PROBE * WIDEST], errors[LAYERS + 1][PROBE * WIDEST];
static int32_t labels[PROBE];

static double uniform(void)
{
    static uint64_t state = 1;
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (double)(state >> 11) / 9007199254740992.0;
}

static void make_probe(void)
{
    for (int n = 0; n < PROBE; n++) {
        double r = 0.2 + 0.8 * uniform();
        double angle = 4 * r + 2.0944 * (n % 3) + 0.1 * uniform();
        labels[n] = n % 3;
        outputs[0][2 * n] = (float)(r * cos(angle));
        outputs[0][2 * n + 1] = (float)(r * sin(angle));
    }
}

/* Layer k of one sample; the last is a softmax. */
static void forward(size_t k, const float *in, float *out)
{
    double sum = 0;
    for (size_t j = 0; j < sizes[k + 1]; j++) {
        double z = weights[k][j][sizes[k]];
        for (size_t i = 0; i < sizes[k]; i++)
            z += weights[k][j][i] * in[i];
        out[j] = (float)(k == LAYERS - 1 ? exp(z) : tanh(z));
        sum += out[j];
    }
    for (size_t j = 0; j < sizes[k + 1] && k == LAYERS - 1; j++)
        out[j] /= (float)sum;
}

/* From the gradient with respect to what layer k puts out (of the softmax: with respect to what goes into it) to the
 * gradient with respect to its input; the weights move on the way. */
static void backward(size_t k, const float *in, const float *out, const float *error, float *in_error, float rate)
{
    for (size_t i = 0; i < sizes[k]; i++)
        in_error[i] = 0;
    for (size_t j = 0; j < sizes[k + 1]; j++) {
        float z_error = k == LAYERS - 1 ? error[j] : error[j] * (1 - out[j] * out[j]);
        for (size_t i = 0; i < sizes[k]; i++) {
            in_error[i] += weights[k][j][i] * z_error;
            weights[k][j][i] -= rate * z_error * in[i];
        }
        weights[k][j][sizes[k]] -= rate * z_error;
    }
}

/* Every sample forward and back; the mean loss. With rate 0 nothing is learnt: that is how a probe is recorded. */
static double pass(float rate)
{
    double loss = 0;
    for (size_t n = 0; n < PROBE; n++) {
        for (size_t k = 0; k < LAYERS; k++)
            forward(k, &outputs[k][n * sizes[k]], &outputs[k + 1][n * sizes[k + 1]]);
        const float *p = &outputs[LAYERS][n * 3];
        for (size_t j = 0; j < 3; j++)
            errors[LAYERS][n * 3 + j] = p[j] - (labels[n] == (int32_t)j);
        loss -= log(p[labels[n]]) / PROBE;
        for (size_t k = LAYERS; k-- > 0;)
            backward(k, &outputs[k][n * sizes[k]], &outputs[k + 1][n * sizes[k + 1]], &errors[k + 1][n * sizes[k + 1]],
                     &errors[k][n * sizes[k]], rate);
    }
    return loss;
}

static int record(const char *folder, int64_t step)
{
    double loss = pass(0);
    const struct infoflow_array arrays[] = {
        INFOFLOW_ARRAY("X", "F32", outputs[0], PROBE, 2),
        INFOFLOW_ARRAY("Y", "I32", labels, PROBE),
        INFOFLOW_ARRAY("T/tanh1", "F32", outputs[1], PROBE, 16),
        INFOFLOW_ARRAY("T/tanh2", "F32", outputs[2], PROBE, 8),
        INFOFLOW_ARRAY("T/softmax", "F32", outputs[3], PROBE, 3),
        INFOFLOW_ARRAY("delta/tanh1", "F32", errors[1], PROBE, 16),
        INFOFLOW_ARRAY("delta/tanh2", "F32", errors[2], PROBE, 8),
        INFOFLOW_ARRAY("delta/softmax", "F32", errors[3], PROBE, 3),
        INFOFLOW_NUMBER("metrics/loss", loss),
    };
    return infoflow_write_snapshot(folder, step, 0, arrays, sizeof arrays / sizeof *arrays);
}

int main(int count, char **words)
{
    static const struct infoflow_layer layers[LAYERS] = {
        {"tanh1", "fc", "ND"}, {"tanh2", "fc", "ND"}, {"softmax", "fc", "ND"}};
    if (count != 2) {
        fprintf(stderr, "usage: %s RUN_FOLDER\n", words[0]);
        return 2;
    }
    make_probe();
    for (size_t k = 0; k < LAYERS; k++)
        for (size_t j = 0; j < sizes[k + 1]; j++)
            for (size_t i = 0; i <= sizes[k]; i++)
                weights[k][j][i] = (float)((2 * uniform() - 1) / sqrt((double)sizes[k]));
    int failed = infoflow_write_run(words[1], "spirals", "{\"lr\": 0.05, \"activation\": \"tanh\"}", layers, LAYERS);
    for (int64_t step = 0, next = 0; step <= STEPS && !failed; step++) {
        if (step == next) {
            failed = record(words[1], step);
            next = next == 0 ? 10 : next * 2;
        }
        pass(0.05f);
    }
    if (failed)
        perror(words[1]);
    return failed ? 1 : 0;
}
