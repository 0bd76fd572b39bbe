#include <math.h>
#include <string.h>

#include <base/filter_field.h>
#include <base/text.h>

const char *const filter_built_ins[] = {"name",   "note", "snapshots", "step",    "n",
                                        "layers", "dpi",  "dpi_fwd",   "dpi_bwd", NULL};

/* ---- values ---- */

static bool give_text(struct field_value *out, const char *text)
{
    out->text = text != NULL ? text : "";
    out->is_number = text_number(out->text, &out->number);
    return true;
}

static bool give_number(struct field_value *out, double number)
{
    out->text = text_short(out->written, number, 15);
    out->is_number = true;
    out->number = number;
    return !isnan(number);
}

/* Both chains together, or the one that is known. */
static double dpi_of_both(const struct filter_row *row)
{
    if (isnan(row->dpi_forward) || isnan(row->dpi_backward))
        return isnan(row->dpi_forward) ? row->dpi_backward : row->dpi_forward;
    return (row->dpi_forward + row->dpi_backward) / 2;
}

/* `lacks`: a run without snapshots has none of those. */
static bool find_built_in(struct field_value *out, const char *name, const struct filter_row *row, bool *lacks)
{
    bool shot = row->snapshots > 0;
    *lacks = false;
    if (strcmp(name, "name") == 0)
        return give_text(out, row->run->name);
    if (strcmp(name, "note") == 0)
        return give_text(out, row->note);
    if (strcmp(name, "snapshots") == 0)
        return give_number(out, (double)row->snapshots);
    if (strcmp(name, "layers") == 0)
        return give_number(out, (double)row->run->n_layers);
    *lacks = true;
    if (strcmp(name, "step") == 0)
        return shot && give_number(out, (double)row->step);
    if (strcmp(name, "n") == 0)
        return shot && give_number(out, (double)row->n);
    if (strcmp(name, "dpi") == 0)
        return give_number(out, dpi_of_both(row));
    if (strcmp(name, "dpi_fwd") == 0)
        return give_number(out, row->dpi_forward);
    if (strcmp(name, "dpi_bwd") == 0)
        return give_number(out, row->dpi_backward);
    *lacks = false;
    return false;
}

static bool find_field(struct field_value *out, const char *name, const struct field *fields, size_t count)
{
    for (size_t k = 0; k < count; k++)
        if (strcmp(fields[k].key, name) == 0)
            return give_text(out, fields[k].text);
    return false;
}

static bool find_metric(struct field_value *out, const char *name, const struct filter_row *row)
{
    for (size_t k = 0; k < row->n_metrics; k++)
        if (strcmp(row->metrics[k].name, name) == 0)
            return give_number(out, row->metrics[k].value);
    return false;
}

bool field_find(struct field_value *out, const char *name, const struct filter_row *row)
{
    const struct run *run = row->run;
    bool lacks;
    if (find_built_in(out, name, row, &lacks))
        return true;
    if (lacks)
        return false;
    if (strncmp(name, "param.", 6) == 0)
        return find_field(out, name + 6, run->params, run->n_params);
    if (strncmp(name, "tag.", 4) == 0)
        return find_field(out, name + 4, run->tags, run->n_tags);
    if (strncmp(name, "metric.", 7) == 0)
        return find_metric(out, name + 7, row);
    return find_field(out, name, run->params, run->n_params) || find_field(out, name, run->tags, run->n_tags) ||
           find_metric(out, name, row);
}

bool filter_has_field(const char *field, const struct filter_row *row)
{
    struct field_value value;
    bool lacks;
    if (find_built_in(&value, field, row, &lacks) || lacks || field_find(&value, field, row))
        return true;
    if (strncmp(field, "metric.", 7) == 0)
        field += 7;
    for (size_t k = 0; k < row->n_metrics; k++)
        if (strcmp(row->metrics[k].name, field) == 0) /* NaN: field_find does not give it */
            return true;
    return false;
}

/* ---- containing ---- */

/* Simple folding of the letters that names are made of; a locale is not asked, so that a filter means one thing. */
static unsigned fold(unsigned c)
{
    if ((c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7) || (c >= 0x391 && c <= 0x3A9) ||
        (c >= 0x410 && c <= 0x42F))
        return c + 32;
    if (c >= 0x400 && c <= 0x40F)
        return c + 80;
    bool odd_capital = (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E);
    bool even_capital = (c >= 0x100 && c <= 0x137) || (c >= 0x14A && c <= 0x177) || (c >= 0x460 && c <= 0x481);
    return c + ((odd_capital && c % 2 == 1) || (even_capital && c % 2 == 0 && c != 0x130));
}

/* The character at *text, moved past it; a byte that is no character stands for itself. 0 at the end. */
static unsigned next_folded(const char **text)
{
    unsigned c = 0;
    int length = text_decode(*text, &c);
    if (length == 0)
        return 0;
    if (length < 0) {
        c = 0x110000 + (unsigned char)**text; /* beyond Unicode */
        length = 1;
    }
    *text += length;
    return fold(c);
}

static bool begins_with(const char *text, const char *part)
{
    while (*part != '\0')
        if (next_folded(&text) != next_folded(&part))
            return false;
    return true;
}

bool field_contains(const char *text, const char *part)
{
    for (;;) {
        if (begins_with(text, part))
            return true;
        if (next_folded(&text) == 0)
            return false;
    }
}
