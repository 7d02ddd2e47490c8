// The units a page shows values in, for its script to choose from.
#include "measure/measure.h"
#include "report/page.h"

enum { LONGEST_WORD = 200 };

static void unit(struct buf *out, const struct report *r, struct str name, bool *any) {
  struct str shown;
  double factor = measure_scale(1, r->o.sample_unit, name, &shown);
  buf_adds(out, *any ? ",[" : "[");
  page_json(out, shown, LONGEST_WORD);
  buf_addf(out, ",%.17g]", factor);
  *any = true;
}

// The units values are shown in, each with what one of the profile's unit is in it: the one asked for, or all of the
// family.
void page_units(struct buf *out, const struct report *r) {
  static const char *const names[] = {"ns",  "us",      "ms",      "s",       "hrs",     "B",        "kB",
                                      "MB",  "GB",      "TB",      "PB",      "nanogcu", "microgcu", "milligcu",
                                      "gcu", "kilogcu", "megagcu", "gigagcu", "teragcu", "petagcu"};
  struct str wanted = r->o.output_unit;
  bool any = false, all = str_eq(wanted, STR_LIT("minimum")) || str_eq(wanted, STR_LIT("auto"));
  buf_addf(out, ",\n\"ratio\":%.17g,\n\"units\":[", r->o.ratio > 0 ? r->o.ratio : 1);
  for (size_t i = 0; all && i < sizeof names / sizeof *names; i++)
    if (measure_same_family(str_of(names[i]), r->o.sample_unit)) unit(out, r, str_of(names[i]), &any);
  if (!any) unit(out, r, wanted, &any);
  buf_addc(out, ']');
}
