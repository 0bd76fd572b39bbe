#include <errno.h>

#include <dump/input.h>
#include <dump/json.h>

/* Refuses JSON nested too deep before a recursive parser sees it. Brackets in strings do not count; what is no JSON
 * at all is left to the parser. */
static enum ifl_status check_depth(const char *text, size_t size, size_t limit, struct ifl_error *error)
{
    size_t depth = 0, line = 1;
    bool quoted = false;
    for (size_t k = 0; k < size; k++) {
        char character = text[k];
        line += character == '\n';
        if (quoted && character == '\\')
            k++;
        else if (character == '"')
            quoted = !quoted;
        else if (!quoted && (character == '{' || character == '['))
            depth++;
        else if (!quoted && (character == '}' || character == ']') && depth > 0)
            depth--;
        if (depth > limit)
            return ifl_fail(error, IFL_REFUSED, "line %zu: nested deeper than %zu", line, limit);
    }
    return IFL_OK;
}

enum ifl_status json_load_limited(json_t **out, const char *text, size_t size, size_t most, size_t depth,
                                  struct ifl_error *error)
{
    json_error_t problem;
    if (size > most)
        return ifl_fail(error, IFL_REFUSED, "%zu bytes, more than %zu", size, most);
    enum ifl_status status = check_depth(text, size, depth, error);
    if (status != IFL_OK)
        return status;
    errno = 0; /* jansson blames the text for most of its allocations that fail; malloc's errno tells */
    json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &problem);
    if (root == NULL && errno == ENOMEM)
        return dump_no_memory(error);
    if (root == NULL)
        return ifl_fail(error, IFL_REFUSED, "line %d: %s", problem.line, problem.text);
    *out = root;
    return IFL_OK;
}
