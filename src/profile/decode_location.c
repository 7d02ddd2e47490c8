// Locations and their lines, decoded by hand as samples are: where many profiles are merged they are a good part of the
// work. A test holds this file against protobuf-c.
#include "profile/decode.h"

static int take_line(struct decoder *d, struct str message) {
  struct places *c = &d->p->places;
  const unsigned char *at = (const unsigned char *)message.p, *end = at + message.n;
  if (d->n_location_lines == NONE) return err_set(d->e, "too many lines");
  if (ARRAY_RESERVE(d->function_id, d->function_id_cap, c->n_lines + (size_t)d->n_location_lines + 1) ||
      ARRAY_RESERVE(d->location_line, d->location_line_cap, (size_t)d->n_location_lines + 1))
    return err_nomem(d->e);
  struct line line = {.function = NONE};
  uint64_t function_id = 0;
  for (struct wire_field f; at != end;) {
    at = decode_field(at, end, &f);
    if (!at || (f.number >= 1 && f.number <= 3 && f.wire != 0)) return err_set(d->e, "damaged Location message");
    if (f.number == 1) function_id = f.v;
    if (f.number == 2) line.line = (int64_t)f.v;
    if (f.number == 3) line.column = (int64_t)f.v;
  }
  d->function_id[c->n_lines + d->n_location_lines] = function_id;
  d->location_line[d->n_location_lines++] = line;
  return 0;
}

int decode_location(struct decoder *d, struct str message) {
  struct places *c = &d->p->places;
  const unsigned char *at = (const unsigned char *)message.p, *end = at + message.n;
  struct location location = {.mapping = NONE};
  uint64_t mapping_id = 0;
  d->n_location_lines = 0;
  for (struct wire_field f; at != end;) {
    at = decode_field(at, end, &f);
    if (!at || (f.number >= 1 && f.number <= 5 && f.wire != (f.number == 4 ? 2 : 0)))
      return err_set(d->e, "damaged Location message");
    switch (f.number) {
      case 1: location.id = f.v; break;
      case 2: mapping_id = f.v; break;
      case 3: location.address = f.v; break;
      case 4:
        if (take_line(d, f.bytes)) return -1;
        break;
      case 5: location.folded = f.v != 0; break;
      default: break;
    }
  }
  location.n_lines = d->n_location_lines;
  if (ARRAY_RESERVE(d->mapping_id, d->mapping_id_cap, (size_t)c->n_locations + 1)) return err_nomem(d->e);
  d->mapping_id[c->n_locations] = mapping_id;
  return profile_add_location(d->p, &location, d->location_line) == NONE ? err_nomem(d->e) : 0;
}
