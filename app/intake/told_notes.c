#include <string.h>

#include <intake/files.h>
#include <intake/told_notes.h>

bool told_notes_add(struct told_notes *told, const char *text, const char *path)
{
    size_t length = strlen(path);
    uint64_t hash = text_hash(strncmp(text, path, length) == 0 ? text + length : text);
    for (size_t k = 0; k < told->count; k++)
        if (told->hashes[k] == hash)
            return false;
    if (told->count == TOLD_NOTES_MOST)
        return false;
    told->hashes[told->count++] = hash;
    return true;
}
