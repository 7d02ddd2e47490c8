// Pages of reports about the functions that match: peek, source, disassembly.
#include "web/pick.h"

// The expression is the search's, which filters as well, as in the reference.
static const char *expression(const struct page_request *q) { return q->options->focus; }

// A report as text.
static int text_page(const struct page_request *q, const char *command, const struct options *o, struct page_parts *out,
                     struct err *e) {
  struct buf text = {0};
  out->style = "text.css";
  out->script = "text.js";
  int result = page_render(q, command, o, expression(q), &text, e);
  if (!result) {
    buf_adds(&out->content, "<pre id=\"text\">");
    bool cut = page_text_bounded(&out->content, buf_view(&text));
    buf_adds(&out->content, "</pre>\n");
    if (cut)
      buf_adds(&out->content,
               "<p class=\"cut\">Cut here: the rest is too long for a page. Search for fewer functions.</p>\n");
  }
  buf_release(&text);
  return result;
}

int page_peek(const struct page_request *q, struct page_parts *out, struct err *e) {
  return text_page(q, "peek", NULL, out, e);
}

// The code of everything would be too much to make, and to read.
static int pick(const struct page_request *q, const char *path, const char *what, struct page_parts *out,
                struct err *e) {
  buf_addf(&out->content, "<p class=\"hint\">Search for functions to see %s. These are the heaviest:</p>\n", what);
  return pick_functions(q, path, &out->content, e);
}

int page_disasm(const struct page_request *q, struct page_parts *out, struct err *e) {
  if (!*expression(q)) return pick(q, "disasm", "their machine code", out, e);
  return text_page(q, "disasm", NULL, out, e);
}

int page_source(const struct page_request *q, struct page_parts *out, struct err *e) {
  if (!*expression(q)) return pick(q, "source", "their source", out, e);
  out->style = "listing.css source.css";
  out->script = "listing.js source.js";
  return page_render(q, "weblist_parts", NULL, expression(q), &out->content, e);
}
