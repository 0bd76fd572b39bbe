/* infoflow watch: imports what appears in a folder, until a signal ends it. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>

#include <base/text.h>
#include <cli/cli.h>
#include <cli/interrupt.h>
#include <intake/intake.h>

static const int endings[] = {SIGINT, SIGTERM, SIGHUP};
enum { ENDINGS = sizeof endings / sizeof *endings };

static volatile sig_atomic_t ended;

static void on_signal(int number)
{
    ended = number;
}

/* The signals that end it come from now on only while it waits, so that none is missed (one from before has set
 * `interrupted`); `waiting` is the mask for that. */
static void catch_signals(sigset_t *waiting)
{
    sigset_t blocked;
    sigemptyset(&blocked);
    for (int k = 0; k < ENDINGS; k++) {
        struct sigaction action = {.sa_handler = on_signal}, before;
        sigemptyset(&action.sa_mask);
        sigaction(endings[k], NULL, &before);
        if (before.sa_handler != SIG_IGN) /* what nohup ignores stays so */
            sigaction(endings[k], &action, NULL);
        sigaddset(&blocked, endings[k]);
    }
    pthread_sigmask(SIG_BLOCK, &blocked, waiting);
    for (int k = 0; k < ENDINGS; k++)
        sigdelset(waiting, endings[k]);
}

/* Prints the news there are; false where stdout takes no more. */
static bool print_news(struct follower *follower)
{
    struct follower_news news;
    while (follower_take(follower, &news))
        if (news.kind == FOLLOWER_ADDED)
            text_printf(stdout, "%s\n", news.text);
        else
            say("%s", news.text);
    return fflush(stdout) == 0 && !ferror(stdout);
}

static void follow(struct follower *follower, const sigset_t *waiting)
{
    int news = follower_fd(follower);
    while (print_news(follower) && ended == 0 && !atomic_load(&interrupted)) {
        fd_set readable;
        FD_ZERO(&readable);
        FD_SET(news, &readable);
        pselect(news + 1, &readable, NULL, NULL, NULL, waiting);
    }
}

/* The path of the database, made where it is missing; free(). */
static char *make_database(const struct arguments *arguments, struct ifl_error *error)
{
    struct store *store;
    if (open_database(&store, arguments, STORE_CREATE, error) != IFL_OK)
        return NULL;
    char *path = strdup(store_path(store));
    if (path == NULL)
        ifl_fail(error, IFL_NO_MEMORY, "out of memory");
    store_close(store);
    return path;
}

int command_watch(struct arguments *arguments)
{
    struct ifl_error error;
    struct follower *follower;
    const struct follower_options options = {.poll = arguments->poll, .maps = arguments->maps};
    sigset_t waiting;
    if (arguments->n_words != 1) {
        say("watch: needs one DIR (infoflow watch --help)");
        return EXIT_USAGE;
    }
    char *path = make_database(arguments, &error);
    if (path == NULL)
        return fail(&error);
    catch_signals(&waiting);
    enum ifl_status status = follower_new(&follower, path, arguments->words[0], &options, &error);
    free(path);
    if (status != IFL_OK)
        return fail(&error);
    follow(follower, &waiting);
    follower_free(follower);
    return ended != 0 ? 128 + ended : EXIT_FAILED;
}
