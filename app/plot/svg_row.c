#include <string.h>

#include "strbuf.h"
#include <plot/plot.h>

static const char opening[] = "<svg ";

enum ifl_status plot_svg_row(const char *const *documents, size_t count, int width, int height, char **out,
                             struct ifl_error *error)
{
    struct strbuf row = {0};
    for (size_t k = 0; k < count; k++)
        if (strncmp(documents[k], opening, strlen(opening)) != 0)
            return ifl_fail(error, IFL_INVALID, "picture %zu of %zu is no SVG document", k + 1, count);
    strbuf_printf(&row,
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%lld\" height=\"%d\" viewBox=\"0 0 %lld %d\">\n",
                  (long long)width * (long long)count, height, (long long)width * (long long)count, height);
    for (size_t k = 0; k < count; k++) {
        strbuf_printf(&row, "%sx=\"%lld\" ", opening, (long long)width * (long long)k);
        strbuf_add(&row, documents[k] + strlen(opening));
    }
    strbuf_add(&row, "</svg>\n");
    return strbuf_take(&row, out, "a row of plots as SVG", error);
}
