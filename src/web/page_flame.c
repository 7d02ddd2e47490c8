// Flame graph: the heaviest frames at first, more of a part of the graph when the script asks for it.
#include "web/page.h"

enum { LONGEST_PATH = 1 << 16 };

// Appends the graph, or what leads from (or to, `callers`) the functions that the parameter p matches, below the way of
// calls `path`.
static int add_graph(const struct page_request *q, bool callers, const char *path, struct buf *out, struct err *e) {
  const char *pivot = page_parameter(q, "p");
  struct report_part part = {.pivot = *pivot, .path = *path ? path : NULL, .callers = callers};
  struct options o = *q->options;
  o.part = &part;
  return page_render(q, "flame_part", &o, pivot, out, e);
}

int page_flame(const struct page_request *q, struct page_parts *out, struct err *e) {
  out->style = "flame.css flame_page.css";
  out->script =
      "flame_tree.js flame_look.js flame_words.js flame_canvas.js flame_items.js flame_pointers.js flame_chart.js "
      "flame_view.js flame_page.js";
  buf_adds(&out->data, "{\"graph\":");
  if (add_graph(q, false, "", &out->data, e)) return -1;
  if (*page_parameter(q, "p")) {
    buf_adds(&out->data, ",\"callers\":");
    if (add_graph(q, true, "", &out->data, e)) return -1;
  }
  buf_adds(&out->data, "}\n");
  return 0;
}

// What the samples with a frame that `only` matches weigh, of which the script may not have all.
int page_flame_share(const struct page_request *q, struct page_parts *out, struct err *e) {
  return page_render(q, "flame_share", NULL, page_parameter(q, "only"), &out->data, e);
}

// More of it: `path`, on the side of the callers with callers=1.
int page_flame_more(const struct page_request *q, struct page_parts *out, struct err *e) {
  const char *path = page_parameter(q, "path");
  if (strlen(path) > LONGEST_PATH) return err_set(e, "the parameter path is too long");
  return add_graph(q, strcmp(page_parameter(q, "callers"), "1") == 0, path, &out->data, e);
}
