// page: what the pages of the web interface are made of.
//
// A page is a row in a table (routes.c) and a function that fills in its parts. The function runs on a worker thread,
// several at once, each with a request of its own; all they share is the immutable profile. It looks at the profile by
// page_render only, and what it makes is a matter of the request's options and parameters alone, since equal requests
// are answered with one result.
//
// The server (server.c) decides who may ask, shell.c puts the parts into a page:
//
//   <body data-page="top" data-root="/ui/">
//     <header id="header">
//       <nav id="views">          a link a view: <a href="top?QUERY" data-view="top" aria-current="page">
//       <details class="menu" id="menu-sample"> <summary>…</summary> <div class="items">…</div> </details>
//       #menu-refine              <button type="button" data-refine="f">: f i h s sf, what is selected goes there
//       #menu-labels #menu-config #menu-download
//       <form id="search" role="search" method="get"> <input type="search" name="f" id="search-text">
//       <a id="help-link" href="help">
//     </header>
//     <div id="filters">          those that are on: <span class="filter" data-filter="f"> with a link that takes it back
//     <p id="summary">            what the profile is: a <span> a line
//     <ul id="notes">             notes for the user (a filter that matched nothing); not there when there are none
//     <main id="content">         page_parts.content
//     <div id="error">            in #content, in place of what cannot be shown
//     <script type="application/json" id="data">   page_parts.data, or null
//     <script type="application/json" id="shell">  see shell_data.c
//
// and in #content
//
//   graph                  <div id="graph"> with Graphviz's <svg>: g.node and g.edge; the <title> of the group inside each
//                          is "NAME (VALUE)" or "FROM -> TO (VALUE)"
//   peek, disasm           <pre id="text">
//   source                 a <section> a part of a function, in it <table class="lines"> of tr.line (.hot, .has: there is
//                          code to unfold, .heat0 to .heat10), behind each .has a tr.asm with a table of tr.in and
//                          tr.call, whose td.code have .depth0 to .depth16; td.n td.v td.v td.src
//   what was cut           <p class="cut">
//
// Everything works without a script as far as it can: views, menus, search and saving are links and forms. Style sheets
// and scripts are files (assets/), named in the head: those of all pages (common.css; common.js, menus.js, search.js) and
// those of page_parts.
#ifndef CPROF_WEB_PAGE_H
#define CPROF_WEB_PAGE_H

#include "base/html.h"
#include "base/json.h"
#include "driver/driver.h"

// No page is longer than this by much, whatever the profile: content and data are cut before, and say so.
enum { PAGE_MOST = 850 << 10 };

struct query;  // query.h

struct page_request {
  const struct session *session;  // of this request, with a `stop` of its own
  const struct options *options;  // the session's with what the URL says
  const struct query *query;      // the parameters of the URL
  struct buf *notes;              // for the user, a line each; page_render appends what filters say
};

// All zero at first; the server releases the buffers.
struct page_parts {
  struct buf content;  // HTML
  struct buf data;     // one JSON text; the shell takes care of what HTML would see in it
  const char *style;   // names of files in assets/, besides those of all pages; NULL: none
  const char *script;
};

// 0, or -1 with a message, which the error page shows.
typedef int page_fn(const struct page_request *q, struct page_parts *out, struct err *e);

enum page_kind {
  PAGE_VIEW,      // a page in the menu of views
  PAGE_HTML,      // one that is not in the menu
  PAGE_DATA,      // page_parts.data alone, as application/json
  PAGE_DOWNLOAD,  // page_parts.content as a file for the user
};

struct page_route {
  const char *path;  // below /ui/
  const char *title;
  enum page_kind kind;
  page_fn *make;
  const char *command;            // the report that opens it (cprof top -http=:); NULL: none
  const char *const *parameters;  // that it reads beside those of options, ends with NULL; NULL: none
};
extern const struct page_route page_routes[];
extern const size_t page_route_count;

// The first value of a parameter, "" when it is not there. Valid as long as the request.
const char *page_parameter(const struct page_request *q, const char *name);

// Sets all filters to their standard value.
void page_drop_filters(struct options *o);

// Renders a command of the driver's tables (also those for pages alone: driver/commands.h, page_commands) with the
// options given; NULL: the request's. `argument` is the command's regular expression or NULL.
int page_render(const struct page_request *q, const char *command, const struct options *o, const char *argument,
                struct buf *out, struct err *e);

// Appends as much of the text, as HTML, as leaves PAGE_MOST bytes in `out`, cut after a line; true when it was cut.
bool page_text_bounded(struct buf *out, struct str text);

// The functions of the table.
page_fn page_top, page_top_rows, page_flame, page_flame_more, page_flame_share, page_graph, page_peek, page_source,
    page_disasm, page_download, page_labels, page_help;

#endif
