/* In the place of libFuzzer: each file named, and each in a folder named, is one input. Prints how many there were. */
#define _XOPEN_SOURCE 700

#include <ftw.h>
#include <sys/stat.h>

#include "fuzz.h"

static size_t replayed;

static int replay(const char *path, const struct stat *about, int kind, struct FTW *where)
{
    (void)where;
    if (kind != FTW_F)
        return 0;
    FILE *file = fopen(path, "rb");
    uint8_t *data = malloc((size_t)about->st_size + 1);
    REQUIRE(file != NULL && data != NULL);
    size_t size = fread(data, 1, (size_t)about->st_size, file);
    fclose(file);
    fprintf(stderr, "%s\n", path); /* the last one named is that which fails */
    LLVMFuzzerTestOneInput(data, size);
    free(data);
    replayed++;
    return 0;
}

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most)
{
    (void)data;
    return size < most ? size : most; /* never called: nothing is mutated here */
}

int main(int count, char **paths)
{
    for (int k = 1; k < count; k++)
        REQUIRE(nftw(paths[k], replay, 8, FTW_PHYS) == 0);
    printf("%zu inputs\n", replayed);
    return replayed > 0 ? 0 : 1;
}
