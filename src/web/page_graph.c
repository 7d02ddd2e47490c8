// Graph: who calls whom, laid out by Graphviz.
#include "web/page.h"
#include "web/svg.h"

static void say(struct buf *out, const char *text) {
  buf_adds(out, "<div id=\"unavailable\" role=\"alert\"><p>");
  html_text(out, str_of(text));
  buf_adds(out, "</p><p>The other views do without it.</p></div>\n");
}

int page_graph(const struct page_request *q, struct page_parts *out, struct err *e) {
  struct buf picture = {0};
  size_t from;
  out->style = "graph.css";
  out->script = "graph.js";
  int result = page_render(q, "graph_svg", NULL, NULL, &picture, e);
  buf_adds(&out->content, "<div id=\"graph\">\n");
  from = out->content.n;
  if (!result && svg_copy(buf_view(&picture), &out->content)) result = err_set(e, "Graphviz made no picture");
  else if (!result && out->content.n > PAGE_MOST) {
    out->content.n = from;
    say(&out->content,
        "The picture of this graph is too large for a page. A smaller number of nodes, a filter or a larger "
        "share for nodes makes it smaller.");
  }
  buf_adds(&out->content, "</div>\n");
  if (picture.failed) result = err_nomem(e);
  buf_release(&picture);
  return result;
}
