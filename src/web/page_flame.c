// Flame graph: the heaviest frames at first, more of a part of the graph when the script asks for it.
#include <stdlib.h>

#include "web/page.h"

enum { LONGEST_PATH = 1 << 16 };

// Renders a part of the graph, or of what leads from (or to, part->callers) the functions that the parameter p matches.
static int render(const struct page_request *q, const char *command, struct report_part part, struct buf *out,
                  struct err *e) {
  const char *pivot = page_parameter(q, "p");
  struct options o = *q->options;
  part.pivot = *pivot;
  o.part = &part;
  return page_render(q, command, &o, pivot, out, e);
}

int page_flame(const struct page_request *q, struct page_parts *out, struct err *e) {
  out->style = "flame.css flame_page.css";
  out->script =
      "flame_tree.js flame_look.js flame_words.js flame_canvas.js flame_items.js flame_pointers.js flame_parts.js "
      "flame_chart.js flame_search.js flame_view.js flame_page.js";
  buf_adds(&out->data, "{\"graph\":");
  if (render(q, "flame_part", (struct report_part){0}, &out->data, e)) return -1;
  if (*page_parameter(q, "p")) {
    buf_adds(&out->data, ",\"callers\":");
    if (render(q, "flame_part", (struct report_part){.callers = true}, &out->data, e)) return -1;
  }
  buf_adds(&out->data, "}\n");
  return 0;
}

static bool of_callers(const struct page_request *q) { return strcmp(page_parameter(q, "callers"), "1") == 0; }

// What the samples with a frame that `only` matches weigh, of which the script may not have all. With p those count that have
// such a frame below the function, or with callers=1 above it.
int page_flame_share(const struct page_request *q, struct page_parts *out, struct err *e) {
  struct report_part part = {.through = page_parameter(q, "only"), .callers = of_callers(q)};
  return render(q, "flame_share", part, &out->data, e);
}

// More of it: what is below the way of calls `path`, on the side of the callers with callers=1; without the `offset` heaviest
// frames directly there, which the script has.
int page_flame_more(const struct page_request *q, struct page_parts *out, struct err *e) {
  const char *path = page_parameter(q, "path");
  unsigned long offset = strtoul(page_parameter(q, "offset"), NULL, 10);
  struct report_part part = {.path = *path ? path : NULL, .callers = of_callers(q)};
  part.offset = offset > UINT32_MAX ? UINT32_MAX : (uint32_t)offset;
  if (strlen(path) > LONGEST_PATH) return err_set(e, "the parameter path is too long");
  return render(q, "flame_part", part, &out->data, e);
}
