// A node of a picture: its box, its size by flat and its colour by cum.
#include <inttypes.h>
#include <math.h>

#include "measure/measure.h"
#include "report/picture.h"

void dot_escape(struct buf *out, struct str s) {
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] == '\n') buf_adds(out, "\\l");
    else if (s.p[i] == '\\') buf_adds(out, "\\\\");
    else if (s.p[i] == '"') buf_adds(out, "\\\"");
    else buf_addc(out, s.p[i]);
  }
}

void dot_plain(const struct report *r, struct buf *out, struct str s) {
  if (r->o.strict_dot) dot_escape(out, s);
  else buf_str(out, s);
}

static unsigned to_byte(double share) { return (unsigned char)int64_from_double(share * 255.0); }

// From green at -1 over grey to red at 1, by hue; light for backgrounds.
void dot_color(struct buf *out, int64_t value, int64_t total, bool background) {
  double score = (double)value / (double)wrap_abs(total);
  double saturation = background ? 0.1 : 1.0, brightness = background ? 0.93 : 0.7;
  if (score < -1) score = -1;
  if (score > 1) score = 1;
  if (fabs(score) < 0.2) saturation *= fabs(score) / 0.2;
  const double exponent = 1 - 0.7;  // moves small scores away from grey
  if (score > 0) score = pow(score, exponent);
  if (score < 0) score = -pow(-score, exponent);
  double red = score < 0 ? brightness * (1 + saturation * score) : brightness;
  double green = score < 0 ? brightness : brightness * (1 - saturation * score);
  buf_addf(out, "#%02x%02x%02x", to_byte(red), to_byte(green), to_byte(brightness * (1 - saturation)));
}

// The function name, shortened and broken at its parts.
static void broken_name(struct buf *out, struct str name) {
  struct buf shortened = {0}, escaped = {0};
  graph_short_name(&shortened, name);
  dot_escape(&escaped, buf_view(&shortened));
  struct str s = buf_view(&escaped);
  for (size_t i = 0; i < s.n;) {
    struct str rest = {s.p + i, s.n - i};
    if (str_starts(rest, STR_LIT("::"))) {
      buf_adds(out, "\\n");
      i += 2;
    } else if (str_starts(rest, STR_LIT("[...]"))) {  // type parameters as Go writes them
      buf_adds(out, "[…]");
      i += 5;
    } else if (rest.p[0] == '.') {
      buf_adds(out, "\\n");
      i++;
    } else {
      buf_addc(out, s.p[i++]);
    }
  }
  out->failed |= shortened.failed || escaped.failed;
  buf_release(&shortened);
  buf_release(&escaped);
}

static void line_break(struct buf *out, size_t start) {
  if (out->n > start) buf_adds(out, "\\n");
}

static void multiline_name(const struct report *r, const struct graph *g, const struct node_info *info,
                           struct buf *out) {
  size_t start = out->n;
  struct str name = strings_at(&g->strings, info->name), file = strings_at(&g->strings, info->file);
  if (file.n) file = path_base(file);
  if (info->address) buf_addf(out, "%016" PRIx64, info->address);
  if (name.n) {
    line_break(out, start);
    broken_name(out, name);
  }
  if (info->line) {
    line_break(out, start);
    dot_plain(r, out, file);
    buf_addf(out, ":%" PRId64, info->line);
    if (info->column) buf_addf(out, ":%" PRId64, info->column);
  } else if (file.n) {
    line_break(out, start);
    dot_plain(r, out, file);
  } else if (!name.n && info->object) {
    line_break(out, start);
    buf_addc(out, '[');
    dot_plain(r, out, path_base(strings_at(&g->strings, info->object)));
    buf_addc(out, ']');
  } else if (!name.n) {
    line_break(out, start);
    buf_adds(out, "<unknown>");
  }
  buf_adds(out, "\\n");
}

static void share_of_total(const struct report *r, struct buf *out, int64_t value) {
  struct buf share = {0};
  report_share(r, &share, value);
  buf_adds(out, " (");
  buf_str(out, str_trim_space(buf_view(&share)));
  buf_addc(out, ')');
  out->failed |= share.failed;
  buf_release(&share);
}

static void values(const struct report *r, struct str unit, int64_t flat, int64_t cum, struct buf *out) {
  if (flat) {
    report_value(r, unit, out, flat);
    share_of_total(r, out, flat);
  } else {
    buf_addc(out, '0');
  }
  if (cum == flat) return;
  buf_adds(out, flat ? "\\nof " : " of ");
  report_value(r, unit, out, cum);
  share_of_total(r, out, cum);
}

// From 8 to 24; areas rather than heights compare.
static int64_t font_size(int64_t flat, int64_t max_flat) {
  double size = (double)wrap_abs(flat), max = (double)max_flat;
  if (max == 0 || flat == 0 || size > max) return 8;
  return 8 + int64_from_double(ceil(16 * sqrt(size / max)));
}

void dot_node(const struct report *r, const struct picture *p, uint32_t node, uint32_t id, int64_t max_flat,
              struct buf *out) {
  struct graph *g = (struct graph *)(uintptr_t)&p->nodes.graph;  // names are made when first asked for
  const struct node *at = &g->node[node];
  int64_t flat = node_flat(at), cum = node_cum(at);
  buf_addf(out, "N%u [label=\"", id);
  multiline_name(r, g, &at->info, out);
  values(r, p->nodes.unit, flat, cum, out);
  buf_addf(out, "\" id=\"node%u\" fontsize=%" PRId64 " shape=box tooltip=\"", id, font_size(flat, max_flat));
  dot_escape(out, graph_name(g, node));
  buf_adds(out, " (");
  report_value(r, p->nodes.unit, out, cum);
  buf_adds(out, ")\" color=\"");
  dot_color(out, cum, r->total, false);
  buf_adds(out, "\" fillcolor=\"");
  dot_color(out, cum, r->total, true);
  buf_adds(out, "\"]\n");
}
