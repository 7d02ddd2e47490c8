// Help: what the pages show, and the keys.
#include "web/page.h"

struct entry {
  const char *term, *meaning;
};

static const struct entry views[] = {
    {"Top", "Functions, the heaviest first: flat is what a function took itself, cum what it took with all it called."},
    {"Graph",
     "Boxes are functions, larger the more they took themselves and redder the more they took with what they "
     "call. An arrow is a call, thick as its value; dashed ones stand for calls through functions that are not "
     "shown, dotted boxes for labels."},
    {"Flame Graph",
     "A frame is a way of calls, wide as its value; what it calls lies below it. Colours stand for packages, for what "
     "a "
     "frame took itself, or with a base for the difference. Wheel and Ctrl, or two fingers, zoom; dragging moves."},
    {"Peek", "Each function that matches the search, its callers above it and what it calls below."},
    {"Source", "The source of the functions that match, with the machine code of each line."},
    {"Disassembly", "The machine code of the functions that match."},
};

static const struct entry menus[] = {
    {"Sample", "What is measured: time, bytes, a number."},
    {"Refine", "Makes a filter of what is selected, or of the search. Filters that are on stand below the menus."},
    {"Labels", "Keys and values that the program gave its samples, as filters."},
    {"Config", "Options that were saved under a name. They are kept where pprof keeps them."},
    {"Download", "The profile, whole or what the filters leave."},
};

static const struct entry keys[] = {
    {"1 … 6", "the views, from left to right"},
    {"/",
     "to the search, which marks what matches as you type: a regular expression, without capital letters it "
     "matches both cases; what is none is searched for as it stands"},
    {"Enter, Shift+Enter",
     "in the search: the next and the previous match; in peek, source and disassembly, where "
     "nothing matches: opens what is searched for"},
    {"Esc", "clears the search, then the selection or the zoom"},
    {"arrow keys", "from row to row, from frame to frame; they move the graph"},
    {"Space", "selects a row or a box, for the menu Refine; with Ctrl a click adds to the selection"},
    {"n, p", "the next and the previous hot line, instruction or box"},
    {"Enter", "zooms in on a frame, unfolds the machine code of a line, opens the peek of a row"},
    {"Backspace", "flame graph: zooms out by one frame"},
    {"c", "flame graph: callers and callees of the frame in focus"},
    {"a", "source: unfolds or folds all machine code"},
    {"+, -, 0", "zooms the graph, fits it in; + and - zoom the flame graph, too"},
    {"?", "this page"},
};

static void list(struct buf *out, const char *title, const struct entry *e, size_t n) {
  buf_addf(out, "<h2>%s</h2>\n<dl>\n", title);
  for (size_t i = 0; i < n; i++) {
    buf_adds(out, "<dt>");
    html_text(out, str_of(e[i].term));
    buf_adds(out, "</dt><dd>");
    html_text(out, str_of(e[i].meaning));
    buf_adds(out, "</dd>\n");
  }
  buf_adds(out, "</dl>\n");
}

// From the table of options.
static void parameters(struct buf *out) {
  buf_adds(out,
           "<h2>Parameters of URLs</h2>\n<table><thead><tr><th>Parameter</th><th>Option</th><th>What it does</th>"
           "<th>Standard</th></tr></thead>\n");
  for (size_t i = 0; i < option_count; i++) {
    const struct option_row *row = &option_table[i];
    if (!row->url) continue;
    buf_addf(out, "<tr><td><code>%s</code></td><td>%s</td><td>", row->url, row->name);
    html_text(out, str_of(row->help));
    buf_adds(out, "</td><td>");
    html_text(out, str_of(row->standard));
    buf_adds(out, "</td></tr>\n");
  }
  buf_adds(
      out,
      "<tr><td><code>p</code></td><td></td><td>Flame graph: the callers and callees of the functions whose names this "
      "expression matches.</td><td></td></tr>\n</table>\n");
}

int page_help(const struct page_request *q, struct page_parts *out, struct err *e) {
  (void)q, (void)e;
  out->style = "help.css";
  buf_adds(&out->content, "<h1>Help</h1>\n");
  list(&out->content, "Views", views, sizeof views / sizeof *views);
  list(&out->content, "Menus", menus, sizeof menus / sizeof *menus);
  list(&out->content, "Keys", keys, sizeof keys / sizeof *keys);
  parameters(&out->content);
  return 0;
}
