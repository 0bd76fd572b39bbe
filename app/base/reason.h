/* What an errno says. */
#ifndef BASE_REASON_H
#define BASE_REASON_H

struct reason {
    char text[128];
};

/* By value, so that a message can be made of `reason_of(errno).text` in any thread; strerror has one text for all. */
struct reason reason_of(int code);

#endif
