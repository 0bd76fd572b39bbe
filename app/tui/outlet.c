#include "outlet.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

/* Bytes at a time where the descriptor blocks: a terminal may have less room than these when it says that it has some,
 * and then only a signal gets us out. */
enum { PIECE = 512 };

int outlet_open(int fd)
{
    char name[256];
    struct stat one, other;
    if (!isatty(fd) || ttyname_r(fd, name, sizeof name) != 0)
        return fd;
    int own = open(name, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (own < 0)
        return fd;
    if (fstat(fd, &one) == 0 && fstat(own, &other) == 0 && one.st_rdev == other.st_rdev && isatty(own))
        return own;
    close(own);
    return fd;
}

void outlet_close(int outlet, int fd)
{
    if (outlet != fd)
        close(outlet);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Until it takes bytes. */
static bool wait_for_room(int outlet, int interrupt, int64_t end)
{
    for (;;) {
        struct pollfd fds[] = {{.fd = outlet, .events = POLLOUT}, {.fd = interrupt, .events = POLLIN}};
        int64_t left = end < 0 ? -1 : end - now_ms();
        if (end >= 0 && left <= 0)
            left = 0;
        int ready = poll(fds, 2, (int)left);
        if (ready > 0 && fds[1].revents != 0)
            return false;
        if (ready > 0)
            return true;
        if (ready == 0 || errno != EINTR)
            return false;
    }
}

bool outlet_send(int outlet, const char *bytes, size_t length, int interrupt, int milliseconds)
{
    bool blocks = !(fcntl(outlet, F_GETFL) & O_NONBLOCK), full = blocks;
    int64_t end = milliseconds < 0 ? -1 : now_ms() + milliseconds;
    while (length > 0) {
        if (full && !wait_for_room(outlet, interrupt, end))
            return false;
        ssize_t written = write(outlet, bytes, blocks && length > PIECE ? PIECE : length);
        if (written > 0) {
            bytes += written;
            length -= (size_t)written;
        } else if (written == 0 || (errno != EINTR && errno != EAGAIN)) {
            return true; /* gone: the loop will learn it from its input */
        }
        full = blocks || (written < 0 && errno == EAGAIN);
    }
    return true;
}

void outlet_resume(int outlet)
{
    struct pollfd fd = {.fd = outlet, .events = POLLOUT};
    if (poll(&fd, 1, 0) > 0)
        return;
    /* NOLINTBEGIN(concurrency-mt-unsafe): the terminal is one thread's */
    tcflow(outlet, TCOOFF); /* TCOON undoes only this one, and ^S with it */
    tcflow(outlet, TCOON);
    /* NOLINTEND(concurrency-mt-unsafe) */
}
