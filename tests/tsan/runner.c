#include <criterion/criterion.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

static struct shim_suite *suites;
static struct shim_test *tests;

void shim_add_suite(struct shim_suite *suite)
{
    suite->next = suites;
    suites = suite;
}

void shim_add_test(struct shim_test *test)
{
    test->next = tests;
    tests = test;
}

void shim_fail(const char *file, int line, const char *condition, const char *format, ...)
{
    va_list arguments;
    fprintf(stderr, "%s:%d: %s ", file, line, condition);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    _exit(1);
}

static int run(const struct shim_test *test)
{
    struct shim_options options = test->options;
    for (struct shim_suite *s = suites; s != NULL; s = s->next)
        if (strcmp(s->name, test->suite) == 0)
            options = s->options;
    if (options.init != NULL)
        options.init();
    test->body();
    if (options.fini != NULL)
        options.fini();
    return 0;
}

int main(void)
{
    int tested = 0, failing = 0, crashing = 0;
    for (struct shim_test *test = tests; test != NULL; test = test->next) {
        fflush(NULL);
        pid_t child = fork();
        if (child == 0) {
            alarm(300);
            exit(run(test));
        }
        int status = 0;
        waitpid(child, &status, 0);
        tested++;
        failing += WIFEXITED(status) && WEXITSTATUS(status) != 0;
        crashing += !WIFEXITED(status);
        if (status != 0)
            printf("[FAIL] %s::%s: status %#x\n", test->suite, test->name, (unsigned)status);
    }
    printf("[====] Synthesis: Tested: %d | Passing: %d | Failing: %d | Crashing: %d\n", tested,
           tested - failing - crashing, failing, crashing);
    return failing + crashing > 0;
}
